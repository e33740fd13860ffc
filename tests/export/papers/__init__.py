"""Tests of the papers in exports and beside them."""
