"""What the OpenAPI document says, and the pages that show it without a network."""
