"""What a sweep takes off the disk, seen before it does."""
