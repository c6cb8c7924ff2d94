"""What is written from the contracts for people: the page of events, AsyncAPI."""
