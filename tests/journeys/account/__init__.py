"""Keys, secrets, what the account has, and what Kling tells unasked."""
