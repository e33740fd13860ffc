"""Tests of films: their trees, plans and money."""
