"""Who calls: tokens, the keys that they are trusted by, roles and scope."""
