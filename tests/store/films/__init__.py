"""Tests of kling_desktop/store/films/."""
