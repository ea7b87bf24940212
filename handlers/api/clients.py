"""Clients: listing, taking in, and what they agree to. A client is known by her code, never by a number."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, assert_never

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field, StringConstraints
from werkzeug.exceptions import NotFound

from handlers.api.desk import Desk, Listing, Once, Paging, Shape, Strict, listed, me, only, page_for, shown
from handlers.api.given import Day, YesNo
from handlers.api.problem import Fault, Refused
from service.actions.consent import record
from service.actions.enrol import NewClient, NicknameTaken, enrol_client
from service.actions.reply import ask_number
from service.domain.caseload import Caseload
from service.domain.people import (
    ClientKind,
    ClientState,
    ConsentChannel,
    EnrolledThrough,
    PhoneOwner,
    Sex,
    Wording,
)
from service.intake.cells import Cells
from service.intake.clients import NO_SITE, ClientFile, NewHere
from service.intake.columns import Layout
from service.intake.finding import folded
from service.intake.place import Place
from service.intake.sheet import Line
from service.intake.taking import AlreadyKnown, Numbered, Take, Verdict
from service.intake.taking import Refused as Unfit
from service.reports import listed_care
from service.reports.paging import ONE
from service.reports.sites import site_names
from service.store.caseloads import client_in
from service.store.records import ClientRecord, client
from service.store.transaction import Reading, Transaction

Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,7}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

_COLUMNS: Final = ClientFile.columns.all
_LAYOUT: Final = Layout({name: place for place, name in enumerate(_COLUMNS)}, len(_COLUMNS), ())
_KNOWN: Final = "A client of this name is known at this number already."
_STOPPED: Final = "She said stop herself, so only a text or call from her own phone can be a yes."
_ODD: Final = "Something that was sent cannot be right."


class ClientPath(Strict):
    code: Code


class Client(Shape):
    """Known by her code alone: the id of the row is nobody's business."""

    code: str
    site: str
    kind: ClientKind
    state: ClientState
    wording: Wording
    language: str
    enrolled_on: date
    enrolled_through: EnrolledThrough


class Clients(Listing[Client]):
    pass


class Consents(Strict):
    sms: YesNo
    call: YesNo = False
    visit: YesNo = False


class NewClientBody(Strict):
    """A client to be taken in. Her number gets nothing but one question before it is known to be hers."""

    phone: Words
    nickname: Words = Field(description="What texts call her; it may tell nothing.")
    language: Words
    site: Words
    consents: Consents
    enrolled_on: Day | None = Field(None, description="A local day; today if it is left out.")
    phone_confirmed: YesNo = False
    phone_owner: PhoneOwner = PhoneOwner.OWN
    mentor_phone: Words | None = None
    kind: ClientKind = ClientKind.OTHER
    wording: Wording = Wording.T0
    safe_from: Clock | None = None
    safe_to: Clock | None = None
    born_on: Day | None = None
    sex: Sex | None = None
    edd: Day | None = None
    register_no: Words | None = None
    enrolled_through: EnrolledThrough = EnrolledThrough.FACILITY


class ConsentBody(Strict):
    channel: ConsentChannel
    given: YesNo


def add_clients(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/clients", responses={200: Clients})
    def clients(query: Paging) -> Response:
        """Clients in the order in which they were taken in"""
        rows = desk.ask(lambda reading: listed_care.clients(reading, me().caseload, page_for(query)))
        return listed(Clients, rows, query)

    @api.post("/clients", responses={201: Client})
    def enrol_client(header: Once, body: NewClientBody) -> Response:
        """Take a client in"""
        holder = me()
        code = desk.act(header, lambda tx: _take_in(tx, desk, holder.caseload, body))
        return shown(_client(desk, code), 201, f"{api.url_prefix}/clients/{code}")

    @api.get("/clients/<string:code>", responses={200: Client})
    def client(path: ClientPath) -> Response:
        """One client"""
        return shown(_client(desk, path.code))

    @api.post("/clients/<string:code>/consents", responses={200: Client})
    def set_consent(path: ClientPath, header: Once, body: ConsentBody) -> Response:
        """Record a yes or a no to texts, calls or visits"""
        caseload = me().caseload
        desk.act(header, lambda tx: _note_word(tx, her(tx, caseload, path.code), body))
        return shown(_client(desk, path.code))


def her(reading: Reading, caseload: Caseload, code: str) -> ClientRecord:
    """The client with a code. Raises ``NotFound`` for one who is not in the caseload."""
    found = client_in(reading, caseload, code)
    if found is None:
        raise NotFound
    return found


def _client(desk: Desk, code: str) -> Client:
    rows = desk.ask(lambda reading: listed_care.clients(reading, me().caseload, ONE, code))
    return Client.model_validate(only(rows))


def _note_word(tx: Transaction, woman: ClientRecord, body: ConsentBody) -> str:
    if not record(tx, woman.id, body.channel, given=body.given, through="api"):
        raise Refused(409, _STOPPED)
    return woman.code


def _take_in(tx: Transaction, desk: Desk, caseload: Caseload, body: NewClientBody) -> str:
    """Her code. Raises ``Refused`` with everything that is wrong, or if she is known already."""
    programme, sites = desk.parts.programme, site_names(tx, caseload.site_ids)
    names = tuple(site.name for site in site_names(tx, None))
    today = programme.today(tx.now)
    file = ClientFile(Place(programme, programme.country, today, names))
    cells = Cells(_LAYOUT, Line(1, tuple(_typed(body, today).get(name, "") for name in _COLUMNS)))
    row = file.read(cells)
    if folded(row.site) not in {folded(site.name) for site in sites}:
        cells.refuse("site", NO_SITE)
    (verdict,) = file.match(tx, [Numbered(1, row, tuple(cells.problems))])
    return _enrol(tx, desk, verdict)


def _enrol(tx: Transaction, desk: Desk, verdict: Verdict[NewHere]) -> str:
    match verdict:
        case Take(new=new):
            return _taken(tx, desk, new.client)
        case AlreadyKnown():
            raise Refused(409, _KNOWN)
        case Unfit(problems=problems):
            each = dict.fromkeys(problems)
            faults = (Fault(name=problem.column, detail=problem.reason) for problem in each)
            raise Refused(422, _ODD, faults)
        case _:
            assert_never(verdict)


def _taken(tx: Transaction, desk: Desk, new: NewClient) -> str:
    try:
        client_id = enrol_client(tx, new)
    except NicknameTaken:
        raise Refused(409, _KNOWN) from None
    woman = client(tx, client_id)
    if not new.phone_confirmed:
        ask_number(tx, desk.parts.programme, woman)
    return woman.code


def _typed(body: NewClientBody, today: date) -> Mapping[str, str]:
    """The request as a line of a caseload file, so that it is read by the same rules."""
    given = body.model_dump(mode="json", exclude={"consents", "phone_confirmed"}, exclude_none=True)
    agreed = body.consents.model_dump()
    return {
        "enrolled_on": today.isoformat(),
        **given,
        "phone_confirmed": yes_no(body.phone_confirmed),
        **{f"consent_{channel}": yes_no(word) for channel, word in agreed.items()},
    }


def yes_no(word: bool) -> str:
    return "yes" if word else "no"
