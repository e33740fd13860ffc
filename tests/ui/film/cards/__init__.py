"""Tests of the film lane's cards."""
