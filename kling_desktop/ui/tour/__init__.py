"""The tour: the real window does the main job by itself, against the sandbox, and leaves pictures."""
