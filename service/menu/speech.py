"""From a ``Say`` to the words that a phone shows."""

from datetime import date
from typing import Protocol

from service import gsm
from service.menu.screen import Field, Say


class Words(Protocol):
    """The texts, as ``service.texts`` has them."""

    def say(self, key: str, language: str, **fields: str) -> str: ...
    def day(self, day: date, language: str, /) -> str: ...


def said(words: Words, language: str, what: Say) -> str:
    """The words of ``what`` as the network will carry them, in plain GSM-7 letters."""
    fields = {name: _written(words, language, value) for name, value in what.fields}
    return gsm.downgrade(words.say(what.key, language, **fields), language).text


def _written(words: Words, language: str, value: Field) -> str:
    return words.day(value, language) if isinstance(value, date) else str(value)
