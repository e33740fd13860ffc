"""What is read out of a damaged library where SQLite reads nothing any more."""
