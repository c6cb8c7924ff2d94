"""scoring owns competitions, entries with their scores, campaigns and votes; see README.md."""
