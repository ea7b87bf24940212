"""Telephone numbers as people, spreadsheets and webhooks write them.

A number that is not plainly one number is refused with a reason: a guess would send somebody's dates to a
stranger.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from service.domain.phone import Phone

LESOTHO_MOBILES: Final = ("+2665", "+2666")


class PhoneFault(StrEnum):
    """Why a number was refused; the value is a sentence for whoever typed it."""

    EMPTY = "There is no number."
    TWO_NUMBERS = "There is more than one number here; write one."
    EXTENSION = "The number has an extension; a text cannot reach it."
    ROUNDED = "The spreadsheet has rounded the number; format the column as text and type it again."
    NOT_A_NUMBER = "There are characters here that do not belong in a number."
    NOT_VALID = "No phone has this number; check its digits."
    NOT_MOBILE = "This is not a mobile number; it cannot get texts."
    NOT_ALLOWED = "Numbers of this network or country are not allowed here."


@dataclass(frozen=True)
class BadPhone:
    """What was typed is not kept: a wrong number is often nearly somebody's right one."""

    reason: PhoneFault

    def __str__(self) -> str:
        return self.reason.value


_PLAIN_LESOTHO: Final = re.compile(r"\s*(?:\+266|00266|266)?([56][0-9]{7})\s*", re.ASCII)

_SCHEME: Final = re.compile(r"(?:tel|sms|whatsapp):", re.IGNORECASE)
_SPREADSHEET_MARKS: Final = re.compile(r"""(?:=?"(?P<quoted>[^"]*)"|'(?P<marked>[^']*)'?)""")
_EXTENSION: Final = re.compile(r"(?:;|\b)ext|\d{6}\s*[x#]", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"[/,;&|\\]|\d\s*[a-z]+\s*[+\d]|[\d\s]\+|\n\s*\S", re.IGNORECASE)
_WRITTEN: Final = re.compile(r"\+*[\d\s().-]+")
_DASHES: Final = re.compile("[‐‑‒–—―−]")
_LONGEST: Final = 15
"""Digits of an international number (ITU-T E.164)."""

_POINT_ZERO: Final = re.compile(r"(\+?\d{7,15})\.0+")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_POWER: Final = re.compile(r"(\d)[.,](\d+)E\+?(\d{1,2})", re.IGNORECASE)

_MOBILE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def read_phone(
    typed: str, country: str = "LS", allowed: tuple[str, ...] = LESOTHO_MOBILES
) -> Phone | BadPhone:
    """The one mobile number in ``typed``, as dialled in ``country`` (ISO 3166 code).

    ``allowed`` are the beginnings, in E.164, of the numbers that may be used.
    """
    plain = _PLAIN_LESOTHO.fullmatch(typed)
    if plain and country == "LS":
        return _permitted(f"+266{plain[1]}", allowed)
    return _read_any(typed, country, allowed)


def _read_any(typed: str, country: str, allowed: tuple[str, ...]) -> Phone | BadPhone:
    written = _unwrapped(typed)
    exact = _from_spreadsheet(written)
    if exact is None:
        return BadPhone(PhoneFault.ROUNDED)
    fault = _fault_in_writing(exact)
    if fault:
        return BadPhone(fault)
    try:
        number = phonenumbers.parse(exact, country)
    except NumberParseException:
        return BadPhone(PhoneFault.NOT_VALID)
    return _judged(number, allowed)


def _judged(number: phonenumbers.PhoneNumber, allowed: tuple[str, ...]) -> Phone | BadPhone:
    if number.extension:
        return BadPhone(PhoneFault.EXTENSION)
    if not phonenumbers.is_valid_number(number):
        return BadPhone(PhoneFault.NOT_VALID)
    if phonenumbers.number_type(number) not in _MOBILE:
        return BadPhone(PhoneFault.NOT_MOBILE)
    return _permitted(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), allowed)


def _permitted(e164: str, allowed: tuple[str, ...]) -> Phone | BadPhone:
    return Phone(e164) if e164.startswith(allowed) else BadPhone(PhoneFault.NOT_ALLOWED)


def _unwrapped(typed: str) -> str:
    """``typed`` in ASCII digits, without invisible characters, a scheme, or marks that say "this is text"."""
    plain = unicodedata.normalize("NFKC", _DASHES.sub("-", typed))
    visible = "".join(_ascii_digit(c) for c in plain if unicodedata.category(c) != "Cf").strip()
    marked = _SPREADSHEET_MARKS.fullmatch(visible)
    bare = (marked["quoted"] or marked["marked"] or "") if marked else visible
    return _SCHEME.sub("", bare, count=1).strip() if _SCHEME.match(bare) else bare.strip()


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(int(digit))


def _from_spreadsheet(written: str) -> str | None:
    """``written`` with a spreadsheet's number format undone; ``None`` where digits were lost."""
    power = _POWER.fullmatch(written)
    if power:
        whole = Decimal(f"{power[1]}.{power[2]}").scaleb(int(power[3]))
        return f"{whole:.0f}" if len(power[2]) == int(power[3]) else None
    if _THOUSANDS.fullmatch(written):
        return written.replace(",", "")
    pointed = _POINT_ZERO.fullmatch(written)
    return pointed[1] if pointed else written


def _fault_in_writing(written: str) -> PhoneFault | None:
    if not written:
        return PhoneFault.EMPTY
    if _EXTENSION.search(written):
        return PhoneFault.EXTENSION
    if _SEVERAL.search(written) or sum(map(str.isdigit, written)) > _LONGEST:
        return PhoneFault.TWO_NUMBERS
    return None if _WRITTEN.fullmatch(written) else PhoneFault.NOT_A_NUMBER
