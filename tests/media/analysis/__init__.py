"""Tests of kling_desktop/media/analysis/."""
