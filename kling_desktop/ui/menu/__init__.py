"""The menu bar and the words of what it takes back."""
