"""What the pages allow: checks of a request, the code table, the price table."""
