"""What the window owes to hands, eyes, readers and languages, on every page."""
