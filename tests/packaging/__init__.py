"""Tests of what builds the installers, and of what they are built from."""
