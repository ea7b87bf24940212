"""What a Mentor Mother's screens may know behind her PIN: codes, and of one client at a time more."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from service.domain.people import ClientState
from service.domain.tasks import TaskKind


@dataclass(frozen=True)
class Child:
    id: UUID
    nickname: str


class Expected(StrEnum):
    """A visit on her list: today, or on a day of which nobody recorded who came."""

    TODAY = "expected"
    NOT_KNOWN = "did_she_come"


@dataclass(frozen=True)
class Item:
    """One line of the list. ``code`` is empty where nobody knows the client."""

    what: TaskKind | Expected
    code: str
    task: UUID | None = None


@dataclass(frozen=True)
class OpenVisit:
    """The latest visit up to today at which nobody has recorded her; ``missed`` if it was found missed."""

    id: UUID
    day: date
    missed: bool = False


@dataclass(frozen=True)
class Sampled:
    """A child, and the day of its last sample whose result is not in yet."""

    child: Child
    waits_since: date | None
    pending: bool = False


@dataclass(frozen=True)
class Case:
    """A client as her Mentor Mother sees her on a phone. ``alert`` is a danger that nobody has yet."""

    id: UUID
    code: str
    nickname: str
    state: ClientState
    next_day: date | None = None
    to_mark: OpenVisit | None = None
    alert: UUID | None = None
    children: tuple[Sampled, ...] = ()


@dataclass(frozen=True)
class Caller:
    """Somebody whom nobody knows, who asks for something. ``number`` as it is dialled."""

    task: UUID
    what: TaskKind
    number: str


@dataclass(frozen=True)
class UnclosedDay:
    """A day that nobody has closed at a site of hers, and how many visits of it nobody has marked."""

    site_id: UUID
    site: str
    day: date
    unmarked: int


@dataclass(frozen=True)
class Named:
    """A colleague or a site that she may choose."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Week:
    """What she did since Monday, and what is still open."""

    came: int
    missed: int
    contacts: int
    enrolled: int
    open_tasks: int


class Desk(Protocol):
    """Read when asked; whoever is not in her care does not exist here."""

    def alerts(self) -> tuple[Item, ...]:
        """Dangers that nobody has yet, the oldest first."""

    def todo(self) -> tuple[Item, ...]:
        """What waits for her today, the most urgent first."""

    def find(self, typed: str) -> str | None:
        """The code of the client whose code or full number was typed."""

    def case(self, code: str) -> Case | None: ...

    def stranger(self, task_id: UUID) -> Caller | None: ...

    def code_word(self, task_id: UUID) -> str | None:
        """What the client must say before she is spoken to of what the task is about."""

    def unclosed(self) -> tuple[UnclosedDay, ...]:
        """The days that she may close, the oldest first."""

    def colleagues(self) -> tuple[Named, ...]:
        """Who could act for her while she is away."""

    def sites_like(self, beginning: str) -> tuple[Named, ...]:
        """Other sites whose name begins so."""

    def week(self) -> Week: ...
