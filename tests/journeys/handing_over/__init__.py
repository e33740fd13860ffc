"""How a film leaves the program, and comes back."""
