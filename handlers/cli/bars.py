"""A bar for work that takes its time."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Watch = Callable[[int, int | None], None]
"""Is told how much is done, and of how much, where that is known."""


@contextmanager
def bar(doing: str) -> Iterator[Watch]:
    """A bar on the terminal; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _, __: None
        return
    from rich.console import Console  # slow to load, and not needed by a program
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(doing, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
