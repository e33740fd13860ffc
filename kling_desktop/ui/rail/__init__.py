"""The rail at the left: the tree of a film, all takes, the queue."""
