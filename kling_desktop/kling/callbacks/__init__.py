"""Kling's callbacks: whether a message is genuine and which task it speaks of, and the web server that takes it."""
