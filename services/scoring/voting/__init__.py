"""Taking votes, counting them, and finishing a campaign."""
