"""What stands behind the list's rows: pages of takes, folds, and what is said of each take."""
