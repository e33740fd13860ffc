"""The tests: one file per room with the same name, and journeys of the whole program."""
