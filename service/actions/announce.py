"""News for other systems: written down in the transaction of the fact itself, carried out by a worker."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from service.domain.ids import new_id
from service.domain.news import NOUNS, WAITS, Event
from service.store.database import database_now
from service.store.models.news import News, Webhook
from service.store.models.people import Client
from service.store.transaction import Reading, Transaction

LEASE: Final = timedelta(minutes=2)
"""How long news that a worker took along is left to it; it may come twice, and never not at all."""

DEAF_FOR: Final = timedelta(minutes=1)
"""How long a webhook that took nothing is left alone, whatever else there is: others wait behind it."""

KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True)
class Fact:
    """What became true. ``subject_id`` is what the API knows it by, if that is not the fact's own id."""

    event: Event
    fact_id: UUID
    client_id: UUID | None = None
    site_id: UUID | None = None
    subject_id: UUID | None = None


def announce(tx: Transaction, fact: Fact) -> None:
    """Write a fact down for every webhook that is to hear of it, once."""
    asked = tx.connection.execute(
        select(Webhook.id, Webhook.events, Webhook.site_id, Webhook.failing_since)
    ).all()
    wanted = [row for row in asked if fact.event in row.events.split()]
    if not wanted:
        return
    code, site_id = _whose(tx, fact)
    for row in wanted:
        if row.site_id in (None, site_id):
            _add(tx, row.id, fact, code, tx.now + DEAF_FOR if row.failing_since else tx.now)


def _add(tx: Transaction, webhook_id: UUID, fact: Fact, code: str | None, first_try: datetime) -> None:
    """Write a fact down for one webhook, unless it is written already."""
    tx.add_once(
        News,
        webhook_id=webhook_id,
        event=fact.event,
        fact_id=fact.fact_id,
        subject_id=fact.subject_id or fact.fact_id,
        client=code,
        happened_at=tx.now,
        attempts=0,
        next_attempt_at=first_try,
    )


def _whose(reading: Reading, fact: Fact) -> tuple[str | None, UUID | None]:
    """The code of the client, and the site."""
    row = reading.connection.execute(
        select(Client.code, Client.site_id).where(Client.id == fact.client_id)
    ).one_or_none()
    return (row.code, fact.site_id or row.site_id) if row else (None, fact.site_id)


@dataclass(frozen=True)
class Letter:
    """News on its way to one webhook. ``id`` is the same at every try, so that it can be known again.

    ``taken_along_at`` is seconds of the database's own clock: a signature is good for minutes of real time.
    """

    id: UUID
    webhook_id: UUID
    attempt: int
    url: str = field(repr=False)
    secret: str = field(repr=False)
    body: bytes
    taken_along_at: float


def is_waiting(reading: Reading) -> bool:
    return (
        reading.connection.scalar(select(News.id).where(News.next_attempt_at <= reading.now).limit(1))
        is not None
    )


def take_along(tx: Transaction, most: int) -> tuple[Letter, ...]:
    """The news whose time has come, the oldest first, left to whoever takes it for ``LEASE``."""
    rows = tx.connection.execute(
        select(
            News.id,
            News.webhook_id,
            News.attempts,
            News.event,
            News.subject_id,
            News.client,
            News.happened_at,
            Webhook.url,
            Webhook.secret,
        )
        .join(Webhook, Webhook.id == News.webhook_id)
        .where(News.next_attempt_at <= tx.now)
        .order_by(News.next_attempt_at, News.id)
        .limit(most)
        .with_for_update(of=News, skip_locked=True)
    ).all()
    tx.connection.execute(
        update(News)
        .where(News.id.in_([row.id for row in rows]))
        .values(attempts=News.attempts + 1, next_attempt_at=tx.now + LEASE)
    )
    return tuple(
        Letter(
            row.id,
            row.webhook_id,
            row.attempts + 1,
            tx.vault.open(Webhook.url, row.webhook_id, row.url),
            tx.vault.open(Webhook.secret, row.webhook_id, row.secret),
            body_of(row.event, row.subject_id, row.client, row.happened_at),
            database_now(tx.connection),
        )
        for row in rows
    )


def test_letter(reading: Reading, webhook_id: UUID) -> Letter:
    """News that only says that news arrives; it is kept nowhere."""
    row = reading.connection.execute(
        select(Webhook.url, Webhook.secret).where(Webhook.id == webhook_id)
    ).one()
    news_id = new_id()
    return Letter(
        news_id,
        webhook_id,
        1,
        reading.vault.open(Webhook.url, webhook_id, row.url),
        reading.vault.open(Webhook.secret, webhook_id, row.secret),
        body_of(Event.TEST, news_id, None, reading.now),
        database_now(reading.connection),
    )


def body_of(event: Event, subject_id: UUID, code: str | None, happened_at: datetime) -> bytes:
    """The payload as the Standard Webhooks specification has it: codes and ids, and nothing that tells."""
    data = {NOUNS[event]: str(subject_id)} | ({"client": code} if code else {})
    news = {"type": event, "timestamp": happened_at.isoformat(), "data": data}
    return json.dumps(news, separators=(",", ":")).encode()


def note_taken(tx: Transaction, letter: Letter) -> None:
    tx.connection.execute(
        update(News).where(News.id == letter.id).values(taken_at=tx.now, next_attempt_at=None, reason=None)
    )
    tx.connection.execute(update(Webhook).where(Webhook.id == letter.webhook_id).values(failing_since=None))


def note_not_taken(tx: Transaction, letter: Letter, why: str) -> None:
    """Try again later, or give it up after the last wait; either is a trouble until something is taken."""
    again = letter.attempt <= len(WAITS)
    values: dict[str, object] = (
        {"next_attempt_at": tx.now + WAITS[letter.attempt - 1]}
        if again
        else {"next_attempt_at": None, "given_up_at": tx.now}
    )
    tx.connection.execute(update(News).where(News.id == letter.id).values(reason=why, **values))
    behind = (News.webhook_id == letter.webhook_id) & (News.next_attempt_at < tx.now + DEAF_FOR)
    tx.connection.execute(
        update(News).where(behind, News.id != letter.id).values(next_attempt_at=tx.now + DEAF_FOR)
    )
    tx.connection.execute(
        update(Webhook)
        .where(Webhook.id == letter.webhook_id, Webhook.failing_since.is_(None))
        .values(failing_since=tx.now)
    )


def forget_old(tx: Transaction) -> int:
    """Drop what was taken or given up long ago; how much."""
    over = or_(News.taken_at <= tx.now - KEPT_FOR, News.given_up_at <= tx.now - KEPT_FOR)
    return tx.connection.execute(delete(News).where(over)).rowcount
