"""What is planned, and how a plan runs."""
