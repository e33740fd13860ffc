"""A film's papers: what made it, written into exports and beside them, and read back on any computer."""
