"""Tests of writing video files and of reading them back."""
