"""Tests of the formats, all held to one contract."""
