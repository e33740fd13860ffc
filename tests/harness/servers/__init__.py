"""What stands on the way to Kling, or in its place, and does odd things."""
