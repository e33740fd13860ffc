"""Benchmarks: scripts that print numbers; run by `packaging/dev.py bench`."""
