"""Plans: what is planned, what it is likely to cost, and who runs it and says why it stands still."""
