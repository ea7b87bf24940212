"""Taking a caseload file in: what is wrong with it, what it would bring, and bringing it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Final, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from service.actions.enrol import NicknameTaken
from service.domain.people import Actor
from service.intake.cells import Cells, Problem
from service.intake.columns import Columns, read_header
from service.intake.sheet import Sheet
from service.intake.undoing import undo
from service.store.models.people import Import
from service.store.store import Store
from service.store.transaction import Reading, Transaction

RowT = TypeVar("RowT")
NewT = TypeVar("NewT")

AT_ONCE: Final = 50
"""Rows of one transaction: on SQLite everybody else waits meanwhile, which is then a fraction of a second."""


@dataclass(frozen=True)
class Numbered(Generic[RowT]):
    """What a line says by itself; where something in it is wrong, the row holds a stand-in for it."""

    line: int
    row: RowT
    problems: tuple[Problem, ...]

    def refused(self, *more: Problem) -> "Refused":
        return Refused((*self.problems, *more))


@dataclass(frozen=True)
class Match:
    """Whom a line was found to speak of: a client's code, and by what she was found."""

    line: int
    code: str
    by: str


@dataclass(frozen=True)
class Take(Generic[NewT]):
    """What a good line brings. ``match`` is somebody whom it resembles, and who is taken for another one."""

    line: int
    new: NewT
    match: Match | None = None


@dataclass(frozen=True)
class AlreadyKnown:
    """The line says what the service knows, or what a line above it says."""

    line: int
    match: Match | None = None


@dataclass(frozen=True)
class Refused:
    problems: tuple[Problem, ...]


Verdict = Take[NewT] | AlreadyKnown | Refused


class FileKind(Protocol[RowT, NewT]):
    """One kind of file: its columns, what a line says, what that means here, and how it is taken.

    ``RowT`` is a line by itself, ``NewT`` what is new in it once the database was asked.
    """

    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> Columns: ...

    def read(self, cells: Cells) -> RowT:
        """The values of a line. Where one is wrong, the cells have noted it and gave a stand-in."""

    def match(self, reading: Reading, rows: Sequence[Numbered[RowT]]) -> Iterator[Verdict[NewT]]:
        """Compare the rows, in their order, with what is known and with each other.

        A row with problems is refused, with whatever else is found to be wrong with it.
        """

    def advise(self, new: Sequence[Take[NewT]]) -> Iterator[str]:
        """What the operator should know of the good rows. Names no person and no number."""

    def take(self, tx: Transaction, new: Iterable[NewT], import_id: UUID) -> None:
        """Write what is new."""


class Manner(StrEnum):
    """What becomes of the good rows of a file that has bad ones too."""

    ALL_OR_NOTHING = "all_or_nothing"
    PARTIAL = "partial"


class Watch(Protocol):
    """Is told how many rows are done, and of how many."""

    def __call__(self, done: int, total: int, /) -> None: ...


