"""Tests of kling_desktop/ui/stills/."""
