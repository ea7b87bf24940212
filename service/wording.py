"""The word gate: no text may tell a reader over her shoulder what a client came for.

It guards against slips and tricks: in a template, in a variable, in what staff type, and where they meet.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import chain
from types import MappingProxyType
from typing import Final

from service.disguises import (
    as_letters,
    folded,
    lines_of_words,
    runs,
    spellings,
    squeezed,
    strange_letters,
    strange_to,
)
from service.domain.people import Wording

Words = tuple[str, ...]

STRANGE: Final = "letters of another alphabet"
"""What a hit is called that is no listed word."""

_LONG: Final = 5
"""Letters of a listed word that is hardly ever a part of another word, or of two, by chance."""


_A_NUMBER: Final = 4
"""Digits that may be a phone number, a client's code or a PIN."""


@dataclass(frozen=True)
class _Lexicon:
    """Listed words by what they look like; the values are the words as they are listed.

    ``stems`` take any ending. ``squeezed`` has the words without double letters, with their true lengths.
    ``phrases`` are of several words, with a space before and behind.
    """

    whole: Mapping[str, str]
    stems: Mapping[str, str]
    squeezed: Mapping[str, tuple[str, int]]
    phrases: Mapping[str, str]

    def find(self, text: str) -> Iterator[str]:
        """The listed words that a reader may see in ``text``; the same one may come more than once."""
        for words in lines_of_words(text):
            for run, count in runs(words):
                stems = self._stems if count == 1 else self._long_stems
                yield from chain.from_iterable(self._named(word, stems) for word in spellings(run))
                yield from self._doubled(run)
            spaced = f" {' '.join(words)} "
            yield from (listed for phrase, listed in self.phrases.items() if phrase in spaced)

    @cached_property
    def _stems(self) -> Words:
        return tuple(self.stems)

    @cached_property
    def _long_stems(self) -> Words:
        return tuple(stem for stem in self.stems if len(stem) >= _LONG)

    def _named(self, word: str, stems: Words) -> Iterator[str]:
        if word in self.whole:
            yield self.whole[word]
        if word.startswith(stems):
            yield from (self.stems[stem] for stem in stems if word.startswith(stem))

    def _doubled(self, word: str) -> Iterator[str]:
        plain = squeezed(word)
        listed, length = self.squeezed.get(plain, ("", 0)) if plain != word else ("", 0)
        if listed and length <= len(word):
            yield listed

    def find_within(self, text: str) -> Iterator[str]:
        """The long listed words that stand within others in ``text``."""
        for spelt in spellings("".join(folded(text))):
            yield from (listed for word, listed in self.whole.items() if len(word) >= _LONG and word in spelt)


@lru_cache(maxsize=16)
def _lexicon(words: Words) -> _Lexicon:
    parts = {listed: folded(listed) for listed in words}
    together = {listed: "".join(parts[listed]) for listed in reversed(words)}
    whole = {look: listed for listed, word in together.items() for look in as_letters(word)}
    return _Lexicon(
        whole=whole,
        stems={look: listed for look, listed in whole.items() if listed.endswith("*")},
        squeezed={squeezed(word): (listed, len(word)) for listed, word in together.items()},
        phrases={_phrase(listed): listed for listed in words if len(parts[listed]) > 1},
    )


@lru_cache(maxsize=4096)
def seen(words: Words, text: str) -> Words:
    """Those of the listed ``words`` that a reader may see in ``text``.

    A text is looked through when it is written and when it leaves, so what was found is kept for a while.
    """
    return tuple(dict.fromkeys(_lexicon(words).find(text)))


def _phrase(listed: str) -> str:
    return f" {' '.join(folded(listed))}" + ("" if listed.endswith("*") else " ")


class NameFault(StrEnum):
    """Why nobody can be called so in a text."""

    REVEALS = "A text may not say this word, because it may disclose something; write another name."
    STRANGE = "A text shows Latin letters only; write the name with them."
    NUMBER = "This looks like a number; a name may have three digits at most."


@dataclass(frozen=True)
class Gate:
    """Which words each tier refuses; those of ``T1`` are refused at ``T0`` too.

    ``alphabet`` are the letters beyond the Latin ones that our own texts use.
    """

    refused: Mapping[Wording, Words]
    alphabet: frozenset[str] = frozenset()

    def hits(self, text: str, tier: Wording, extra_words: Words = ()) -> Words:
        """The refused words in ``text``, as they are listed; none means that it may be sent.

        ``text`` is the rendered one, variables and all. ``extra_words`` are names of sites.
        """
        found = seen(self._words(tier) + extra_words, text)
        return (*found, STRANGE) if strange_to(text, self.alphabet) else found

    def name_fault(self, name: str, sites: Words = ()) -> NameFault | None:
        """Why no text may call anybody ``name``, whatever she agreed to; ``None`` if it may.

        What staff type must pass more than a rendered text: it may not hold a long listed word within another
        either.
        """
        if strange_to(name, self.alphabet):
            return NameFault.STRANGE
        if sum(map(str.isdigit, name)) >= _A_NUMBER:
            return NameFault.NUMBER
        within = _lexicon(self.refused[Wording.T1]).find_within(name)
        return NameFault.REVEALS if self.hits(name, Wording.T0, sites) or any(within) else None

    def _words(self, tier: Wording) -> Words:
        always = self.refused[Wording.T1]
        return always if tier is Wording.T1 else always + self.refused[Wording.T0]

    def plus(self, tier: Wording, words: Iterable[str]) -> "Gate":
        """This gate with more words at ``tier``; there is no way to take one out."""
        return replace(self, refused=MappingProxyType({**self.refused, tier: (*self.refused[tier], *words)}))

    def reading(self, texts: Iterable[str]) -> "Gate":
        """This gate where ``texts`` are our own, so that their letters are no disguise."""
        return replace(self, alphabet=self.alphabet.union(*map(strange_letters, texts)))


@cache
def listed(section: str) -> Words:
    """The words of every language in one section of ``gate.toml``."""
    table = tomllib.loads(files("templates_sms").joinpath("gate.toml").read_text("utf-8"))
    return tuple(chain.from_iterable(table[section].values()))


@cache
def shipped_gate() -> Gate:
    """The gate as it ships; a folder of own texts may add words to it and remove none."""
    return Gate(MappingProxyType({tier: listed(tier) for tier in (Wording.T0, Wording.T1)}))
