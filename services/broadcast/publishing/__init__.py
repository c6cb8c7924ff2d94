"""The steps around publishing: whom an audience names, and what is due."""
