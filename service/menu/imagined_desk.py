"""The desk of a Mentor Mother who never was: an empty one, and those with the longest values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from service.domain.people import ClientState
from service.domain.tasks import TaskKind
from service.menu.desk import (
    Caller,
    Case,
    Child,
    Expected,
    Item,
    Named,
    OpenVisit,
    Sampled,
    UnclosedDay,
    Week,
)

_ID: Final = UUID(int=9)
_NO_WEEK: Final = Week(0, 0, 0, 0, 0)
_LONGEST_CODE: Final = "0000000"
_LONGEST_NAME: Final = "W" * 10
_LONGEST_SITE: Final = "W" * 30
_LONGEST_NUMBER: Final = "+000000000000000"


@dataclass(frozen=True)
class ImaginedDesk:
    """The desk as plain values."""

    dangers: tuple[Item, ...] = ()
    items: tuple[Item, ...] = ()
    cases: tuple[Case, ...] = ()
    caller: Caller | None = None
    days: tuple[UnclosedDay, ...] = ()
    others: tuple[Named, ...] = ()
    done: Week = _NO_WEEK

    def alerts(self) -> tuple[Item, ...]:
        return self.dangers

    def todo(self) -> tuple[Item, ...]:
        return self.items

    def find(self, typed: str) -> str | None:
        found = self.case(typed)
        return found.code if found else None

    def case(self, code: str) -> Case | None:
        return next((one for one in self.cases if one.code == code), None)

    def stranger(self, task_id: UUID) -> Caller | None:
        return self.caller if self.caller and self.caller.task == task_id else None

    def code_word(self, task_id: UUID) -> str | None:
        return _LONGEST_NAME if task_id == _ID else None

    def unclosed(self) -> tuple[UnclosedDay, ...]:
        return self.days

    def colleagues(self) -> tuple[Named, ...]:
        return self.others

    def sites_like(self, beginning: str) -> tuple[Named, ...]:  # noqa: ARG002
        return self.others

    def week(self) -> Week:
        return self.done


NO_DESK: Final = ImaginedDesk()


def desks(longest_day: date) -> Iterator[ImaginedDesk]:
    """A client of whom everything is to be said, one of whom nothing is, and lists that fill pages."""
    child, other = Child(UUID(int=10), _LONGEST_NAME), Child(UUID(int=11), _LONGEST_NAME)
    full = Case(
        _ID,
        _LONGEST_CODE,
        _LONGEST_NAME,
        ClientState.MUTED,
        next_day=longest_day,
        to_mark=OpenVisit(_ID, longest_day),
        alert=_ID,
        children=(Sampled(child, longest_day, pending=True), Sampled(other, None)),
    )
    what = (TaskKind.DANGER, *Expected, TaskKind.SAFETY, TaskKind.CALL_ME, TaskKind.INCIDENT)
    busy = ImaginedDesk(
        dangers=(Item(TaskKind.DANGER, _LONGEST_CODE, _ID),),
        items=(*(Item(one, _LONGEST_CODE, _ID) for one in what), Item(TaskKind.CALL_ME, "", _ID)),
        cases=(full,),
        caller=Caller(_ID, TaskKind.CALL_ME, _LONGEST_NUMBER),
        days=tuple(UnclosedDay(UUID(int=n), _LONGEST_SITE, longest_day, 999) for n in (12, 13)),
        others=tuple(Named(UUID(int=n), _LONGEST_SITE) for n in range(14, 17)),
        done=Week(999, 999, 999, 999, 999),
    )
    yield busy
    plain = Case(_ID, _LONGEST_CODE, _LONGEST_NAME, ClientState.PENDING, next_day=longest_day)
    yield replace(busy, dangers=(), cases=(plain,), days=busy.days[:1])
    quiet = replace(plain, next_day=None, state=ClientState.ACTIVE)
    yield replace(busy, dangers=(), items=(), days=(), cases=(quiet,), caller=None)
