"""The line over the stage: which take is seen, how it stands, and what the creator says to it."""
