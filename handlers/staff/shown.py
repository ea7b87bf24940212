"""How a page shows what people typed, and the closed lists from which they choose."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from handlers.staff.desk import words
from service.domain.care import ContactMode, VisitKind
from service.domain.effects import DangerSigns, Patient
from service.domain.hours import PartOfDay
from service.domain.people import ClientKind, ConsentChannel, Feeding, InfantRisk, PhoneOwner, Wording
from service.domain.safety import LossKind
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, InformationSource, Trouble

LISTS: Final[Mapping[str, type[StrEnum]]] = {
    "visit_kinds": VisitKind,
    "troubles": Trouble,
    "outcomes": FollowUpOutcome,
    "methods": FollowUpMethod,
    "sources": InformationSource,
    "modes": ContactMode,
    "client_kinds": ClientKind,
    "phone_owners": PhoneOwner,
    "wordings": Wording,
    "parts_of_day": PartOfDay,
    "channels": ConsentChannel,
    "risks": InfantRisk,
    "feedings": Feeding,
    "losses_kinds": LossKind,
}

_INVISIBLE: Final = frozenset({"Cf", "Cc", "Co", "Cs"})
"""Categories of characters that turn a line round, hide in it or stand for nothing."""


def shown(text: str | None) -> str:
    """What somebody typed, with a mark in place of whatever would make it look like something else."""
    return "".join(one if one == "\n" or not _hides(one) else "·" for one in text or "")


def _hides(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE


def spoken(note: str) -> str:
    """The note of a task: her own words, or the words for what she chose on the screen."""
    who, _, signs = note.partition(": ")
    w = words()
    if who in set(Patient) and signs in set(DangerSigns):
        return w("note.danger", who=w.of("patient", who), signs=w.of("signs", signs))
    return w.of("patient", note) if note in set(Patient) else note
