"""Asking whether there is a newer version: one request, one signed answer."""
