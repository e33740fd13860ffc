"""Tests of the rail."""
