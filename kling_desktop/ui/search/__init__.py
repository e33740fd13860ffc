"""The command field: everything by its name."""
