"""Wiring of what belongs to the window as a whole: undo, the command field, leaving."""
