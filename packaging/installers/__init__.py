"""Builds what a creator downloads, and tries each of it as a creator would."""
