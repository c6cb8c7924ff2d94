"""Contents as the outside sees them: Markdown made safe, and feeds."""
