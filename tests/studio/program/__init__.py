"""Tests of what the program knows of itself."""
