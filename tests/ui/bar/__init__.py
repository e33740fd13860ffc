"""Tests of kling_desktop/ui/bar/."""
