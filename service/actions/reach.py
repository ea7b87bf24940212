"""How a client wants to be reached: in which language, with how telling words, on which days and hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from sqlalchemy import select, update

from service.actions import consent
from service.actions.remind import align
from service.domain.discretion import ADULT, DISCREET_FIRST, full_years
from service.domain.hours import common, is_never
from service.domain.people import ConsentChannel, Wording
from service.programme import Programme
from service.store.models.people import Client, Person
from service.store.records import ClientRecord, chosen_times
from service.store.transaction import Reading, Transaction


class ReachFault(StrEnum):
    """Why nothing was changed."""

    NEEDS_HER_YES = "needs_her_yes"
    SHE_SAID_STOP = "she_said_stop"
    TOO_YOUNG = "too_young"
    NO_HOUR = "no_hour"


@dataclass(frozen=True)
class Reach:
    """``starts``, ``ends`` (local) and ``days`` are the installation's own where they are not given.

    ``says_yes``: the script was read to her now, and she agreed to texts in these words herself.
    """

    language: str
    wording: Wording
    starts: time | None
    ends: time | None
    days: frozenset[int]
    says_yes: bool


def reach_as(
    tx: Transaction, programme: Programme, woman: ClientRecord, wish: Reach
) -> tuple[str, ...] | ReachFault:
    """Note how she wants to be reached; what changed. Words become more telling by her own yes alone."""
    fault = _fault(tx, programme, woman, wish)
    if fault:
        return fault
    changed = tuple(_changes(woman, wish))
    if _tells_more(woman, wish) and not _agrees(tx, woman):
        return ReachFault.SHE_SAID_STOP
    if changed:
        tx.connection.execute(update(Person).where(Person.id == woman.id).values(language=wish.language))
        days = "".join(map(str, sorted(wish.days))) or None
        values = {"wording": wish.wording, "safe_from": wish.starts, "safe_to": wish.ends, "safe_days": days}
        tx.connection.execute(update(Client).where(Client.id == woman.id).values(**values))
        align(tx, programme, (woman.id,))
        tx.audit("reach", "client", woman.id, ", ".join(changed))
    return changed


def _fault(reading: Reading, programme: Programme, woman: ClientRecord, wish: Reach) -> ReachFault | None:
    usual = programme.calendar.safe
    if is_never(common(usual, chosen_times(wish.starts, wish.ends, wish.days, usual))):
        return ReachFault.NO_HOUR
    if not _tells_more(woman, wish):
        return None
    if wish.wording is Wording.T1 and _is_minor(reading, programme, woman):
        return ReachFault.TOO_YOUNG
    return None if wish.says_yes else ReachFault.NEEDS_HER_YES


def _tells_more(woman: ClientRecord, wish: Reach) -> bool:
    return DISCREET_FIRST.index(wish.wording) > DISCREET_FIRST.index(woman.wording)


def _is_minor(reading: Reading, programme: Programme, woman: ClientRecord) -> bool:
    born_on = reading.connection.scalar(select(Person.born_on).where(Person.id == woman.id))
    return born_on is not None and full_years(born_on, programme.today(reading.now)) < ADULT


def _agrees(tx: Transaction, woman: ClientRecord) -> bool:
    """Her yes to texts, by the script of today."""
    return consent.record(tx, woman.id, ConsentChannel.SMS, given=True, through="staff")


def _changes(woman: ClientRecord, wish: Reach) -> Iterator[str]:
    """What is another thing now, as the record of who did what tells it."""
    if wish.language != woman.language:
        yield f"language {wish.language}"
    if wish.wording is not woman.wording:
        yield f"wording {wish.wording}"
    if (wish.starts, wish.ends) != (woman.safe_from, woman.safe_to):
        yield "hours"
    if wish.days != (woman.safe_days or frozenset()):
        yield "days"
