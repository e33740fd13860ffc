"""The dialog of exports."""
