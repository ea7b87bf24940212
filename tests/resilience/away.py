"""A database that is away: what comes in meanwhile is taken all the same, and phones are answered in time."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Final

from sqlalchemy import func, make_url, select

from service.domain.message import MessageState
from service.domain.phone import Phone
from service.ports import TextReceived
from service.store.models.care import Task
from service.store.models.messages import Inbound
from service.store.spool import Spool
from service.store.spooled import Letter, to_text
from tests.resilience.arrivals import STANDSTILL, missing, stored
from tests.resilience.callers import Answer, Door, Stream, percentile
from tests.resilience.outcome import Figures, Outcome, judged
from tests.resilience.postgres import KillablePostgres, killable_postgres
from tests.resilience.proxy import Proxy, Weather, proxied
from tests.resilience.rig import Rig, kill, open_rig

IN_TIME: Final = 2.0
"""Seconds within which a phone must have a screen."""

BEFORE_AND_AFTER: Final = 1.5
SAID: Final = "I will be late"


def lock_is_held(seconds: float, texts: float, calls: float, seed: int) -> Outcome:
    """Another process holds SQLite's write lock; ``texts`` and ``calls`` come in per second."""
    with open_rig("") as rig:
        server = rig.server()
        with calling(server.door, texts, calls, seed) as heard:
            with _locked(rig):
                time.sleep(seconds)
            back = time.monotonic()
            time.sleep(BEFORE_AND_AFTER)
        outcome = checked(rig, heard, back, server.alive)
        server.stop()
        return outcome


@contextmanager
def _locked(rig: Rig) -> Iterator[None]:
    with rig.store.database.writing.begin():
        yield


def postgres_is_away(seconds: float, texts: float, calls: float, seed: int) -> Outcome:
    """The line to PostgreSQL is slow, silent, cut and half closed, and then the server stopped and killed."""
    with killable_postgres() as postgres, proxied(postgres.socket) as proxy, open_rig(postgres.url) as rig:
        abroad = make_url(postgres.url).set(host="127.0.0.1", port=proxy.port, query={})
        rig.url = abroad.render_as_string(hide_password=False)
        server = rig.server()
        with calling(server.door, texts, calls, seed) as heard:
            for harm in _harms(postgres, proxy, seconds):
                harm()
                proxy.change(Weather.FAIR)
                time.sleep(BEFORE_AND_AFTER)
            back = time.monotonic()
        outcome = checked(rig, heard, back, server.alive)
        server.stop()
        return outcome


def _harms(postgres: KillablePostgres, proxy: Proxy, seconds: float) -> list[Callable[[], None]]:
    def blow(weather: Weather) -> None:
        proxy.change(weather)
        time.sleep(seconds)

    def freeze() -> None:
        for process in postgres.processes():
            os.kill(process, signal.SIGSTOP)
        time.sleep(seconds)
        for process in postgres.processes():
            os.kill(process, signal.SIGCONT)

    bad = (Weather.SLOW, Weather.BLACKHOLE, Weather.RESET, Weather.HALF_CLOSE)
    return [*(lambda weather=weather: blow(weather) for weather in bad), freeze, postgres.kill]


class Heard:
    """What the callers were answered; complete when their block has ended."""

    def __init__(self, texts: Stream, calls: Stream) -> None:
        self.texts, self.calls = texts.answers, calls.answers


@contextmanager
def calling(door: Door, texts: float, calls: float, seed: int) -> Iterator[Heard]:
    first = Random(seed).randrange(100_000)

    def text(number: int) -> Answer:
        return door.text(f"in-{number}", f"+26658{first + number:06d}", SAID)

    def dial(number: int) -> Answer:
        return door.dials(f"call-{number}", f"+26659{first + number:06d}")

    with Stream(text, texts) as texting, Stream(dial, calls) as dialling:
        time.sleep(BEFORE_AND_AFTER)
        yield Heard(texting, dialling)


