"""What is written to video files for others: films in any coding, loops, copies without coding, and their reading back."""
