"""Tests of the film lane."""
