"""What is done at which pace. APScheduler only ticks; the database knows what is due."""

from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler import credit, evidence, figures, housekeeping, ladder, messenger, planner, proof, safeguards
from scheduler.daily import once_a_day, once_a_working_day
from scheduler.dispatcher import Dispatcher
from service.parts import Parts

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """``every`` is in seconds. ``run`` says how much it found to do."""

    name: str
    every: float
    run: Callable[[Parts], int]


JOBS: Final = (
    Job("put_due", 5, planner.put_due),
    Job("keep_in_line", 5, planner.keep_in_line),
    Job("end_late", 60, planner.end_late),
    Job("prove_ledger", 600, proof.prove_nightly),
    Job("recover", 10, housekeeping.recover),
    Job("tell_of_accounts", 15, housekeeping.tell_of_accounts),
    Job("drain_spool", housekeeping.DRAIN_EVERY, housekeeping.drain_spool),
    Job("look_up_unknown", 60, evidence.look_up_unknown),
    Job("resolve_unknown", 30, housekeeping.resolve_unknown),
    Job("reconcile_inbound", 3600, once_a_day("reconcile_inbound", evidence.reconcile_inbound)),
    Job("ask_for_credit", 1800, credit.ask_for_credit),
    Job("escalate_late", 20, ladder.escalate_late),
    Job("keep_owned", 60, ladder.keep_owned),
    Job("ask_who_came", 600, ladder.ask_who_came),
    Job("climb_ladders", 60, once_a_working_day("climb_ladders", ladder.climb_ladders)),
    Job("keep_asked", 60, once_a_working_day("keep_asked", ladder.keep_asked)),
    Job("close_expired", 60, safeguards.close_expired),
    Job("return_transfers", 600, safeguards.return_transfers),
    Job("doubt_numbers", 600, safeguards.doubt_numbers),
    Job("text_who_was_cut_off", 30, housekeeping.text_who_was_cut_off),
    Job("give_up_on_receipts", 600, housekeeping.give_up_on_receipts),
    Job("carry_news", 5, messenger.carry_news),
    Job("beat", 60, messenger.beat),
    Job("seal_audit", 60, housekeeping.seal_audit),
    Job("forget", 3600, housekeeping.forget),
)
COUNTING: Final = (
    Job("refresh_figures", 30, figures.refresh_figures),
    Job("publish_figures", 3600, figures.publish_figures),
)
"""Nobody waits for these, so only a worker does them, and not whoever lets time pass at once."""

DISPATCH_EVERY: Final = 2.0


def work(parts: Parts, stop: Event) -> None:
    """Tick until told to stop; then finish the work in hand."""
    dispatcher = Dispatcher(parts)
    jobs = (*JOBS, *COUNTING, Job("dispatch", DISPATCH_EVERY, lambda _: dispatcher.run()))
    ticking = _scheduler()
    for job in jobs:
        ticking.add_job(_guarded, "interval", args=(parts, job), id=job.name, seconds=job.every)
    with futures.ThreadPoolExecutor(len(jobs)) as at_once:
        # Not as jobs that run once: a scheduler that is stopped while it forgets one dies with a traceback.
        for job in jobs:
            at_once.submit(_guarded, parts, job)
        ticking.start()
        log.info("worker started")
        stop.wait()
        dispatcher.stop()
        ticking.shutdown(wait=True)
    log.info("worker stopped")


def work_once(parts: Parts) -> None:
    """Do at once whatever there is to do. A worker may tick beside."""
    dispatcher = Dispatcher(parts)
    for job in (*JOBS, Job("dispatch", DISPATCH_EVERY, lambda _: dispatcher.run())):
        _guarded(parts, job)
    dispatcher.stop()


def _scheduler() -> Any:
    return BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(len(JOBS) + len(COUNTING) + 1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )


def _guarded(parts: Parts, job: Job) -> None:
    """A job that fails is logged and runs again at its next tick; the others go on."""
    try:
        found = job.run(parts)
    except Exception:
        log.exception("job failed", job=job.name)
        return
    if found:
        log.info("job done", job=job.name, count=found)
