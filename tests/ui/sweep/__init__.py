"""Tests of kling_desktop/ui/sweep/."""
