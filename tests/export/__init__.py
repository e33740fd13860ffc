"""Tests of handing films out."""
