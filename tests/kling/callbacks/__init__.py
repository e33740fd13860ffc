"""Tests of kling_desktop/kling/callbacks/."""
