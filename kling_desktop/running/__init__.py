"""What a running program needs beside its work: logs, crash files, stray errors, a single instance, a run marker."""
