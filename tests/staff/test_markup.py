"""What people typed never becomes markup, on any page: names, notes, reasons, and texts from phones."""

import csv
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO

import pytest
from sqlalchemy import update

from handlers.staff.rights import OPEN, RIGHTS
from service.actions import names, notes, pause, places
from service.actions.enrol import NewInfant, enrol_infant
from service.actions.incident import NewIncident, report_disclosure
from service.domain.people import OPERATOR, Role
from service.store.models.people import Infant, Person
from service.store.models.people import Site as SiteRow
from service.store.records import client
from service.store.transaction import Transaction
from tests.staff.house import House
from tests.worker.village import MONDAY

CORPUS = (
    "<script>xss()</script>",
    '"><script>xss()</script>',
    "'><img src=x onerror=xss()>",
    "<svg/onload=xss()>",
    '" autofocus onfocus=xss() x="',
    "' onmouseover='xss()",
    "</textarea><script>xss()</script>",
    "</title></option></select><iframe src=//xss>",
    "<a href=javascript:xss()>x</a>",
    "&lt;script&gt;xss()&lt;/script&gt;",
    "{{ xss }}{% xss %}",
    "<!--><xss-probe><!-->",
    '=HYPERLINK("//xss")',
)
NAME = "<xss-probe>'\"&"
"""Short enough for a name, and it would end an attribute of either kind."""

ROLES = (Role.MENTOR, Role.COORDINATOR, Role.ADMIN, Role.ME, Role.AUDITOR)


@dataclass
class Reader(HTMLParser):
    """Reads a page as a browser does, and keeps what no page of ours has."""

    odd: list[str] = field(default_factory=list)
    text: str = ""
    _in_script: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self._in_script = tag == "script"
        self.odd += [name for name in named if name.startswith("on") or "xss" in name]
        self.odd += [value for value in named.values() if value.lower().lstrip().startswith("javascript:")]
        if tag in ("iframe", "img", "a") and "xss" in named.get("src", "") + named.get("href", ""):
            self.odd.append(tag)
        if "xss" in tag or (tag == "script" and not named.get("src", "").startswith("/staff/static/")):
            self.odd.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_script and "xss" in data:
            self.odd.append(data)


@pytest.fixture
def hostile(house: House) -> House:
    """A house in which everything that somebody may type is meant to harm."""
    here, village = house.here, house.village

    def write(tx: Transaction) -> None:
        woman = client(tx, here.woman)
        infant = enrol_infant(tx, NewInfant(woman.id, "Neo", MONDAY), "en")
        for person in (here.woman, here.mentor, here.coordinator, infant):
            sealed = names.sealed_name(tx, person, NAME)
            tx.connection.execute(update(Person).where(Person.id == person).values(name=sealed))
        tx.connection.execute(update(SiteRow).where(SiteRow.id == here.id).values(name=NAME))
        places.add_place(tx, here.id, NAME)
        for text in CORPUS:
            notes.write_note(tx, woman, text)
        report_disclosure(tx, village.parts.programme, NewIncident(woman.id, CORPUS[1]))
        pause.pause(tx, pause.EVERYTHING, CORPUS[1])

    village.store.write(write, OPERATOR)
    for text in CORPUS:
        village.texts(text, "+26658001009")
    return house


def test_no_page_takes_what_was_typed_for_markup(hostile: House) -> None:
    read, (infant,) = "", hostile.village.rows(Infant.id)
    for role in ROLES:
        browser = hostile.with_role(role)
        for endpoint, path in hostile.addresses(infant_id=infant.id):
            if endpoint in OPEN or role not in RIGHTS.get(endpoint, ()):
                continue
            page = browser.open(path)
            if page.answer.mimetype == "text/csv":
                cells = (cell for row in csv.reader(StringIO(page.html)) for cell in row)
                assert not [cell for cell in cells if cell[:1] in tuple("=+@")], path
            if page.answer.mimetype != "text/html":
                continue
            reader = Reader()
            reader.feed(page.html)
            assert not reader.odd, (path, reader.odd)
            read += reader.text
    shown = [text for text in (*CORPUS[-10:], NAME) if text not in read]
    assert not shown, "this corpus did not reach any page"
