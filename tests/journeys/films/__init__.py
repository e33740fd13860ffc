"""A film as a tree of takes: its plan, its budget, and what can be undone."""
