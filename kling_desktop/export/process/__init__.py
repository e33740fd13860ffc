"""Exports that code pictures, in a process of their own: the window keeps its interpreter and its processor."""
