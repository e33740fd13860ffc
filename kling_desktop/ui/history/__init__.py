""" "Find my takes": what the account has and the library lacks."""
