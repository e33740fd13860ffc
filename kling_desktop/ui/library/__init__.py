"""The dialog in which a clip to extend is picked."""
