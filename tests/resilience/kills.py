"""Workers and databases that are killed, put to sleep and told to stop, and a provider that fails."""

import signal
import subprocess
import time
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Final

from scheduler.dispatcher import SEATS
from service.domain.message import MessageClass, MessageState
from tests.resilience.faults import harms
from tests.resilience.flood import Flood, number, pour
from tests.resilience.outcome import Outcome
from tests.resilience.postgres import killable_postgres
from tests.resilience.rig import MONDAY_AT_TEN, Rig, Verdict, finish, kill, open_rig

ALL: Final = (
    MessageClass.R1,
    MessageClass.R2,
    MessageClass.U,
    MessageClass.C,
    MessageClass.A,
    MessageClass.B,
    MessageClass.S,
)
KILLS_FOR_ONE: Final = 100
"""So many workers must be killed before three of them may have had the same message in hand by chance."""

LONGEST_START: Final = 20
EACH: Final = 150
"""Texts for each time that a worker is told to stop."""

A_ROUND: Final = 1000
"""Texts for each time that workers fall asleep: more than one alone sends until they wake."""

AT_MOST_ONCE: Final = frozenset({MessageClass.R1, MessageClass.C, MessageClass.A, MessageClass.B})


def kill_workers(messages: int, kills: int, workers: int, seed: int) -> Outcome:
    """Workers are killed at random moments of their work; on SQLite."""
    random = Random(seed)
    with open_rig("") as rig:
        pour(rig.store, Flood(messages, ALL, MONDAY_AT_TEN))
        began = time.monotonic()
        running = [rig.worker() for _ in range(workers)]
        while_at_work = 0
        for place in range(kills):
            _let_work(rig, random, messages * place // kills)
            while_at_work += rig.unsettled() > 0
            victim = random.randrange(workers)
            kill(running[victim])
            running[victim] = rig.worker()
        finish(rig, running)
        return of_sends(rig.verdict(kills, began), kills * SEATS, while_at_work)


def kill_database(messages: int, kills: int, database_kills: int, workers: int, seed: int) -> Outcome:
    """Workers on PostgreSQL are killed, and now and then the database itself."""
    random = Random(seed)
    with killable_postgres() as server, open_rig(server.url) as rig:
        pour(rig.store, Flood(messages, ALL, MONDAY_AT_TEN))
        began = time.monotonic()
        running = [rig.worker() for _ in range(workers)]
        moments = ["worker"] * kills + ["database"] * database_kills
        random.shuffle(moments)
        while_at_work = 0
        for place, moment in enumerate(moments):
            _let_work(rig, random, messages * place // len(moments))
            while_at_work += rig.unsettled() > 0
            victim = random.randrange(workers)
            if moment == "database":
                server.kill()
            else:
                kill(running[victim])
            running = [process if process.poll() is None else rig.worker() for process in running]
        finish(rig, running)
        # A database that dies takes the outcome of every text that is under way with it.
        allowed = (kills + database_kills * workers) * SEATS
        return of_sends(rig.verdict(kills + database_kills, began), allowed, while_at_work)


def _let_work(rig: Rig, random: Random, left: int) -> None:
    """Until one text more has gone, and over ``left`` in all (so every lane sees kills), and a bit longer."""
    gone, moved = len(rig.stand_in.accepted), time.monotonic()
    most = max(left, gone)
    while gone <= most and time.monotonic() - moved < LONGEST_START:
        time.sleep(0.02)
        before, gone = gone, len(rig.stand_in.accepted)
        moved = time.monotonic() if gone > before else moved
    time.sleep(random.uniform(0.0, 0.7))


def of_sends(verdict: Verdict, most_unknown: int, while_at_work: int) -> Outcome:
    broken = []
    if verdict.lost:
        broken.append(f"{verdict.lost} messages lost")
    if verdict.doubled:
        broken.append(f"{verdict.doubled} messages doubled without an unknown attempt")
    if verdict.unknown > most_unknown:
        broken.append(f"{verdict.unknown} unknown, at most {most_unknown} allowed")
    if verdict.hidden:
        broken.append(f"{verdict.hidden} unknown messages that staff are not shown")
    if verdict.given_up > verdict.kills // KILLS_FOR_ONE:
        broken.append(f"{verdict.given_up} messages given up")
    unsettled = {"queued", "claimed", "sending", "held"} & verdict.states.keys()
    if unsettled:
        broken.append(f"still {', '.join(sorted(unsettled))}")
    figures = verdict.figures | {"of them while at work": while_at_work, "unknown allowed": most_unknown}
    return Outcome(figures, tuple(broken))


def provider_faults(messages: int, seed: int) -> Outcome:
    """A provider that takes texts and resets or hangs, fails, is busy; time passes for the policies."""
    with open_rig("", harms(seed)) as rig:
        pour(rig.store, Flood(messages, ALL, MONDAY_AT_TEN))
        began = time.monotonic()
        for minutes in (0, 20, 40, 60):
            worker = rig.worker(MONDAY_AT_TEN + timedelta(minutes=minutes))
            _until_quiet(rig, worker)
        return _by_class(rig, rig.verdict(0, began))


def _until_quiet(rig: Rig, worker: "subprocess.Popen[bytes]") -> None:
    """Let a worker go on until nothing has changed for a while."""
    last, since = Counter[MessageState](), time.monotonic()
    while time.monotonic() - since < 12:
        time.sleep(1)
        now = rig.states()
        if now != last:
            last, since = now, time.monotonic()
    worker.terminate()
    worker.wait(20)


def _by_class(rig: Rig, verdict: Verdict) -> Outcome:
    copies, (ambiguous, states) = rig.copies(), rig.numbers()
    most: Counter[str] = Counter()
    broken = []
    for index in range(len(states)):
        message_class = ALL[index % len(ALL)]
        count = copies[number(index)]
        most[message_class.value] = max(most[message_class.value], count)
        if count > 1 and message_class in AT_MOST_ONCE:
            broken.append(f"class {message_class}: {count} copies")
        if count > 1 and number(index) not in ambiguous:
            broken.append(f"class {message_class}: doubled without an unknown attempt")
        if count > 2 and message_class is not MessageClass.S:
            broken.append(f"class {message_class}: {count} copies")
    if verdict.lost:
        broken.append(f"{verdict.lost} messages lost")
    if verdict.given_up:
        broken.append(f"{verdict.given_up} messages given up")
    if verdict.hidden:
        broken.append(f"{verdict.hidden} unknown messages that staff are not shown")
    figures = verdict.figures | {"most copies by class": dict(sorted(most.items()))}
    return Outcome(figures, tuple(sorted(set(broken))))


def pause_workers(rounds: int, workers: int, seed: int) -> Outcome:
    """Workers sleep past their lease (SIGSTOP) and wake up; one that never sleeps works meanwhile."""
    random = Random(seed)
    with killable_postgres() as server, open_rig(server.url, rate=20) as rig:
        began = time.monotonic()
        running = [rig.worker() for _ in range(workers + 1)]
        _let_all_begin(rig, len(running))
        pour(rig.store, Flood(rounds * A_ROUND, ALL, MONDAY_AT_TEN))
        while_at_work = 0
        for _ in range(rounds):
            sleepers = running[:workers]
            _let_work(rig, random, 0)
            while_at_work += rig.unsettled() > 0
            for process in sleepers:
                process.send_signal(signal.SIGSTOP)
            time.sleep(34)
            for process in sleepers:
                process.send_signal(signal.SIGCONT)
            time.sleep(random.uniform(1.0, 2.0))
        finish(rig, running)
        outcome = of_sends(rig.verdict(0, began), rounds * workers * SEATS, while_at_work)
        idle = () if while_at_work == rounds else ("nobody was at work when they fell asleep",)
        return Outcome(outcome.figures | {"pauses": rounds * workers}, outcome.broken + idle)


def _let_all_begin(rig: Rig, workers: int) -> None:
    """Until each has said that it works: who falls asleep before holds nothing."""
    deadline = time.monotonic() + workers * LONGEST_START
    while rig.begun() < workers and time.monotonic() < deadline:
        time.sleep(0.1)


def stop_workers(stops: int, seed: int) -> Outcome:
    """Workers are told to stop (SIGTERM) in the middle of their work."""
    random = Random(seed)
    slowest = 0.0
    with open_rig("", rate=200) as rig:
        pour(rig.store, Flood(stops * EACH, ALL, MONDAY_AT_TEN))
        began = time.monotonic()
        for place in range(stops):
            worker = rig.worker()
            _let_work(rig, random, EACH * place)
            told = time.monotonic()
            worker.terminate()
            worker.wait(60)
            slowest = max(slowest, time.monotonic() - told)
        finish(rig, [rig.worker()])
        outcome = of_sends(rig.verdict(stops, began), 0, stops)
    late = (f"took {slowest:.1f} s to stop",) if slowest > 10 else ()
    return Outcome(outcome.figures | {"slowest stop s": round(slowest, 2)}, outcome.broken + late)
