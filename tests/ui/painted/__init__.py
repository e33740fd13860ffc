"""Tests of what painted panels share."""
