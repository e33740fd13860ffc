"""What an installer carries: whose it is, under which licence, as a list to read and as a bill of materials."""
