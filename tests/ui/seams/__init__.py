"""Tests of kling_desktop/ui/seams/."""
