"""Tests of kling_desktop/ui/settings/pages/."""
