"""The player itself: one for the life of the program, its pictures and its clock."""
