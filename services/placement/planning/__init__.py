"""The solver's room: the only one that imports OR-tools and numpy, run in a process of its own."""
