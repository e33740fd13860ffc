"""Tests of making one film out of clips."""
