"""Tests of the sandbox's room of that name."""
