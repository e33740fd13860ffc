"""Analysis: what is seen in finished films, looked for in the background."""
