"""Tests of kling_desktop/running/loop/."""
