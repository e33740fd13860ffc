"""Stills of clips: read beside the window, kept as long as they are wanted, painted."""
