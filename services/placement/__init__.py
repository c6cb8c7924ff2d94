"""placement owns universities, cohorts, enrolments, plans and logbook entries; see README.md."""
