"""Connects the library: what comes into it from outside, and the page that shows it."""
