"""Wiring of dialogs: account, history, report, settings."""
