"""From raw records to read models: decoded, applied, set aside, rebuilt, redriven."""
