"""How what was made one after the other becomes one film."""
