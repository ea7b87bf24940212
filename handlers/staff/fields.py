"""What was chosen or written in a form. What no page of ours offers is a bad request."""

from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from flask import abort, request

E = TypeVar("E", bound=StrEnum)


def chosen(kind: type[E], name: str) -> E | None:
    """One of a closed list; nothing where nothing was chosen."""
    return member(kind, value) if (value := request.form.get(name, "")) else None


def chosen_all(kind: type[E], name: str) -> frozenset[E]:
    return frozenset(member(kind, value) for value in request.form.getlist(name))


def chosen_day(name: str) -> date:
    return day_of(request.form.get(name, ""))


def chosen_time(name: str) -> time | None:
    """A local hour; nothing where none was named."""
    typed = request.form.get(name, "")
    try:
        return time.fromisoformat(typed) if typed else None
    except ValueError:
        return abort(400)


def day_of(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return abort(400)


def member(kind: type[E], value: str) -> E:
    """The one of a closed list that somebody named."""
    try:
        return kind(value)
    except ValueError:
        return abort(400)
