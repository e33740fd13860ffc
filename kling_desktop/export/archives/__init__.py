"""Archives of films: one folder or .zip with all that a film is."""
