"""Tests of what is read from video files."""
