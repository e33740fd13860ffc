"""Tests of kling_desktop/ui/accounts/."""
