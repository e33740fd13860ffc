"""What is seen in a clip: seams and their meters, drift, the tail. Reads frames through `media.frames`."""
