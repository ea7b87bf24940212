"""Other systems that call the API of a house, each with a token of its own."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from service.actions.api_tokens import create_token
from service.actions.enrol import NewInfant, enrol_infant
from service.actions.samples import record_sample
from service.actions.webhooks import NewWebhook, add_webhook
from service.domain.people import OPERATOR, Role
from service.reports.figures import shipped
from service.store.transaction import Transaction
from tests.staff.house import House, Site
from tests.worker.village import MONDAY

_numbers = count(1)


@dataclass
class System:
    """Another system with one token."""

    house: House
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **query: Any) -> TestResponse:
        client = self.house.app.test_client()
        return client.get(f"/api/v1{path}", headers=self.headers, query_string=query)

    def post(self, path: str, key: str = "", **body: Any) -> TestResponse:
        headers = self.headers | {"Idempotency-Key": key or f"key-{next(_numbers)}"}
        return self.house.app.test_client().post(f"/api/v1{path}", headers=headers, json=body)


@dataclass
class Calling:
    house: House
    _systems: dict[tuple[Role, UUID | None], System] = field(default_factory=dict)

    def system(self, role: Role = Role.ADMIN, site: UUID | None = None) -> System:
        if (role, site) not in self._systems:
            name = f"{role} {next(_numbers)}"
            token = self.house.village.store.write(lambda tx: create_token(tx, name, role, site), OPERATOR)
            assert token
            self._systems[role, site] = System(self.house, token)
        return self._systems[role, site]

    @property
    def here(self) -> System:
        """The system of the first site's coordinator."""
        return self.system(Role.COORDINATOR, self.house.here.id)


def calling(house: House) -> Calling:
    return Calling(house)


def things_of(api: Calling, site: Site) -> dict[str, object]:
    """What an address may name, each of the site's one client."""
    village = api.house.village

    def make(tx: Transaction) -> tuple[UUID, UUID]:
        infant = enrol_infant(tx, NewInfant(site.woman, "Neo", MONDAY), "en")
        sample = record_sample(tx, village.parts.programme, infant, MONDAY)
        assert isinstance(sample, UUID)
        return infant, sample

    infant, sample = village.store.write(make, OPERATOR)
    hook = NewWebhook(f"hook {site.code}", "https://example.org/", frozenset(), site.id)
    webhook = village.store.write(lambda tx: add_webhook(tx, hook), OPERATOR)
    message = village.put(person=site.woman)
    return {
        "code": site.code,
        "visit": site.visit,
        "task": site.task,
        "infant": infant,
        "sample": sample,
        "message": message,
        "webhook": webhook,
        "indicator": next(iter(shipped().indicators)),
    }
