"""What a request has to be: its size, its JSON, its fields, its key, its page."""
