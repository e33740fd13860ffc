"""Films on their way out of the library, and back into one."""
