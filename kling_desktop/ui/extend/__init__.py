"""The form that turns into an Extension."""
