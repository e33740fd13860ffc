"""Where things lie outside the program."""
