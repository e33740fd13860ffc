"""Films on their way out and back."""
