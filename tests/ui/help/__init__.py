"""Tests of kling_desktop/ui/help/."""
