"""Tests of the archives of films."""
