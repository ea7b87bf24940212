"""Every word that a reader might see in a text, however it was typed: ``H.I.V``, ``p1lls``, ``cli nic``."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

_APOSTROPHES: Final = re.compile("['’‘‚‛ʹʼʽ`´′]")
_LATIN: Final = re.compile(r"LATIN (?:\w+ )?LETTER (?:SMALL CAPITAL )?(?:DOTLESS )?([A-Z]{1,2})(?: WITH .*)?")
_LIKE_A_LETTER: Final = {"ß": "B", "ſ": "s"}
_TURNS_AROUND: Final = frozenset({"RLE", "RLO", "RLI", "LRO"})
"""Classes of invisible marks that make a phone show letters in another order."""

_WORDS: Final = re.compile(r"[^\W_]+")
_WORDS_WITH_SIGNS: Final = re.compile(r"(?:[^\W_]|[@$!|+(<¡§€£](?=[\W_]*[^\W_]))+")
_AS_LETTERS: Final = str.maketrans("0234578@$!|+(<¡§€£", "ozeastbasiitccisel")
_EITHER: Final = tuple(_AS_LETTERS | str.maketrans("69", letters) for letters in ("bg", "gq"))
"""Digits and signs as the letters that they look like; some look like two."""

_DOUBLED: Final = re.compile(r"(.)\1+")

_LONGEST_RUN: Final = 12
"""Pieces into which somebody may have cut a word."""

_LONGEST_WORD: Final = 24


@cache
def _shown(letter: str) -> str:
    if letter.isascii():
        return letter
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return ""
    latin = _LATIN.fullmatch(unicodedata.name(letter, ""))
    return latin[1] if latin else _LIKE_A_LETTER.get(letter, letter)


def unmasked(text: str) -> str:
    """``text`` without accents, apostrophes and invisible characters, its Latin letters plain."""
    plain = _APOSTROPHES.sub("", text)
    if plain.isascii():
        return plain
    return "".join(map(_shown, unicodedata.normalize("NFKD", plain)))


def folded(text: str) -> tuple[str, ...]:
    """The words of ``text`` in small plain letters."""
    return tuple(_WORDS.findall(unmasked(text).casefold()))


def strange_to(text: str, alphabet: frozenset[str]) -> bool:
    """Whether there is something in ``text`` that only looks like a letter of ours, or turns letters around.

    ``alphabet`` are the letters beyond the Latin ones that our own texts use.
    """
    if text.isascii():
        return False
    turned = any(unicodedata.bidirectional(letter) in _TURNS_AROUND for letter in text)
    return turned or any(map(alphabet.isdisjoint, strange_letters(text)))


def strange_letters(text: str) -> Iterator[str]:
    """Everything in ``text`` that is neither Latin nor a stop or a space."""
    return (
        letter
        for letter in unmasked(text)
        if not letter.isascii() and unicodedata.category(letter)[0] not in "PZ"
    )


def lines_of_words(text: str) -> Iterator[tuple[str, ...]]:
    """The words of ``text`` in their order: as they stand, and with signs that stand for letters."""
    plain = unmasked(text).casefold()
    lines = (tuple(words.findall(plain)) for words in (_WORDS, _WORDS_WITH_SIGNS))
    yield from dict.fromkeys(lines)


def runs(words: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """What some words spell that stand side by side, and how many they are."""
    for first in range(len(words)):
        run = ""
        for count, word in enumerate(words[first : first + _LONGEST_RUN], start=1):
            run += word
            if count > 1 and len(run) > _LONGEST_WORD:
                break
            yield run, count


def looks(word: str) -> str:
    """The folded word as the eye takes it in: an l or a 1 is an i, as in ``HlV``."""
    return word.replace("l", "i").replace("1", "i")


def as_letters(word: str) -> Iterator[str]:
    """How the folded word looks as it stands, and with its digits and signs taken for letters."""
    yield looks(word)
    if not word.isalpha() and any(map(str.isalpha, word)):
        yield from (looks(word.translate(table)) for table in _EITHER)


def spellings(word: str) -> Iterator[str]:
    """The same, and without a number before or behind it (``tb1``)."""
    yield from as_letters(word)
    if not word.isalpha():
        yield looks(word.strip("0123456789"))


def squeezed(word: str) -> str:
    """The word without its double letters: ``cliniic`` looks like ``clinic``."""
    return _DOUBLED.sub(r"\1", word)
