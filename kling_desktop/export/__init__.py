"""The ways to hand a clip out: one file per format."""
