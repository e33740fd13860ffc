"""Tests of kling_desktop/ui/budget/."""
