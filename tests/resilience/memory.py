"""Databases that live in memory where the machine has a place for it, and what a process uses of it."""

import ctypes
import gc
import resource
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from service.store import database

IN_MEMORY: Final = Path("/dev/shm")


def fast_folder() -> Path | None:
    """Where files need no disk, for scenarios that ask nothing of one."""
    return IN_MEMORY if IN_MEMORY.is_dir() else None


def new_database(beside: ExitStack) -> str:
    """A migrated SQLite database that is deleted with ``beside``."""
    folder = beside.enter_context(TemporaryDirectory(dir=fast_folder()))
    url = f"sqlite:///{folder}/rig.db"
    database.upgrade(url)
    return url


def megabytes_in_use() -> float:
    """Of this process, without what the allocator keeps for later."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024
