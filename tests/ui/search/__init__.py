"""Tests of kling_desktop/ui/search/."""
