"""The cards of the film lane: the path, what is running, and the plan written in place."""
