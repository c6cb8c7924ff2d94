"""Students enter a cohort: one, or a list, under its quotas; and are briefed."""