def checked(rig: Rig, heard: Heard, back: float, alive: bool) -> Outcome:
    taken = {answer.name for answer in heard.texts if answer.status == 200}
    lost = missing(rig, taken)
    drained = time.monotonic() - back
    tasks, rows = _count(rig, Task), _count(rig, Inbound)
    twice = [number for number, copies in rig.copies().items() if copies > 1]
    screens = [answer.seconds for answer in heard.calls]
    figures: Figures = {
        "texts": len(heard.texts),
        "answered 200": len(taken),
        "lost": len(lost),
        "acted on twice": abs(tasks - rows) + len(twice),
        "all in the database after s": round(drained, 1),
        "calls": len(heard.calls),
        "answered with a screen": sum(answer.is_screen for answer in heard.calls),
        "told to try again": sum(answer.is_sorry for answer in heard.calls),
        "slowest screen s": percentile(screens, 1.0),
    }
    return judged(
        figures,
        {
            f"{len(lost)} texts lost that were answered 200": not lost,
            f"{len(heard.texts) - len(taken)} texts were not answered 200": len(taken) == len(heard.texts),
            f"{tasks} tasks of {rows} texts": tasks == rows,
            f"{len(twice)} numbers were answered twice": not twice,
            "a call got no screen": all(answer.is_screen for answer in heard.calls),
            f"a screen took {figures['slowest screen s']} s": percentile(screens, 1.0) <= IN_TIME,
            "the server has ended": alive,
        },
    )


def _count(rig: Rig, table: type[Task] | type[Inbound]) -> int:
    counted = select(func.count()).select_from(table)
    return rig.store.read(lambda tx: tx.connection.execute(counted).scalar_one())


def kill_while_draining(letters: int, kills: int, seed: int) -> Outcome:
    """What waited in the spool is handed on by workers that are killed in the middle of it."""
    random = Random(seed)
    with open_rig("") as rig:
        _fill_spool(rig, letters)
        in_the_middle = 0
        for _ in range(kills):
            before, worker = _count(rig, Inbound), rig.worker()
            while _count(rig, Inbound) == before < letters:
                time.sleep(0.01)
            time.sleep(random.uniform(0.0, 0.15))
            kill(worker)
            in_the_middle += _count(rig, Inbound) < letters
        last = rig.worker()
        missing(rig, {f"in-{number}" for number in range(letters)})
        until = time.monotonic() + STANDSTILL
        while (_waiting(rig) or rig.states()[MessageState.QUEUED]) and time.monotonic() < until:
            time.sleep(0.25)
        last.terminate()
        last.wait(20)
        return _of_spool(rig, letters, in_the_middle)


def _fill_spool(rig: Rig, letters: int) -> None:
    spool = Spool(rig.spool, rig.store.vault)
    for number in range(letters):
        phone = f"+26658{number:06d}"
        event = TextReceived(f"in-{number}", phone, Phone(phone), SAID, None)
        spool.put(to_text(Letter("africastalking", event)))
    spool.close()


def _waiting(rig: Rig) -> int:
    spool = Spool(rig.spool, rig.store.vault)
    count = spool.count()
    spool.close()
    return count


def _of_spool(rig: Rig, letters: int, in_the_middle: int) -> Outcome:
    arrived, copies = len(stored(rig)), Counter(rig.copies().values())
    tasks, twice = _count(rig, Task), sum(count for copy, count in copies.items() if copy > 1)
    figures: Figures = {
        "letters": letters,
        "kills while draining": in_the_middle,
        "lost": letters - arrived,
        "acted on twice": tasks - arrived + twice,
        "still in the spool": _waiting(rig),
    }
    return judged(
        figures,
        {
            f"{letters - arrived} letters lost": arrived == letters,
            f"{tasks} tasks of {arrived} letters": tasks == arrived,
            f"{twice} numbers were answered twice": not twice,
            "the spool is not empty": not figures["still in the spool"],
        },
    )
