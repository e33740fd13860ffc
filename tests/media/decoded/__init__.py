"""What is read off a decoded picture."""
