"""Tests of kling_desktop/ui/shell/."""
