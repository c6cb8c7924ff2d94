"""Commands that span documents: a plan is computed and confirmed, a student is moved by hand."""
