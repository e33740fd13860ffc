"""Tests of kling_desktop/kling/updates/."""
