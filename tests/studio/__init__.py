"""Tests of kling_desktop/studio/."""
