"""Tests of kling_desktop/ui/history/."""
