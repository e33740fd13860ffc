"""Connects the panels to the studio: wishes go down as plain calls, facts come up and are shown."""
