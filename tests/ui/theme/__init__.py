"""Tests of kling_desktop/ui/theme/."""
