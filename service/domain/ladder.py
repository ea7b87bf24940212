"""What follows a missed visit until a person has settled it, and how long an absence has lasted.

It climbs on recorded attendance alone: a visit of which nobody knows whether it took place has no rungs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from service.domain.care import VisitState
from service.domain.people import ConsentChannel, Role
from service.domain.tasks import FollowUpOutcome, TaskKind, Urgency


class Absence(StrEnum):
    """The national register's words for whoever has not come since a contact was expected."""

    MISSED = "missed"
    DEFAULTER = "defaulter"
    LOST = "lost"


@dataclass(frozen=True)
class Limits:
    """The first day of each state, counted from the expected contact.

    1-7, 8-89 and from 90 on are the lists of eRegister (missed appointments, defaulters, ltfu).
    """

    defaulter: int = 8
    lost: int = 90
    interrupted: int = 29


MORE_THAN_28: Final = Limits()
"""Treatment is interrupted after more than 28 days: PEPFAR, and eRegister's tx_ml_list."""

FROM_28_ON: Final = Limits(interrupted=28)
"""The same after 28 days or more: WHO HIV digital adaptation kit 2023, HIV.H.DE42."""


def absence(days: int, limits: Limits = MORE_THAN_28) -> Absence | None:
    """``days`` since the expected contact; ``None`` on the day itself and before it."""
    if days < 1:
        return None
    if days < limits.defaulter:
        return Absence.MISSED
    return Absence.DEFAULTER if days < limits.lost else Absence.LOST


def is_interrupted(days: int, limits: Limits = MORE_THAN_28) -> bool:
    return days >= limits.interrupted


NEW_FOR: Final = timedelta(days=90)
"""How long treatment is new: the first group of those lost to it (eRegister tx_ml_list)."""


class Risk(StrEnum):
    """Why a miss cannot wait for the third day."""

    INFANT_TEST = "infant_test"
    POSITIVE_INFANT = "positive_infant"
    HIGH_VIRAL_LOAD = "high_viral_load"
    NEW_ON_TREATMENT = "new_on_treatment"


@dataclass(frozen=True)
class Rung:
    """A person's next act, ``days`` after the missed one, on the ladder of that name.

    ``risks``: only for a visit that has one of them. ``consent``: only if she agreed to be reached so.
    ``tries`` at different hours before the task may be closed as done in vain.
    """

    id: str
    ladder: str
    days: int
    task: TaskKind
    owner: Role
    urgency: Urgency
    source: str
    risks: frozenset[Risk] = frozenset()
    consent: ConsentChannel | None = None
    tries: int = 1


@dataclass(frozen=True)
class MissFacts:
    """A visit that was expected on a local day, and what is known of it now.

    ``taken`` are the ids of the rungs that were climbed for this date. ``outcome`` is the last that a
    follow-up had.
    """

    expected_on: date
    state: VisitState
    risks: frozenset[Risk] = frozenset()
    consents: frozenset[ConsentChannel] = frozenset()
    taken: frozenset[str] = frozenset()
    outcome: FollowUpOutcome | None = None


ENDS_THE_CLIMB: Final = frozenset(
    {
        FollowUpOutcome.TRANSFERRED,
        FollowUpOutcome.REFUSED,
        FollowUpOutcome.DIED,
        FollowUpOutcome.MOVED,
    }
)
"""After these nobody looks for her. Whoever only promised to come is missed until she comes."""


def steps_due(rungs: Iterable[Rung], facts: MissFacts, today: date) -> tuple[Rung, ...]:
    """What people must do now: for each owner the highest rung that is reached, unless it is taken.

    A miss that was recorded late so starts at the rung of the day, and nobody gets two tasks for it at once.
    """
    if facts.state is not VisitState.MISSED or facts.outcome in ENDS_THE_CLIMB:
        return ()
    days = (today - facts.expected_on).days
    reached = (rung for rung in rungs if rung.days <= days and _fits(rung, facts))
    highest = {rung.owner: rung for rung in sorted(reached, key=lambda rung: rung.days)}
    return tuple(rung for rung in highest.values() if rung.id not in facts.taken)


def _fits(rung: Rung, facts: MissFacts) -> bool:
    risky = not rung.risks or rung.risks & facts.risks
    return bool(risky) and (rung.consent is None or rung.consent in facts.consents)
