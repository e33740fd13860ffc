"""Two to four takes side by side, in step."""
