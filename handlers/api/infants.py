"""Infants of a client, their samples and results, which are for staff; no text ever says them."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field, RootModel, StringConstraints
from werkzeug.exceptions import NotFound

from handlers.api.clients import ClientPath, her
from handlers.api.desk import Desk, Listing, Once, Paging, Strict, listed, me, only, page_for, shown
from handlers.api.given import Day
from handlers.api.problem import Fault, Refused
from service.actions import samples
from service.actions.enrol import NewInfant
from service.actions.enrol import enrol_infant as enrol
from service.actions.samples import SampleFault
from service.domain.cascade import Result
from service.domain.caseload import Caseload
from service.domain.people import Feeding, InfantRisk, Sex
from service.intake.cells import Wrong
from service.intake.place import Place
from service.reports import listed_care
from service.reports.listed_care import InfantsWanted, ListedInfant, ListedSample, SamplesWanted
from service.reports.paging import ONE
from service.reports.sites import site_names
from service.store.transaction import Reading, Transaction

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class InfantPath(Strict):
    infant: UUID


class SamplePath(Strict):
    sample: UUID


class NewInfantBody(Strict):
    nickname: Name = Field(description="What texts call the infant; it may tell nothing.")
    born_on: Day
    sex: Sex | None = None
    risk: InfantRisk | None = None
    feeding: Feeding | None = None


class Infant(RootModel[ListedInfant]):
    """``mother`` is the code of a client."""


class Infants(Listing[ListedInfant]):
    pass


class SampleBody(Strict):
    taken_on: Day


class ResultBody(Strict):
    """``null`` takes a result back that was recorded by mistake."""

    result: Result | None
    back_on: Day


class Sample(RootModel[ListedSample]):
    """A sample that was taken, and what came of it."""


class Samples(Listing[ListedSample]):
    pass


def add_infants(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/clients/<string:code>/infants", responses={200: Infants})
    def infants(path: ClientPath, query: Paging) -> Response:
        """The infants of a client"""
        caseload, wanted = me().caseload, InfantsWanted(code=path.code)
        desk.ask(lambda reading: her(reading, caseload, path.code))
        rows = desk.ask(lambda reading: listed_care.infants(reading, caseload, page_for(query), wanted))
        return listed(Infants, rows, query)

    @api.post("/clients/<string:code>/infants", responses={201: Infant})
    def enrol_infant(path: ClientPath, header: Once, body: NewInfantBody) -> Response:
        """Take an infant in under her mother"""
        caseload = me().caseload
        infant_id = desk.act(header, lambda tx: _take_in(tx, desk, caseload, path.code, body))
        rows = desk.ask(
            lambda reading: listed_care.infants(reading, caseload, ONE, InfantsWanted(UUID(infant_id)))
        )
        return shown(Infant(only(rows)), 201)

    _add_samples(api, desk)


def _add_samples(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/infants/<string:infant>/infant-tests", responses={200: Samples})
    def infant_tests(path: InfantPath, query: Paging) -> Response:
        """The samples of an infant and what came of them"""
        caseload, wanted = me().caseload, SamplesWanted(infant_id=path.infant)
        desk.ask(lambda reading: _insist_on_infant(reading, caseload, path.infant))
        rows = desk.ask(lambda reading: listed_care.samples(reading, caseload, page_for(query), wanted))
        return listed(Samples, rows, query)

    @api.post("/infants/<string:infant>/infant-tests", responses={201: Sample})
    def record_sample(path: InfantPath, header: Once, body: SampleBody) -> Response:
        """Record that a sample was taken"""
        caseload = me().caseload

        def take(tx: Transaction) -> str:
            _insist_on_infant(tx, caseload, path.infant)
            return _insist(samples.record_sample(tx, desk.parts.programme, path.infant, body.taken_on))

        return shown(_sample(desk, UUID(desk.act(header, take))), 201)

    @api.post("/infant-tests/<string:sample>/result", responses={200: Sample})
    def record_result(path: SamplePath, header: Once, body: ResultBody) -> Response:
        """Record what came back from the laboratory"""
        programme = desk.parts.programme
        return _change(
            desk,
            path,
            header,
            lambda tx: samples.record_result(tx, programme, path.sample, body.result, body.back_on),
        )


def _change(
    desk: Desk, path: SamplePath, header: Once, action: Callable[[Transaction], SampleFault | None]
) -> Response:
    caseload = me().caseload

    def change(tx: Transaction) -> str:
        if not listed_care.samples(tx, caseload, ONE, SamplesWanted(path.sample)):
            raise NotFound
        return _insist(action(tx) or path.sample)

    desk.act(header, change)
    return shown(_sample(desk, path.sample))


def _insist(done: UUID | SampleFault) -> str:
    if isinstance(done, SampleFault):
        raise Refused(409, done)
    return str(done)


def _insist_on_infant(reading: Reading, caseload: Caseload, infant_id: UUID) -> None:
    """Raises ``NotFound`` for an infant whose mother is not in the caseload."""
    if not listed_care.infants(reading, caseload, ONE, InfantsWanted(infant_id)):
        raise NotFound


def _sample(desk: Desk, sample_id: UUID) -> Sample:
    found = desk.ask(
        lambda reading: listed_care.samples(reading, me().caseload, ONE, SamplesWanted(sample_id))
    )
    return Sample(only(found))


def _take_in(tx: Transaction, desk: Desk, caseload: Caseload, code: str, body: NewInfantBody) -> str:
    woman, programme = her(tx, caseload, code), desk.parts.programme
    today = programme.today(tx.now)
    place = Place(programme, programme.country, today, tuple(site.name for site in site_names(tx, None)))
    name, born_on = place.nickname(body.nickname), place.past_day(body.born_on.isoformat())
    wrong = [
        Fault(name=field, detail=value.reason)
        for field, value in (("nickname", name), ("born_on", born_on))
        if isinstance(value, Wrong)
    ]
    if wrong:
        raise Refused(422, "Something that was sent cannot be right.", wrong)
    new = NewInfant(woman.id, body.nickname, body.born_on, body.sex, body.risk, body.feeding)
    return str(enrol(tx, new, woman.language))
