"""The list of takes: rows, filter, queue and culling."""
