"""Tests of the pretended Kling."""
