"""Lets time pass as a worker lives it: from one moment at which something happens to the next."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Final, Protocol

from scheduler.clock import JOBS, Job
from scheduler.dispatcher import Dispatcher
from service.domain.hours import at_local, local_day
from service.parts import Parts
from service.preview.clock import HandClock
from service.reports.ahead import next_climb, next_moment

ROUND: Final = time(9)
"""When (local) the worker looks round even if nothing falls due: the day's work begins."""

_MENDING: Final = frozenset(
    {
        "recover",
        "drain_spool",
        "look_up_unknown",
        "resolve_unknown",
        "reconcile_inbound",
        "text_who_was_cut_off",
        "give_up_on_receipts",
        "tell_of_accounts",
        "ask_for_credit",
        "keep_owned",
        "forget",
    }
)
_FALLS_DUE: Final = "put_due"
NOTHING_FAILS: Final = tuple(job for job in JOBS if job.name not in _MENDING)
"""The work that is left where no provider, worker or phone fails, and nothing has to be forgotten."""

_WATCHING: Final = frozenset({"prove_ledger", "seal_audit"})
FORETOLD: Final = tuple(job for job in NOTHING_FAILS if job.name not in _WATCHING)
"""The work by which anything comes to anybody: nobody has to prove what is gone when it has been shown."""

TO_FINISH: Final = 60.0
"""Seconds that the texts of one moment may take."""

Watch = Callable[[datetime], None]
"""Is told how far the time has come."""


class Life(Protocol):
    """What people do as time passes, and what the network says."""

    def act(self) -> None:
        """Do what is to be done at this moment, or was to be done before it."""

    def notice(self) -> None:
        """See what has gone out at this moment."""

    def next_act(self) -> datetime | None:
        """The moment after now at which there is something to do."""


def travel(
    parts: Parts,
    clock: HandClock,
    until: datetime,
    life: Life,
    watch: Watch,
    jobs: Sequence[Job] = FORETOLD,
) -> None:
    """Do everything that a worker would do up to ``until``, and let people act between."""
    dispatcher = Dispatcher(parts)
    try:
        while clock.now() < until:
            life.act()
            _work(parts, jobs, dispatcher)
            life.notice()
            clock.put_forward(min(_next(parts, life), until))
            watch(clock.now())
    finally:
        dispatcher.stop()


def _work(parts: Parts, jobs: Sequence[Job], dispatcher: Dispatcher) -> None:
    """What falls due at this moment may only have been planned at it, so it comes last."""
    for job in sorted(jobs, key=lambda job: job.name == _FALLS_DUE):
        job.run(parts)
    dispatcher.run()
    if not dispatcher.rest(within=TO_FINISH):
        raise TimeoutError("the texts of one moment were not handed over")


def _next(parts: Parts, life: Life) -> datetime:
    read = parts.store.read
    moments = (_next_round(parts), read(next_moment), read(next_climb), life.next_act())
    return min(moment for moment in moments if moment)


def _next_round(parts: Parts) -> datetime:
    now, zone = parts.clock.now(), parts.programme.calendar.zone
    today = local_day(now, zone)
    rounds = (at_local(day, ROUND, zone) for day in (today, today + timedelta(days=1)))
    return min(moment for moment in rounds if moment > now)
