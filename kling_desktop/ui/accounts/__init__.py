"""Accounts: which one pays, and its keys."""
