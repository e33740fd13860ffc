"""Tests of the folders for editing programs."""
