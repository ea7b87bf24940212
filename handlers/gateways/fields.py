"""What the fields of a provider's form turn out to hold. Nothing here raises, whatever was sent."""

import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from service.domain.phone import Phone
from service.phones import PhoneFault, read_phone

Form = Mapping[str, str]

_IDENTIFIER: Final = re.compile(r"[!-~]{1,128}")
_NOT_OF_A_WORD: Final = re.compile(r"[^A-Za-z _-]")
_NUMBER: Final = re.compile(r"\+?([1-9][0-9]{6,14})")
SHORTEST_FULL: Final = 10
"""Digits of the shortest full mobile numbers, country code included; local ones have fewer."""

_COUNT: Final = re.compile(r"[0-9]{1,6}")

SHORTEST_BASE_64: Final = 60
"""Of 45 bytes, which by chance are never all printable; of three bytes, one word in some hundreds is."""


def prose(form: Form, name: str) -> str:
    """What a person wrote. Without NUL and broken characters, which databases refuse."""
    return form.get(name, "").replace("\0", "").encode("utf-8", "replace").decode()


def out_of_base64(text: str) -> str:
    """``text``, or what it says in base 64 where it cannot be anything else.

    That is: it is long, mixes cases and digits, and hides nothing but printable characters with blanks
    between them.
    """
    packed = text.replace("\r", "").replace("\n", "")
    mixed = all(any(map(kind, packed)) for kind in (str.isupper, str.islower, str.isdigit))
    if len(packed) < SHORTEST_BASE_64 or not mixed:
        return text
    try:
        hidden = b64decode(packed, validate=True).decode()
    except ValueError:
        return text
    printable = hidden.replace("\r", "").replace("\n", "").isprintable()
    return hidden if printable and " " in hidden else text


def identifier(form: Form, name: str) -> str:
    """A provider's id or code; empty when there is none or it is like none that a provider makes."""
    written = form.get(name, "").strip()
    return written if _IDENTIFIER.fullmatch(written) else ""


def word(form: Form, name: str) -> str:
    """A status word. Digits go, so that nobody's number reaches a log or a metric in its place."""
    return _NOT_OF_A_WORD.sub("", form.get(name, ""))[:40]


def number(form: Form, name: str) -> str:
    """The digits of an international number; empty for a name (``MTN``) or a short code.

    An unencoded ``+`` arrives as a blank.
    """
    found = _NUMBER.fullmatch(form.get(name, "").strip())
    return found[1] if found else ""


def phone(form: Form, name: str) -> Phone | None:
    """Whoever writes or calls, from whichever country; where texts may go is decided elsewhere.

    Providers write numbers in full, with or without the ``+``; a local form is read as such. Numbering plans
    grow: a full number that ours does not know yet is somebody's all the same, for the network has just
    carried her here.
    """
    digits = number(form, name)
    full = read_phone(f"+{digits}", allowed=("+",))
    if isinstance(full, Phone):
        return full
    local = read_phone(digits, allowed=("+",))
    if isinstance(local, Phone):
        return local
    unknown = full.reason is PhoneFault.NOT_VALID and len(digits) >= SHORTEST_FULL
    return Phone(f"+{digits}") if unknown else None


def moment(form: Form, name: str) -> datetime | None:
    """A date and time, in UTC where the provider names no zone."""
    try:
        read = datetime.fromisoformat(form.get(name, "").strip())
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def count(form: Form, name: str) -> int | None:
    written = form.get(name, "").strip()
    return int(written) if _COUNT.fullmatch(written) else None
