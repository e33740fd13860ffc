"""Tests of kling_desktop/ui/wiring/rebuild/."""
