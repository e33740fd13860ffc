"""Makes the panels, and makes them anew in another language: what was typed, chosen and told before is carried over."""
