"""Kills the real studio at every kind of instant, before a Kling at its worst, and reads the sandbox's audit after."""
