"""Tests of kling_desktop/store/salvage/."""
