"""The seams of a take: where they are, how they look, and how far a chain has drifted."""
