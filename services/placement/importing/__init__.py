"""Enrolment by file, as campuses keep their lists: read, check line by line, report."""
