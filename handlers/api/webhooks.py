"""Which other systems are told what happens; what they are told is in the description of the events."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field, StringConstraints
from werkzeug.exceptions import NotFound

from handlers.api.desk import Desk, Once, Shape, Strict, me, shown
from handlers.api.problem import Fault, Refused
from service.actions import webhooks as actions
from service.actions.api_tokens import Holder
from service.actions.webhooks import NewWebhook, WebhookRow
from service.domain.news import CHOSEN, Event, url_fault
from service.store.transaction import Reading, Transaction


class WebhookPath(Strict):
    webhook: UUID


class NewWebhookBody(Strict):
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$")]
    url: Annotated[str, StringConstraints(max_length=2000)]
    events: set[Event] = Field(default=set(CHOSEN))


class Webhook(Shape):
    id: UUID
    name: str
    events: list[str]
    site: str | None
    waiting: int
    failing_since: datetime | None


class Webhooks(Shape):
    items: list[Webhook]


class WithSecret(Webhook):
    """The secret is told with the answer to the request that made the webhook, and never again."""

    secret: str


def add_webhooks(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/webhooks", responses={200: Webhooks})
    def webhooks() -> Response:
        """Which systems are told what, and which of them takes nothing"""
        holder = me()
        rows = desk.ask(lambda reading: _of(reading, holder))
        return shown(Webhooks(items=[Webhook.model_validate(row) for row in rows]))

    @api.post("/webhooks", responses={201: WithSecret})
    def add_webhook(header: Once, body: NewWebhookBody) -> Response:
        """Tell a system what happens, by the Standard Webhooks specification"""
        fault = url_fault(body.url, here_too=desk.parts.demo)
        if fault:
            raise Refused(422, "Nothing can be sent there.", [Fault(name="url", detail=fault)])
        holder = me()
        webhook_id = UUID(desk.act(header, lambda tx: _add(tx, holder, body)))
        row = desk.ask(lambda reading: _one(reading, holder, webhook_id))
        secret = desk.ask(lambda reading: actions.secret_of(reading, webhook_id))
        told = Webhook.model_validate(row).model_dump()
        return shown(WithSecret(**told, secret=secret), 201)

    @api.delete("/webhooks/<string:webhook>", responses={204: None})
    def remove_webhook(path: WebhookPath) -> Response:
        """Tell it nothing more, what waits included"""
        holder = me()

        def remove(tx: Transaction) -> None:
            actions.remove_webhook(tx, _one(tx, holder, path.webhook).id)

        desk.parts.store.write(remove, holder.actor)
        return Response(status=204)


def _add(tx: Transaction, holder: Holder, body: NewWebhookBody) -> str:
    new = NewWebhook(body.name, body.url, frozenset(body.events), holder.site_id)
    added = actions.add_webhook(tx, new)
    if added is None:
        raise Refused(409, "There is a webhook of this name already.")
    return str(added)


def _of(reading: Reading, holder: Holder) -> list[WebhookRow]:
    """Those of the token's site; all of them for a token of all sites."""
    rows = actions.all_webhooks(reading)
    return [row for row in rows if holder.site_id in (None, row.site_id)]


def _one(reading: Reading, holder: Holder, webhook_id: UUID) -> WebhookRow:
    """Raises ``NotFound`` for another site's."""
    found = next((row for row in _of(reading, holder) if row.id == webhook_id), None)
    if found is None:
        raise NotFound
    return found
