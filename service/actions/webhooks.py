"""Which addresses of other systems are told what."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select

from service.domain.ids import new_id
from service.domain.news import Event
from service.store.models.news import News, Webhook
from service.store.models.people import Site
from service.store.transaction import Reading, Transaction

SECRET_BYTES: Final = 32
_MARK: Final = "whsec_"


@dataclass(frozen=True)
class NewWebhook:
    name: str
    url: str = field(repr=False)
    events: frozenset[Event]
    site_id: UUID | None = None


def add_webhook(tx: Transaction, new: NewWebhook) -> UUID | None:
    """A new webhook's id; ``None`` if the name is taken. The caller has looked at the address."""
    webhook_id = new_id()
    secret = _MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    is_new = tx.add_once(
        Webhook,
        id=webhook_id,
        name=new.name,
        url=tx.vault.seal(Webhook.url, webhook_id, new.url),
        secret=tx.vault.seal(Webhook.secret, webhook_id, secret),
        events=" ".join(sorted(new.events)),
        site_id=new.site_id,
        created_at=tx.now,
        actor=str(tx.actor),
    )
    if not is_new:
        return None
    tx.audit("add", "webhook", webhook_id)
    return webhook_id


def secret_of(reading: Reading, webhook_id: UUID) -> str:
    """By which the receiver knows that news comes from here."""
    sealed = reading.connection.execute(select(Webhook.secret).where(Webhook.id == webhook_id)).scalar_one()
    return reading.vault.open(Webhook.secret, webhook_id, sealed)


def remove_webhook(tx: Transaction, webhook_id: UUID) -> None:
    """Tell it nothing more, what waits included."""
    tx.connection.execute(delete(News).where(News.webhook_id == webhook_id))
    tx.connection.execute(delete(Webhook).where(Webhook.id == webhook_id))
    tx.audit("remove", "webhook", webhook_id)


@dataclass(frozen=True)
class WebhookRow:
    """``site`` is empty where it is told of all sites; ``waiting`` is news that it has not taken yet."""

    id: UUID
    name: str
    url: str = field(repr=False)
    events: tuple[str, ...]
    site_id: UUID | None
    site: str | None
    failing_since: datetime | None
    waiting: int


def all_webhooks(reading: Reading) -> tuple[WebhookRow, ...]:
    waiting = select(func.count()).where(News.webhook_id == Webhook.id, News.next_attempt_at.is_not(None))
    rows = reading.connection.execute(
        select(
            Webhook.id,
            Webhook.name,
            Webhook.url,
            Webhook.events,
            Webhook.site_id,
            Site.name.label("site"),
            Webhook.failing_since,
            waiting.correlate(Webhook).scalar_subquery().label("waiting"),
        )
        .outerjoin(Site, Site.id == Webhook.site_id)
        .order_by(Webhook.name)
    )
    return tuple(
        WebhookRow(
            row.id,
            row.name,
            reading.vault.open(Webhook.url, row.id, row.url),
            tuple(row.events.split()),
            row.site_id,
            row.site,
            row.failing_since,
            row.waiting,
        )
        for row in rows
    )


def webhook_named(reading: Reading, name: str) -> UUID | None:
    return reading.connection.scalar(select(Webhook.id).where(Webhook.name == name))
