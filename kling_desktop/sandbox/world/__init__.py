"""What the pretended Kling keeps: its tasks, their times and charges, its accounts and clips."""
