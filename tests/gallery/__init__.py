"""Pictures of single panels with made-up films, to be looked at beside their designs."""
