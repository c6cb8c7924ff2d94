"""A service's surroundings, examined with its own settings before it is started, or beside it."""

from kentongan.process.examination.examining import examine
from kentongan.process.examination.findings import Finding, State, exit_code

__all__ = ["Finding", "State", "examine", "exit_code"]
