"""What is under way, what waits here and why, and what came in today."""
