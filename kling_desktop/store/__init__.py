"""What survives a restart: library, keys, settings."""
