"""Schedulers whose clocks differ and jump: every reminder comes once, or not at all and says why."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import select

from service.actions import enrol, visits
from service.domain.care import VisitKind
from service.domain.ledger import LedgerState
from service.domain.people import SYSTEM, ConsentChannel
from service.domain.phone import Phone
from service.store import database
from service.store.models.messages import LedgerEntry
from service.store.store import Store
from service.store.transaction import Transaction
from tests.resilience.flood import add_site, number
from tests.resilience.outcome import Figures, Outcome, judged
from tests.resilience.postgres import killable_postgres
from tests.resilience.rig import Rig, open_rig
from tests.worker.village import MONDAY, HandClock, at, shipped_programme

WEDNESDAY: Final = MONDAY + timedelta(days=2)
TUESDAY_AT_TEN: Final = at(MONDAY + timedelta(days=1), "10:10")
STEP: Final = "visit_d1"
"""The reminder of the day before, whose words are true on Tuesday only."""

JUMPS: Final = (
    timedelta(0),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=-1),
    timedelta(days=-1),
    timedelta(days=1),
)
SECONDS: Final = (2.0, 3.0)
"""How long the schedulers work between two jumps; they need one second of it to start."""


MOST_SECONDS: Final = 120
SENT: Final = (LedgerState.QUEUED, LedgerState.UNKNOWN, LedgerState.SENT_NO_RECEIPT)
"""Without receipts nothing is known to have arrived; while one may still come, the reminder is queued."""

CLOSED: Final = (LedgerState.SUPPRESSED, LedgerState.FAILED, LedgerState.HANDED_TO_PERSON)


def clocks_jump(women: int, jumps: int, schedulers: int, seed: int) -> Outcome:
    """On SQLite, and with one scheduler more on PostgreSQL."""
    with open_rig("", rate=_pace(women, jumps)) as rig:
        on_sqlite = _jump(rig, women, jumps, schedulers, Random(seed))
    with killable_postgres() as server, open_rig(server.url, rate=_pace(women, jumps)) as rig:
        on_postgresql = _jump(rig, women, jumps, schedulers + 1, Random(seed + 1))
    figures = Counter(on_sqlite.figures)
    figures.update(on_postgresql.figures)
    return Outcome(dict(figures), (*on_sqlite.broken, *on_postgresql.broken))


def _pace(women: int, jumps: int) -> float:
    """So slow that every jump comes in the middle of the work."""
    return max(1.0, women / (jumps * sum(SECONDS) / 4))


def _jump(rig: Rig, women: int, jumps: int, schedulers: int, random: Random) -> Outcome:
    _plan(rig, women)
    with _working(rig, [TUESDAY_AT_TEN + JUMPS[index % 2] for index in range(schedulers)]):
        until = time.monotonic() + MOST_SECONDS
        while len(rig.copies()) < women / 4 and time.monotonic() < until:
            time.sleep(0.05)
    for _ in range(jumps):
        with _working(rig, [TUESDAY_AT_TEN + random.choice(JUMPS) for _ in range(schedulers)]):
            time.sleep(random.uniform(*SECONDS))
    with _working(rig, [TUESDAY_AT_TEN + 2 * JUMPS[-1] + jump for jump in JUMPS[:2]]):
        # Two days later nothing may be left: what was not sent is closed.
        until = time.monotonic() + MOST_SECONDS
        while (rig.unsettled() or _states(rig)[LedgerState.PLANNED]) and time.monotonic() < until:
            time.sleep(0.25)
    return _judged(rig, women)


def _plan(rig: Rig, women: int) -> None:
    clock = HandClock(at(MONDAY, "08:00"))
    programme = shipped_programme()

    def plan(tx: Transaction) -> None:
        site = add_site(tx)
        for index in range(women):
            new = enrol.NewClient(
                phone=Phone(number(index)),
                nickname="Thato",
                language="en",
                site_id=site,
                enrolled_on=MONDAY,
                consents=frozenset({ConsentChannel.SMS}),
                phone_confirmed=True,
            )
            woman = enrol.enrol_client(tx, new)
            visits.plan_visit(tx, programme, visits.NewVisit(woman, woman, VisitKind.ANC, WEDNESDAY))

    with Store(database.connect(rig.url), rig.store.vault, clock) as store:
        store.write(plan, SYSTEM)


@contextmanager
def _working(rig: Rig, clocks: list[datetime]) -> Iterator[None]:
    running = [rig.worker(clock) for clock in clocks]
    yield
    for worker in running:
        worker.terminate()
    for worker in running:
        worker.wait(20)


def _states(rig: Rig) -> Counter[LedgerState]:
    return Counter(
        rig.store.read(
            lambda tx: tx.connection.scalars(select(LedgerEntry.state).where(LedgerEntry.step == STEP)).all()
        )
    )


def _judged(rig: Rig, women: int) -> Outcome:
    copies, states = rig.copies(), _states(rig)
    extra = sum(count - 1 for count in copies.values())
    sent = sum(states[state] for state in SENT)
    closed = sum(states[state] for state in CLOSED)
    figures: Figures = {
        "reminders": women,
        "sent": len(copies),
        "extra": extra,
        "closed with a reason": closed,
        "not accounted for": women - sent - closed,
    }
    return judged(
        figures,
        {
            f"{extra} extra texts": not extra,
            f"{figures['not accounted for']} reminders are not accounted for": states.total() == women
            and not figures["not accounted for"],
            "a reminder that was sent is not known as sent": len(copies) == sent,
            "nothing was sent": bool(copies),
        },
    )
