"""Tests of exports in a process of their own."""
