"""Writes video files for others: films in any coding, loops, copies without coding; and reads them back."""
