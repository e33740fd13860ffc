"""Tests of kling_desktop/ui/wiring/living/."""
