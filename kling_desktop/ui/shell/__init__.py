"""The frame of the window: bar, rail, centre, panel and film, and what folds when room gets scarce."""
