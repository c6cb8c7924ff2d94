"""Why the system does not run on this machine."""

WHAT_IS_MISSING = (
    "Apa yang kurang di mesin ini / what this machine lacks: .venv/bin/kentongan doctor"
)


class CannotRunHere(RuntimeError):
    """Base of what keeps the embedded stack or the services from running.

    The text is for the person who typed the command; `kentongan doctor` says what to do about what
    is missing.
    """
