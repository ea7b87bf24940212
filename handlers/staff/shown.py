"""How a page shows what people typed, and the closed lists from which they choose."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from handlers.staff.desk import words
from handlers.staff.titles import text_title
from handlers.staff.words import Words
from service.domain.care import ContactMode, VisitKind
from service.domain.effects import DangerSigns, Patient
from service.domain.happening import Happening, LedgerGap, Restored, read_note
from service.domain.people import ClientKind, ConsentChannel, Feeding, InfantRisk, PhoneOwner, Wording
from service.domain.reason import Reason
from service.domain.safety import LossKind
from service.domain.tasks import FollowUpMethod, FollowUpOutcome, InformationSource, TaskKind, Trouble
from service.reports.today import TaskRow

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


def spoken(task: TaskRow, zone: ZoneInfo) -> str:
    """The note of a task: her own words, or ours for what she chose on the screen or the service noticed."""
    note = task.note or ""
    match task.kind:
        case TaskKind.GATEWAY:
            return _of_gateway(note)
        case TaskKind.INCIDENT:
            happened = read_note(note) if task.code is None else None
            return _of_itself(happened, zone) if happened else _of_unsent(note)
        case _:
            return of_hers(words(), note)


def of_hers(w: Words, note: str) -> str:
    """Her own words, or ours for what she chose on the screen."""
    who, _, signs = note.partition(": ")
    if who in set(Patient) and signs in set(DangerSigns):
        return w("note.danger", who=w.of("patient", who), signs=w.of("signs", signs))
    return w.of("patient", note) if note in set(Patient) else note


def _of_gateway(note: str) -> str:
    gateway, _, why = note.partition(": ")
    return words()("note.gateway", gateway=gateway, why=words().of("reason", why))


def _of_unsent(note: str) -> str:
    """A text that the service did not dare to send: why, and which text or step it was."""
    why, _, what = note.partition(": ")
    w = words()
    if why not in set(Reason) or not what:
        return note
    of_step = w.said.get(f"step.{what}") if why == Reason.NOT_DECIDED else None
    return w("note.unsent", why=w.of("reason", why), what=of_step or text_title(what))


def _of_itself(happened: Happening, zone: ZoneInfo) -> str:
    """What to do about it; the detail of a gap is for an engineer, who finds it with ``khopotso doctor``."""
    w = words()
    match happened:
        case LedgerGap():
            return w("note.ledger")
        case Restored(at, reminders, texts):
            local = at.astimezone(zone)
            return w(
                "note.restored",
                day=w.full_day(local.date()),
                time=w.clock(local.time()),
                reminders=reminders,
                texts=texts,
            )
        case _:
            assert_never(happened)
