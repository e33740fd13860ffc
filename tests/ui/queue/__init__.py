"""Tests of kling_desktop/ui/takes/."""
