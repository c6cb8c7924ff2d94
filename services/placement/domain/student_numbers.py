"""Student numbers (NIM) as people and spreadsheets write them."""

import re

from services.placement.domain.errors import StudentNumberInvalid, StudentNumberRounded

SHAPE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9./-]{2,18}[A-Z0-9]", re.ASCII)
ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII)


def student_number(text: str) -> str:
    """The number without blanks and the apostrophe that protects it in a spreadsheet, in capitals.

    Raises StudentNumberRounded for 2,02301E+11 (digits are lost, nobody can tell whose number it
    was) and StudentNumberInvalid for anything else that is none.
    """
    number = re.sub(r"\s+", "", text).removeprefix("'").upper()
    if ROUNDED.fullmatch(number):
        raise StudentNumberRounded(field="/student_number")
    if not SHAPE.fullmatch(number):
        raise StudentNumberInvalid(field="/student_number")
    return number
