"""What a take is made with: the way on, guidance, and for a new clip model, length, sound and its first frame."""
