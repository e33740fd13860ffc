"""Tasks: one line a profile, sending exactly once, following to the end, noting every change."""
