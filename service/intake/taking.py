"""Taking a caseload file in: what is wrong with it, what it would bring, and bringing it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from service.actions.enrol import NicknameTaken
from service.intake.cells import Cells, Problem
from service.intake.columns import Columns, read_header
from service.intake.sheet import Sheet
from service.store.models.people import Import
from service.store.transaction import Reading, Transaction

RowT = TypeVar("RowT")
NewT = TypeVar("NewT")
T = TypeVar("T")


@dataclass(frozen=True)
class Numbered(Generic[RowT]):
    """What a line says by itself; where something in it is wrong, the row holds a stand-in for it."""

    line: int
    row: RowT
    problems: tuple[Problem, ...]

    def refused(self, *more: Problem) -> "Refused":
        return Refused((*self.problems, *more))


@dataclass(frozen=True)
class Take(Generic[NewT]):
    """What a good line brings."""

    line: int
    new: NewT


@dataclass(frozen=True)
class AlreadyKnown:
    """The line says what the service knows, or what a line above it says."""

    line: int


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
    """Passes on what it is given, one by one, so that somebody can see how far the work has come."""

    def __call__(self, new: Sequence[T], /) -> Iterable[T]: ...


@dataclass(frozen=True)
class Report:
    """What a file held and what became of it. Line numbers, columns and reasons; never a value.

    ``good`` rows were taken, or would be; ``taken`` is how many were. ``known`` lines change nothing.
    """

    kind: str
    read: int
    good: int
    taken: int
    known: tuple[int, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    import_id: UUID | None = None

    @property
    def refused(self) -> int:
        return len({problem.line for problem in self.problems})


class Overtaken(Exception):
    """Somebody else wrote the same client or visit while the file was being taken; nothing of it was."""


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
    tx: Transaction, kind: FileKind[RowT, NewT], rows: Rows[RowT], manner: Manner, watch: Watch
) -> Report:
    """Take the good rows in; with a bad one among them none, unless ``manner`` is partial.

    All of a file is one transaction, however long it is: a power cut in the middle would otherwise leave a
    part of it, which nobody could tell from a file that was taken with ``PARTIAL``. What can be done without
    the database (``read_rows``) comes before it, because on SQLite everybody else waits meanwhile.
    Raises ``Overtaken``, which undoes everything.
    """
    new, report = _judge(tx, kind, rows)
    if not new or (report.problems and manner is Manner.ALL_OR_NOTHING):
        return report
    import_id = tx.add(
        Import,
        kind=kind.name,
        file_hash=rows.sheet.sha256,
        rows=len(new),
        recorded_at=tx.now,
        actor=str(tx.actor),
    )
    try:
        kind.take(tx, (good.new for good in watch(new)), import_id)
    except (NicknameTaken, IntegrityError):
        raise Overtaken from None
    tx.audit("import", kind.name, import_id, f"{len(new)} rows")
    return replace(report, taken=len(new), import_id=import_id)


def _judge(
    reading: Reading, kind: FileKind[RowT, NewT], rows: Rows[RowT]
) -> tuple[tuple[Take[NewT], ...], Report]:
    verdicts = tuple(kind.match(reading, rows.lines))
    new = tuple(verdict for verdict in verdicts if isinstance(verdict, Take))
    refused = (verdict for verdict in verdicts if isinstance(verdict, Refused))
    return new, Report(
        kind=kind.name,
        read=len(rows.lines),
        good=len(new),
        taken=0,
        known=tuple(verdict.line for verdict in verdicts if isinstance(verdict, AlreadyKnown)),
        problems=tuple(problem for verdict in refused for problem in verdict.problems),
        notes=(*rows.notes, *kind.advise(new)),
    )


_SHOWN_LINES = 20


def lines(numbers: Iterable[int]) -> str:
    """Line numbers for a sentence: the first of them, and how many more."""
    every = list(numbers)
    shown = ", ".join(map(str, every[:_SHOWN_LINES]))
    more = f" and {len(every) - _SHOWN_LINES} more" if len(every) > _SHOWN_LINES else ""
    return f"{'line' if len(every) == 1 else 'lines'} {shown}{more}"
