"""What someone typed, reduced to plain words and digits."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_APOSTROPHES: Final = re.compile("['’‘‚‛ʹʻʼʽˈ`´′]")
_WORDS: Final = re.compile(r"[^\W_]+")
_ENDS: Final = re.compile(r"[.,;:!?\n()]+")
_SPELT_OUT: Final = re.compile(r"\b(?:[a-z] ){2,}[a-z]\b")
_HELD_KEY: Final = re.compile(r"([a-z])\1{2,}")
_ZERO_AS_LETTER: Final = re.compile(r"(?<=[a-z])0(?=[a-z])")
_INVISIBLE: Final = ("Mn", "Me", "Cf")


def folded(text: str) -> str:
    """Small letters without accents, ASCII digits, single spaces; apostrophes vanish (``can't``: ``cant``).

    A word that is spelt out (``S.T.O.P``) is joined, a held key (``stopppp``) becomes one letter.
    """
    spread = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    shown = "".join(_plain(letter) for letter in spread if unicodedata.category(letter) not in _INVISIBLE)
    words = " ".join(_WORDS.findall(shown.casefold()))
    joined = _SPELT_OUT.sub(lambda letters: letters[0].replace(" ", ""), words)
    return _ZERO_AS_LETTER.sub("o", _HELD_KEY.sub(r"\1", joined))


def clauses(text: str) -> Iterator[str]:
    """The folded parts of ``text`` between stops: ``No. Bleeding`` is not ``no bleeding``."""
    return map(folded, _ENDS.split(text))


def _plain(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(int(digit))
