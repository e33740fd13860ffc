"""Tries each installer, and says what turned out to be true."""
