"""Tests of kling_desktop/ui/extend/options/."""
