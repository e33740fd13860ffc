"""Tests of kling_desktop/ui/viewer/."""
