"""The videos themselves: painted, encoded, joined and kept."""
