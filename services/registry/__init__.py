"""Registry owns groups (KIM): their legality, board, potential, and the coverage of a city."""
