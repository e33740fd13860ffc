"""The panels while they stand: made, told what was told before, and made anew in another language."""
