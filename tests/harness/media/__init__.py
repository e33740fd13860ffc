"""Films and pictures that tests make, and what is read of them."""
