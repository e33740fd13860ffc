"""How takes are asked for: extended, continued, begun from nothing, and what stands in the way."""
