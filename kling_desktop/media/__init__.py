"""What can be read from a video file (only door of PyAV)."""
