"""What was chosen or written in a form. What no page of ours offers is a bad request."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import abort, request

E = TypeVar("E", bound=StrEnum)


def chosen(kind: type[E], name: str) -> E | None:
    """One of a closed list; nothing where nothing was chosen."""
    return _member(kind, value) if (value := request.form.get(name, "")) else None


def chosen_all(kind: type[E], name: str) -> frozenset[E]:
    return frozenset(_member(kind, value) for value in request.form.getlist(name))


def chosen_day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return abort(400)


def _member(kind: type[E], value: str) -> E:
    try:
        return kind(value)
    except ValueError:
        return abort(400)
