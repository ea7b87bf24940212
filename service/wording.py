"""The word gate: no text may tell a reader over her shoulder what a client came for.

It guards against slips, in a template, in a variable or in what staff type; not against somebody who wants
to get a word through.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from types import MappingProxyType
from typing import Final

from service.domain.people import Wording

Words = tuple[str, ...]

# --- folding: many ways of writing, one way of matching --------------------------------------------------

_APOSTROPHES: Final = re.compile("['’‘‚‛ʹʼʽ`´′]")
_LOOK_ALIKES: Final = str.maketrans(
    "АВЕЗНІЈКМОРСТУХЅабвеиіјкмнорстухѕѵһԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεηικνορτυχγ" + "ıɩɑᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠ",
    "ABE3HIJKMOPCTYXSabBeuijkMHopcTyxsvhdqw" + "ABEZHIKMNOPTYXaenikvoptuxy" + "iiaabcdeghijklmnoprtuv",
)
"""Cyrillic, Greek and small-capital letters that look like Latin ones."""

_LEET: Final = str.maketrans("034578@$!|+", "oeastbasiit")
_ONES: Final = ("i", "l")
"""A 1 is written for either letter."""

_SHORTEST_LEET: Final = 3

_LETTERS_AND_DIGITS: Final = re.compile(r"[^\W_]+")
_LEET_CHUNK: Final = re.compile(r"[^\W_]|[@$!|+]")


def _unmasked(text: str) -> str:
    """``text`` without accents, apostrophes and invisible characters, in Latin letters where they look so."""
    plain = _APOSTROPHES.sub("", text)
    if plain.isascii():
        return plain
    spread = unicodedata.normalize("NFKD", plain).translate(_LOOK_ALIKES)
    return "".join(letter for letter in spread if unicodedata.category(letter) not in ("Mn", "Cf"))


def _folded(text: str) -> Words:
    return tuple(_LETTERS_AND_DIGITS.findall(_unmasked(text).casefold()))


def _candidates(text: str) -> Iterator[str]:
    """Every word that a reader might see in ``text``, folded; the same word may come more than once."""
    unmasked = _unmasked(text)
    words = _LETTERS_AND_DIGITS.findall(unmasked)
    yield from (word.casefold() for word in words)
    yield from chain.from_iterable(map(_swapped, words))
    for chunk in unmasked.split():
        yield "".join(_LETTERS_AND_DIGITS.findall(chunk)).casefold()
        yield from _unleeted("".join(_LEET_CHUNK.findall(chunk)))
    yield from _spelt_out(words)


def _swapped(word: str) -> Iterator[str]:
    """``HlV`` and ``cIinic``: an l for an I and the reverse, betrayed by the case of the rest."""
    if "l" in word and word.replace("l", "").isupper():
        yield word.replace("l", "i").casefold()
    if "I" in word[1:] and word.replace("I", "").islower():
        yield word.replace("I", "l")


def _unleeted(chunk: str) -> Iterator[str]:
    """``H1V`` and ``p!ll``, but not the house 7B: three at least, half of them letters."""
    letters = sum(map(str.isalpha, chunk))
    if len(chunk) >= _SHORTEST_LEET and len(chunk) <= 2 * letters < 2 * len(chunk):
        for one in _ONES:
            plain = chunk.casefold().translate(_LEET).replace("1", one)
            yield plain
            yield plain.rstrip("i")  # a mark of exclamation may be just that


_LONGEST_SPELT: Final = 8


def _spelt_out(words: list[str]) -> Iterator[str]:
    """``H I V``: what runs of single letters spell."""
    for start in range(len(words)):
        spelt = ""
        for word in words[start : start + _LONGEST_SPELT]:
            if len(word) > 1:
                break
            spelt += word.casefold()
            if len(spelt) > 1:
                yield spelt


# --- the gate --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Lexicon:
    """Listed words by their folded form; the values are the words as they are listed."""

    whole: Mapping[str, str]
    beginnings: Mapping[str, str]
    phrases: Mapping[str, str]

    def find(self, text: str) -> Iterator[str]:
        starts = tuple(self.beginnings)
        for word in _candidates(text):
            if word in self.whole:
                yield self.whole[word]
            elif word.startswith(starts):
                yield next(listed for start, listed in self.beginnings.items() if word.startswith(start))
        spaced = f" {' '.join(_folded(text))} "
        yield from (listed for phrase, listed in self.phrases.items() if phrase in spaced)


@cache
def _lexicon(words: Words) -> _Lexicon:
    whole: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for listed in words:
        folded = _folded(listed)
        if len(folded) > 1:
            phrases[f" {' '.join(folded)}" + ("" if listed.endswith("*") else " ")] = listed
        elif folded:
            (beginnings if listed.endswith("*") else whole)[folded[0]] = listed
    return _Lexicon(whole, beginnings, phrases)


@dataclass(frozen=True)
class Gate:
    """Which words each tier refuses; those of ``T1`` are refused at ``T0`` too."""

    refused: Mapping[Wording, Words]

    def hits(self, text: str, tier: Wording, extra_words: Words = ()) -> Words:
        """The refused words in ``text``, as they are listed; none means that it may be sent.

        ``text`` is the rendered one, variables and all. ``extra_words`` are names of sites.
        """
        listed = (_lexicon(self._words(tier)), _lexicon(extra_words))
        return tuple(dict.fromkeys(chain.from_iterable(lexicon.find(text) for lexicon in listed)))

    def _words(self, tier: Wording) -> Words:
        always = self.refused[Wording.T1]
        return always if tier is Wording.T1 else always + self.refused[Wording.T0]

    def plus(self, tier: Wording, words: Iterable[str]) -> "Gate":
        """This gate with more words at ``tier``; there is no way to take one out."""
        more = {**self.refused, tier: (*self.refused[tier], *words)}
        return Gate(MappingProxyType(more))


@cache
def shipped_gate() -> Gate:
    """The gate as it ships; a folder of own texts may add words to it and remove none."""
    table = tomllib.loads(files("templates_sms").joinpath("gate.toml").read_text("utf-8"))
    refused = {tier: tuple(chain.from_iterable(table[tier].values())) for tier in (Wording.T0, Wording.T1)}
    return Gate(MappingProxyType(refused))
