"""Films, takes, picks, plans and units in the library: their shape, their records, and what follows the tasks."""
