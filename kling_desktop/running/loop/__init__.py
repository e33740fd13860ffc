"""What stands beside the loop of the window's thread."""
