"""The nouns of the program, frozen: a file for each family, speaking of no database, network or widget.

Times are aware UTC. Units are part of the names. Ids are strings: Kling's are 18-digit numbers that no float can
hold. A change is `replace(task, ...)`.
"""
