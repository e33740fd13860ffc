"""The world of HTTP: Kling's interface and its media hosts."""
