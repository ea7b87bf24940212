"""Why what somebody typed was refused, in the reader's language.

Forms are read as lines of a caseload file are, so reasons come as sentences for whoever keeps such a file.
"""

from collections.abc import Mapping
from typing import Final

from handlers.staff.desk import words
from service.intake import cells, clients, place, values
from service.phones import PhoneFault
from service.wording import NameFault

FAULTS: Final[Mapping[str, str]] = {
    **{fault.value: f"phone_{fault.name.lower()}" for fault in PhoneFault},
    **{fault.value: f"name_{fault.name.lower()}" for fault in NameFault},
    place.TOO_LONG.reason: "name_long",
    place.NOT_PLAIN.reason: "name_not_plain",
    cells.EMPTY: "empty",
    values.IN_FUTURE: "in_future",
    values.TOO_EARLY: "too_early",
    values.TOO_LATE: "too_late",
    values.NO_DATE.reason: "no_date",
    values.NO_SUCH_DAY.reason: "no_date",
    clients.TOO_YOUNG: "too_young",
}


def fault_words(reason: str) -> str:
    """A reason that no form of ours can give stands as it is."""
    known = FAULTS.get(reason)
    return words().of("fault", known) if known else reason
