"""Journeys: the real window, driven by keys and mouse, against the sandbox over real sockets."""
