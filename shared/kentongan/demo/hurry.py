"""Settings of single services that a season of a minute needs, wherever they run."""

from collections.abc import Mapping

from kentongan.demo.acts.subscribing import IMPATIENT
from kentongan.demo.acts.voting import HURRIED

IN_A_HURRY: Mapping[str, Mapping[str, str]] = {"broadcast": IMPATIENT, "scoring": HURRIED}
"""Variables by service; `kentongan demo --settings` prints them for whoever runs the system."""
