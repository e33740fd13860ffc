"""The film lane at the foot of the window: the path as cards, the plan, the ruler."""
