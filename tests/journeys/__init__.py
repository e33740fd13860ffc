"""Journeys: the real window against the sandbox, over sockets."""
