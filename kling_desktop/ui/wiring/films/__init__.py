"""Wiring of films: the tree and its picks, the lane and its plan, what may be spent."""
