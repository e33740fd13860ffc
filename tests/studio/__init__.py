"""Tests of what the application does; no Qt."""