@dataclass(frozen=True)
class Report:
    """What a file held and what became of it. Line numbers, columns and reasons; never a value.

    ``good`` rows were taken, or would be; ``taken`` is how many were. ``known`` lines change nothing.
    ``matches`` are the clients whom lines were found to speak of, or to resemble.
    """

    kind: str
    read: int
    good: int
    taken: int
    known: tuple[int, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    matches: tuple[Match, ...] = ()
    import_id: UUID | None = None

    @property
    def refused(self) -> int:
        return len({problem.line for problem in self.problems})


class Overtaken(Exception):
    """Somebody else wrote the same client or visit while the file was being taken.

    What was taken until then was taken back, unless something had come of it already: ``stays`` is then the
    import of which a part stays.
    """

    def __init__(self, stays: UUID | None = None) -> None:
        super().__init__()
        self.stays = stays


@dataclass(frozen=True)
class Rows(Generic[RowT]):
    """A file of which each line has been looked at by itself."""

    sheet: Sheet
    notes: tuple[str, ...]
    lines: tuple[Numbered[RowT], ...]


def read_rows(kind: FileKind[RowT, NewT], sheet: Sheet) -> Rows[RowT]:
    """Read every line, asking nobody. Raises ``BadFile`` if the columns are not those of this kind."""
    layout = read_header(kind.columns, sheet.header)
    rows: list[Numbered[RowT]] = []
    for line in sheet.lines:
        cells = Cells(layout, line)
        row = kind.read(cells)
        rows.append(Numbered(line.number, row, tuple(cells.problems)))
    return Rows(sheet, sheet.notes + layout.notes, tuple(rows))


def rehearse(reading: Reading, kind: FileKind[RowT, NewT], rows: Rows[RowT]) -> Report:
    """What taking the file in would do now. Writes nothing."""
    return _judge(reading, kind, rows)[1]


def take_in(
    store: Store, actor: Actor, kind: FileKind[RowT, NewT], rows: Rows[RowT], manner: Manner, watch: Watch
) -> Report:
    """Take the good rows in; with a bad one among them none, unless ``manner`` is partial.

    1. Look at the whole file, and write nothing if it is not to be taken.
    2. Note the import as begun; take some rows at a time, each time after another look at them.
    3. Note it as finished.

    Raises ``Overtaken``. Whatever breaks the work off takes back what was taken so far; after a power cut it
    can be told from a finished import, and either undone or completed by taking the same file again.
    """
    new, report = store.read(lambda reading: _judge(reading, kind, rows))
    if not new or (report.problems and manner is Manner.ALL_OR_NOTHING):
        return report
    wanted = {good.line for good in new}
    import_id = store.write(lambda tx: _begin(tx, kind.name, rows.sheet.sha256, len(wanted)), actor)
    try:
        taken = _take(store, actor, kind, import_id, [one for one in rows.lines if one.line in wanted], watch)
    except (Overtaken, KeyboardInterrupt) as error:
        undone = store.write(lambda tx: undo(tx, import_id), actor)
        raise Overtaken(import_id if undone else None) from error
    store.write(lambda tx: _finish(tx, kind.name, import_id, taken), actor)
    return replace(report, taken=taken, import_id=import_id)


def _begin(tx: Transaction, kind: str, file_hash: str, rows: int) -> UUID:
    return tx.add(Import, kind=kind, file_hash=file_hash, rows=rows, recorded_at=tx.now, actor=str(tx.actor))


def _take(
    store: Store,
    actor: Actor,
    kind: FileKind[RowT, NewT],
    import_id: UUID,
    good: Sequence[Numbered[RowT]],
    watch: Watch,
) -> int:
    rest, taken = iter(good), 0
    while some := tuple(islice(rest, AT_ONCE)):
        taken += store.write(lambda tx, some=some: _take_some(tx, kind, import_id, some), actor)  # type: ignore[misc]
        watch(taken, len(good))
    return taken


def _take_some(
    tx: Transaction, kind: FileKind[RowT, NewT], import_id: UUID, some: Sequence[Numbered[RowT]]
) -> int:
    verdicts = tuple(kind.match(tx, some))
    if any(isinstance(verdict, Refused) for verdict in verdicts):
        raise Overtaken
    new = [verdict.new for verdict in verdicts if isinstance(verdict, Take)]
    try:
        kind.take(tx, new, import_id)
    except (NicknameTaken, IntegrityError):
        raise Overtaken from None
    return len(new)


def _finish(tx: Transaction, kind: str, import_id: UUID, taken: int) -> None:
    tx.connection.execute(update(Import).where(Import.id == import_id).values(finished_at=tx.now))
    tx.audit("import", kind, import_id, f"{taken} rows")


def _judge(
    reading: Reading, kind: FileKind[RowT, NewT], rows: Rows[RowT]
) -> tuple[tuple[Take[NewT], ...], Report]:
    verdicts = tuple(kind.match(reading, rows.lines))
    new = tuple(verdict for verdict in verdicts if isinstance(verdict, Take))
    known = tuple(verdict for verdict in verdicts if isinstance(verdict, AlreadyKnown))
    refused = (verdict for verdict in verdicts if isinstance(verdict, Refused))
    of_known = (verdict.match for verdict in known)
    of_new = (verdict.match for verdict in new)
    return new, Report(
        kind=kind.name,
        read=len(rows.lines),
        good=len(new),
        taken=0,
        known=tuple(verdict.line for verdict in known),
        problems=tuple(problem for verdict in refused for problem in verdict.problems),
        notes=(*rows.notes, *kind.advise(new)),
        matches=tuple(sorted((one for one in (*of_known, *of_new) if one), key=lambda one: one.line)),
    )


_SHOWN_LINES = 20


def lines(numbers: Iterable[int]) -> str:
    """Line numbers for a sentence: the first of them, and how many more."""
    every = list(numbers)
    shown = ", ".join(map(str, every[:_SHOWN_LINES]))
    more = f" and {len(every) - _SHOWN_LINES} more" if len(every) > _SHOWN_LINES else ""
    return f"{'line' if len(every) == 1 else 'lines'} {shown}{more}"
