"""What the program knows of itself: whether there is a newer one, and what it is made of."""
