"""Two sites with everybody who works there, their clients, and a browser for each of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from html import unescape
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from handlers.app import create_app
from scheduler.travel import travel
from service.actions import events, invitations, sign_in_session, sites
from service.actions.tasks import NewTask, open_task
from service.domain.care import VisitKind
from service.domain.people import OPERATOR, Role
from service.domain.tasks import TaskKind
from service.store.models.people import Client
from service.store.transaction import Transaction
from tests.worker.village import MONDAY, Village, open_village

ROLES = (Role.MENTOR, Role.COORDINATOR, Role.ME, Role.ADMIN, Role.AUDITOR)


@dataclass
class Page:
    """What came back, as somebody reads it."""

    answer: TestResponse

    def __post_init__(self) -> None:
        self.answer.get_data()
        self.answer.close()

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def html(self) -> str:
        return self.answer.get_data(as_text=True)

    @property
    def text(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.html)).split())

    @property
    def to(self) -> str:
        """Where it leads."""
        return self.answer.headers.get("Location", "")

    def value(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        assert found, f"no field {name}: {self.text}"
        return unescape(found[1])


@dataclass
class Browser:
    """Somebody's browser, which keeps cookies and knows the forms of the page that it shows."""

    client: FlaskClient
    page: Page = field(init=False)

    def open(self, path: str, **headers: str) -> Page:
        self.page = Page(self.client.get(path, headers=headers))
        return self.page

    def send(self, path: str, *, from_page: str = "", **fields: Any) -> Page:
        """Send a form of the page that is shown, or of the one at ``from_page``."""
        if from_page:
            self.open(from_page)
        form = {name: self.page.value(name) for name in ("csrf_token", "form_key")} | fields
        return Page(self.client.post(path, data=form))


@dataclass
class Site:
    """``woman``, ``visit`` and ``task`` are of one client of the site; the visit is of today.

    She is invited to ``event``, an outreach day of the site a week from today.
    """

    id: UUID
    mentor: UUID
    coordinator: UUID
    woman: UUID
    code: str
    visit: UUID
    task: UUID
    event: UUID


@dataclass
class House:
    village: Village
    app: Flask

    @cached_property
    def here(self) -> Site:
        return self._site(self.village.site, 1)

    @cached_property
    def elsewhere(self) -> Site:
        added = self.village.store.write(lambda tx: sites.add_site(tx, "Ha Another", "Berea"), OPERATOR)
        assert added
        self.village.store.write(lambda tx: sites.activate(tx, added), OPERATOR)
        return self._site(added, 2)

    def _site(self, site_id: UUID, number: int) -> Site:
        mentor = self.village.staff(f"Palesa {number}", f"+2665800{number}001", Role.MENTOR, site=site_id)
        coordinator = self.village.staff(
            f"Coordinator {number}", f"+2665800{number}002", Role.COORDINATOR, site=site_id
        )
        woman = self.village.woman(
            f"+2665800{number}009", f"Woman{number}", site_id=site_id, mentor_id=mentor
        )
        visit = self.village.visit(woman, MONDAY)
        self.village.visit(woman, MONDAY + timedelta(days=8))
        task = self.village.store.write(
            lambda tx: open_task(tx, NewTask(TaskKind.CALL_ME, woman, note="Ke kopa thuso")), OPERATOR
        )
        code = self.village.store.read(
            lambda reading: reading.connection.execute(
                select(Client.code).where(Client.id == woman)
            ).scalar_one()
        )
        return Site(site_id, mentor, coordinator, woman, code, visit, task, self._event(site_id, woman))

    def _event(self, site_id: UUID, woman: UUID) -> UUID:
        week = MONDAY + timedelta(days=7)

        def set_day(tx: Transaction) -> UUID:
            event_id = events.add_event(tx, events.NewEvent(site_id, None, VisitKind.OUTREACH, week))
            invitations.invite(tx, (woman,), MONDAY)
            return event_id

        return self.village.store.write(set_day, OPERATOR)

    def names(self, site: Site) -> dict[str, object]:
        """What stands in the addresses of the pages, about one site; some of it is there for nobody."""
        nobodys = ("infant_id", "sample_id", "loss_id", "merge_id", "incident_id", "transfer_id")
        return {
            "code": site.code,
            "task_id": site.task,
            "visit_id": site.visit,
            "site_id": site.id,
            "event_id": site.event,
            "staff_id": site.mentor,
            "filename": "staff.css",
            "indicator": "ES_REACHED",
            "form": "csv",
            "name": "visits",
            "key": "visit_d7",
            **dict.fromkeys(nobodys, site.id),
        }

    def addresses(self, **known: object) -> Iterator[tuple[str, str]]:
        """Every page that can be asked for, about the first site where it is about one; by endpoint."""
        named = self.names(self.here) | known
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            for rule in self.app.url_map.iter_rules():
                if rule.endpoint.startswith("staff.") and "GET" in (rule.methods or ()):
                    values = {name: named[name] for name in rule.arguments}
                    yield rule.endpoint, adapter.build(rule.endpoint, values)

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def signed_in(self, staff_id: UUID) -> Browser:
        """A browser on which somebody has passed every step."""

        def begin(tx: Transaction) -> str:
            colleague = sign_in_session.colleague_of(tx, staff_id)
            assert colleague
            found = sign_in_session.standing(tx, sign_in_session.begin(tx, colleague, None))
            assert found
            return sign_in_session.renew(tx, found.session_id)

        browser = self.browser()
        browser.client.set_cookie("khopotso", self.village.store.write(begin, OPERATOR))
        return browser

    @cached_property
    def mentor(self) -> Browser:
        return self.signed_in(self.here.mentor)

    @cached_property
    def coordinator(self) -> Browser:
        return self.signed_in(self.here.coordinator)

    def with_role(self, role: Role) -> Browser:
        """Somebody of the first site with one role, about whom there is nothing else to say."""
        known = {Role.MENTOR: "mentor", Role.COORDINATOR: "coordinator"}
        if role in known:
            browser: Browser = getattr(self, known[role])
            return browser
        number = ROLES.index(role)
        return self.signed_in(self.village.staff(f"With role {role}", f"+2665800009{number}", role))


@contextmanager
def open_house(database_url: str) -> Iterator[House]:
    with open_village(database_url) as village:
        yield House(village, create_app(village.parts, travel=travel))
