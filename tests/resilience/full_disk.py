"""A disk that is full: what was called taken is there afterwards, and no text leaves without a record."""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import select

from service.store.models.messages import Attempt
from tests.resilience.arrivals import missing
from tests.resilience.callers import Answer, Door
from tests.resilience.flood import Flood, pour
from tests.resilience.kills import ALL
from tests.resilience.outcome import Figures, Outcome, judged
from tests.resilience.rig import MONDAY_AT_TEN, DoesNotStart, Rig, Server, open_rig

LONG: Final = 30_000
"""Letters of each text, so that the disk is full soon."""

FLOOD: Final = 1500
PACE: Final = 30
"""Texts that wait to be sent, and how many of them go out in a second."""

AT_ONCE: Final = 8
REFUSALS: Final = 30
"""As many texts not taken in a row, and the disk counts as full, and the spool too."""

MOST_TEXTS: Final = 10_000
MEGABYTE: Final = 1024 * 1024


def files_cannot_grow(megabytes: int, seed: int) -> Outcome:
    """From its start on, the kernel lets the service write no file beyond so many megabytes."""

    def fill(server: Server) -> None:
        most = (megabytes * MEGABYTE, resource.RLIM_INFINITY)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, most)

    with open_rig("", rate=PACE) as rig:
        return _outcome(rig, seed, fill, lambda: None)


def disk_is_full(megabytes: int, seed: int) -> Outcome:
    """A file system for all files that is filled up, then enlarged; and a read-only one. Needs root."""
    if os.geteuid():
        return Outcome({}, ("not run: only root may mount a file system",))
    with _file_system(megabytes) as folder, open_rig("", rate=PACE, inside=folder) as rig:
        outcome = _outcome(rig, seed, lambda _: None, lambda: _remount(folder, f"size={megabytes * 4}m"))
        refuses = _refuses_a_folder_that_cannot_be_written(rig)
    broken = outcome.broken if refuses else (*outcome.broken, "it started where it cannot write")
    return Outcome(outcome.figures | {"starts where it cannot write": not refuses}, broken)


def _refuses_a_folder_that_cannot_be_written(rig: Rig) -> bool:
    with _file_system(1) as folder:
        _remount(folder, "ro")
        rig.data = folder
        try:
            rig.server().kill()
        except DoesNotStart:
            return True
        return False


@contextmanager
def _file_system(megabytes: int) -> Iterator[Path]:
    with TemporaryDirectory(prefix="khopotso-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def _remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def _outcome(rig: Rig, seed: int, fill: Callable[[Server], None], make_room: Callable[[], None]) -> Outcome:
    """Fill the disk by posting texts, kill the service, make room, and see what is there."""
    pour(rig.store, Flood(FLOOD, ALL, MONDAY_AT_TEN, first=100_000))
    server = rig.server()
    fill(server)
    answers = _post_until_full(server.door, seed)
    sent_by_then = len(rig.stand_in.accepted)
    time.sleep(3)
    sent_while_full = len(rig.stand_in.accepted) - sent_by_then
    server.kill()
    forgotten = unwritten(rig)
    make_room()
    again = rig.server()
    taken = {answer.name for answer in answers if answer.status == 200}
    false = len(missing(rig, taken))
    again.stop()
    figures: Figures = {
        "texts": len(answers),
        "answered 200": len(taken),
        "refused": len(answers) - len(taken),
        "answered 200 and lost": false,
        "sent while full": sent_while_full,
        "sent without a record": forgotten,
    }
    return judged(
        figures,
        {
            f"{false} texts were answered 200 and are lost": not false,
            f"{forgotten} texts left without a record of it": not forgotten,
            "the disk never filled up": len(answers) > len(taken),
        },
    )


def _post_until_full(door: Door, seed: int) -> list[Answer]:
    answers: list[Answer] = []
    with ThreadPoolExecutor(AT_ONCE) as callers:
        while len(answers) < MOST_TEXTS:
            numbers = range(len(answers), len(answers) + AT_ONCE)
            answers += callers.map(
                lambda n: door.text(f"in-{seed}-{n}", f"+26658{n:06d}", "x" * LONG), numbers
            )
            if all(answer.status != 200 for answer in answers[-REFUSALS:]) and len(answers) >= REFUSALS:
                break
    return answers


def unwritten(rig: Rig) -> int:
    """Texts that the provider took and of which the database has no attempt."""
    attempts = rig.store.read(lambda tx: tx.connection.scalars(select(Attempt.id)).all())
    return max(0, len(rig.stand_in.accepted) - len(attempts))
