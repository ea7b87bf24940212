"""How an SMS is encoded, how many parts it takes, and what Sesotho must become to stay cheap.

Alphabet: 3GPP TS 23.038, the default one and its extension table. Sesotho has no national shift table.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final

BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = "^{}\\[~]|€\f"
"""Each of these is an escape and a second septet; the two are never parted."""

LARGEST_PARTS: Final = 255
"""The number of parts is one byte in the concatenation header."""


class Encoding(StrEnum):
    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True)
class _Room:
    """Units that fit a text sent alone, and each part of a longer one (the header takes the rest)."""

    alone: int
    part: int


_ROOM: Final = {Encoding.GSM7: _Room(160, 153), Encoding.UCS2: _Room(70, 67)}

_PLAIN: Final = re.compile(r"[\n\r -Z_a-z]*")
_GSM: Final = re.compile(f"[{re.escape(BASIC + EXTENSION)}]*")
_NOT_GSM: Final = re.compile(f"[^{re.escape(BASIC + EXTENSION)}]")
_ESCAPED: Final = re.compile(f"[{re.escape(EXTENSION)}]")
_PAIRED: Final = re.compile("[\U00010000-\U0010ffff]")
_BROKEN: Final = re.compile("[\ud800-\udfff]")


class Unsendable(ValueError):
    """A text that no SMS can carry; the message says why."""


@dataclass(frozen=True)
class Measured:
    """``units`` are septets in GSM-7 (an extension character is two) and UTF-16 units in UCS-2."""

    encoding: Encoding
    units: int
    segments: int


def measure(text: str) -> Measured:
    """What ``text`` costs exactly as it stands.

    Raises ``Unsendable`` for an empty text, half a surrogate pair, or more than ``LARGEST_PARTS`` parts.
    """
    if not text:
        raise Unsendable("The text is empty.")
    # Nearly every text is plain ASCII: one test and one pattern settle it without looking at characters.
    if text.isascii() and _PLAIN.fullmatch(text):
        return _measured(Encoding.GSM7, len(text), ())
    if _GSM.fullmatch(text):
        return _measured(Encoding.GSM7, len(text), (found.start() for found in _ESCAPED.finditer(text)))
    if _BROKEN.search(text):
        raise Unsendable("The text holds half of a character and cannot be encoded.")
    return _measured(Encoding.UCS2, len(text), (found.start() for found in _PAIRED.finditer(text)))


def _measured(encoding: Encoding, length: int, pairs: Iterable[int]) -> Measured:
    """``pairs`` are the places, in order, of the characters that take two units."""
    room = _ROOM[encoding]
    doubled = list(pairs)
    units = length + len(doubled)
    segments = 1 if units <= room.alone else _parts(length, doubled, room.part)
    if segments > LARGEST_PARTS:
        raise Unsendable(f"The text needs {segments} parts; an SMS has at most {LARGEST_PARTS}.")
    return Measured(encoding, units, segments)


def _parts(length: int, doubled: list[int], room: int) -> int:
    """A pair that would straddle two parts moves to the next, which leaves its last unit unused."""
    extra = 0
    for place in doubled:
        straddles = (place + extra) % room == room - 1
        extra += 2 if straddles else 1
    return -(-(length + extra) // room)


# --- downgrading -----------------------------------------------------------------------------------------

_SESOTHO: Final = {"tš": "ts'", "Tš": "Ts'", "TŠ": "TS'", "tŠ": "tS'"}
_SPELLINGS: Final = {"st": _SESOTHO, "en": _SESOTHO}
"""Letter pairs that a language writes in its own way without the accent.

An English text in Lesotho carries Sesotho names, so it spells them as Sesotho does."""


def _all(characters: str, plain: str) -> dict[str, str]:
    return dict.fromkeys(characters, plain)


_PLAIN_FORMS: Final = (
    _all("‘’‚‛ʹʻʼʽˈ`´′‵", "'")
    | _all("“”„‟«»″‶", '"')
    | _all("‹", "<")
    | _all("›", ">")
    | _all("‐‑‒–—―−⁃", "-")
    | _all("•‣", "*")
    | _all("…", "...")
    | _all(
        "\t\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
        " ",
    )
    | _all("\u2028\u2029\x85\v", "\n")
    # Zero-width characters, and the direction marks that phones wrap around a pasted number.
    | _all("\xad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", "")
    | _all("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "")
    # Letters that Unicode does not take apart.
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T"}
    | {"ı": "i", "ŋ": "n", "Ŋ": "N", "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O", "œ": "oe", "Œ": "OE"}
)

_MARKS: Final = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True)
class Downgraded:
    """``replaced`` and ``left`` name each character once, in the order in which it first occurs.

    ``left`` are the characters that have no plain form; one of them makes the whole text UCS-2.
    """

    text: str
    replaced: tuple[str, ...]
    left: tuple[str, ...]


def downgrade(text: str, language: str) -> Downgraded:
    """``text`` with everything that GSM-7 lacks in its plain form; what GSM-7 has stays as it is.

    Nothing ever becomes ``?``: a health text with a hole in it is worse than a dear one.
    """
    composed = unicodedata.normalize("NFC", text)
    if _GSM.fullmatch(composed):
        return Downgraded(composed, (), ())
    spellings = _SPELLINGS.get(language, {})
    pattern = re.compile("|".join(chain(map(re.escape, spellings), (_NOT_GSM.pattern,))))
    replaced: dict[str, None] = {}

    def plain(found: re.Match[str]) -> str:
        written = found[0]
        form = spellings.get(written, _plain_form(written))
        if form != written:
            replaced[written] = None
        return form

    downgraded = pattern.sub(plain, composed)
    return Downgraded(downgraded, tuple(replaced), tuple(dict.fromkeys(_NOT_GSM.findall(downgraded))))


def _plain_form(character: str) -> str:
    """The plain form of one character, or the character itself where it has none."""
    if character in _PLAIN_FORMS:
        return _PLAIN_FORMS[character]
    if _MARKS.match(character):
        return ""
    # Letters alone: taking the stroke from a sign such as ≠ would turn its meaning round.
    base = unicodedata.normalize("NFD", character)[0] if character.isalpha() else character
    return base if base in BASIC else _PLAIN_FORMS.get(base, character)


@dataclass(frozen=True)
class AsSent:
    """What goes to the gateway, what it costs, and what was changed or could not be."""

    text: str
    encoding: Encoding
    units: int
    segments: int
    replaced: tuple[str, ...]
    left: tuple[str, ...]


def as_sent(text: str, language: str) -> AsSent:
    """The one answer to "what would be sent": the terminal, the checks and the dispatcher all ask here.

    A text that stays UCS-2 in spite of every plain form keeps its own letters: the plain ones would save
    nothing there, often take more units (``ts'`` for ``tš``), and break joined emoji.
    Raises ``Unsendable`` as ``measure`` does.
    """
    down = downgrade(text, language)
    if down.left:
        return _sent(unicodedata.normalize("NFC", text), (), down.left)
    return _sent(down.text, down.replaced, ())


def _sent(text: str, replaced: tuple[str, ...], left: tuple[str, ...]) -> AsSent:
    measured = measure(text)
    return AsSent(text, measured.encoding, measured.units, measured.segments, replaced, left)
