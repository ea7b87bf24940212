"""What a value means here and today."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from service import gsm
from service.domain.code import is_code
from service.domain.phone import Phone
from service.intake import values
from service.intake.cells import Wrong
from service.phones import BadPhone, read_phone
from service.programme import Programme

ROOMY: Final = 10
"""Characters of a nickname for which every text is known to fit into one part."""

_LONGEST_NICKNAME: Final = 20
_CODE_LIKE: Final = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Code:
    """A client's code, its check digit proven."""

    digits: str


Reference = Code | Phone
"""How a file says which client it means."""

NOBODY: Final[Reference] = Code("")

NOT_A_CODE: Final = Wrong("No client can have this code: it has six digits, zeros in front included.")
TOO_LONG: Final = Wrong(f"This is too long for a text; at most {_LONGEST_NICKNAME} characters fit.")
NOT_PLAIN: Final = Wrong("Not every phone can show these characters; write it in plain letters.")


@dataclass(frozen=True)
class Place:
    """Where and when a file is read.

    ``country`` is where numbers are dialled (ISO 3166), ``today`` local, ``sites`` the names of all sites.
    """

    programme: Programme
    country: str
    today: date
    sites: tuple[str, ...] = ()

    def phone(self, text: str) -> Phone | Wrong:
        """A mobile number to which texts may go here."""
        found = read_phone(text, self.country, self.programme.destinations)
        return Wrong(str(found)) if isinstance(found, BadPhone) else found

    def client(self, text: str) -> Reference | Wrong:
        """A code or a number. A code that lost its leading zero in a spreadsheet is not guessed at."""
        if is_code(text):
            return Code(text)
        return NOT_A_CODE if _CODE_LIKE.fullmatch(text) else self.phone(text)

    def nickname(self, text: str) -> str | Wrong:
        """What texts may call a person: short, in letters that every phone shows, and telling nothing."""
        if len(text) > _LONGEST_NICKNAME:
            return TOO_LONG
        if gsm.downgrade(text, self.programme.language).left:
            return NOT_PLAIN
        fault = self.programme.texts.gate.name_fault(text, self.sites)
        return Wrong(fault) if fault else text

    def language(self, text: str) -> str | Wrong:
        """A language in which there are texts, by its code or its own name."""
        texts = self.programme.texts
        names = {name.casefold(): code for code in texts.languages for name in (code, texts.name(code))}
        refused = Wrong(f"There are no texts in this language; write one of: {', '.join(texts.languages)}.")
        return names.get(text.casefold(), refused)

    def past_day(self, text: str) -> date | Wrong:
        """A day that has come: today or before."""
        return values.day_between(values.EARLIEST, self.today, values.IN_FUTURE)(text)
