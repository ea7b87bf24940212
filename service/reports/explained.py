"""What indicators mean, in the languages of those who read the figures."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from service.reports.counting.definitions import Definitions, WrongDefinitions

_CLOSED: Final = ConfigDict(extra="forbid")
TRANSLATED: Final = ("st",)


@dataclass(frozen=True)
class Said:
    """What an indicator is called and what it counts."""

    __pydantic_config__ = _CLOSED

    title: str
    means: str


@dataclass(frozen=True)
class Explained:
    """The rules of a version in one language. ``review`` says who still has to read them, if anybody has."""

    __pydantic_config__ = _CLOSED

    version: str
    words: Mapping[str, str]
    said: Mapping[str, Said]
    review: str = ""


def explained(definitions: Definitions, language: str) -> Explained:
    """In a language, or as the rules themselves say it. Raises ``WrongDefinitions``."""
    if language in TRANSLATED:
        return _translated(language)
    rules = definitions.rules
    return Explained(
        rules.version, rules.words, {one.id: Said(one.title, one.means) for one in rules.indicator}
    )


@cache
def _translated(language: str) -> Explained:
    text = files("service.reports").joinpath(f"indicators.{language}.toml").read_text("utf-8")
    return read(text)


def read(text: str) -> Explained:
    """From the text of a translation. Raises ``WrongDefinitions``."""
    try:
        return TypeAdapter(Explained).validate_python(tomllib.loads(text))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise WrongDefinitions(str(error)) from None


def problems(definitions: Definitions, translated: Explained) -> Iterator[str]:
    """What a translation lacks, has too much, or says of another version of the rules."""
    rules = definitions.rules
    if translated.version != rules.version:
        yield f"It is of version {translated.version}, and the rules are of {rules.version}."
    for name, mine, theirs in (
        ("words", set(rules.words), set(translated.words)),
        ("said", set(definitions.indicators), set(translated.said)),
    ):
        yield from (f"{name}: {one} is missing." for one in sorted(mine - theirs))
        yield from (f"{name}: the rules have no {one}." for one in sorted(theirs - mine))
