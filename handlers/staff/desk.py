"""What every page works with: who asks, in which language, and one way each to read, write and answer."""

import hashlib
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date
from secrets import token_urlsafe
from threading import BoundedSemaphore
from typing import Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from handlers.staff import cookies
from handlers.staff.words import LANGUAGES, Words, words_in
from service.actions.once import Asked, OtherRequest, once
from service.actions.sign_in_session import Colleague
from service.domain.people import Actor, ActorKind
from service.parts import Parts
from service.preview.engine import Travel
from service.store.transaction import Reading, Transaction

T = TypeVar("T")

HASHES_AT_ONCE: Final = 2
"""Passwords that are weighed at one time: each takes 64 MB, and the phones' requests must not starve."""

PREVIEWS_AT_ONCE: Final = 1
"""A preview works for seconds in this process, beside the phones' requests."""

FORM_KEY: Final = "form_key"
CSRF_FIELD: Final = "csrf_token"


@dataclass(frozen=True)
class Desk:
    """``travel`` is how time passes in a preview, if there are previews here."""

    parts: Parts
    travel: Travel | None = None
    slots: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(HASHES_AT_ONCE))
    stages: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(PREVIEWS_AT_ONCE))

    def ask(self, question: Callable[[Reading], T]) -> T:
        return self.parts.store.read(question)

    def write(self, action: Callable[[Transaction], T]) -> T:
        """A write that needs no form: harmless when it is repeated."""
        # The database's writing thread knows nothing of the request, so the action takes it along.
        request_too = copy_context()
        return self.parts.store.write(lambda tx: request_too.run(action, tx), actor())

    def today(self) -> date:
        """The local day."""
        return self.parts.programme.today(self.parts.clock.now())

    def act(self, action: Callable[[Transaction], str]) -> AnyResponse:
        """Carry out the form that was sent, once however often it comes, and go where ``action`` says."""
        asked = _asked()
        done = self.write(lambda tx: once(tx, asked, action))
        return abort(409) if isinstance(done, OtherRequest) else redirect(done, code=303)


def enter_as(colleague: Colleague, session_id: UUID) -> None:
    g.colleague, g.session_id = colleague, session_id


def whoever() -> Colleague | None:
    """Who is signed in, if anybody is."""
    found: Colleague | None = g.get("colleague")
    return found


def me() -> Colleague:
    found = whoever()
    return found if found else abort(401)


def session_id() -> UUID:
    found: UUID = g.session_id
    return found


def actor() -> Actor:
    found = whoever()
    return Actor(ActorKind.STAFF, str(found.id)) if found else Actor(ActorKind.CALLER, "staff")


def words() -> Words:
    """In her own language, or for somebody who is not in yet in the one that the browser asks for."""
    found = whoever()
    if found:
        return words_in(found.language)
    chosen = cookies.shown(cookies.LANGUAGE) or request.accept_languages.best_match(LANGUAGES)
    return words_in(chosen or LANGUAGES[0])


def page(template: str, **values: object) -> str:
    w = words()
    told = w.said.get(f"told.{request.args.get('told', '')}")
    return render_template(template, w=w, me=whoever(), form_key=form_key(), told=told, **values)


def wanted() -> str | None:
    """Where she wants to go afterwards: a page of ours, and nobody else's."""
    asked = request.values.get("to", "")
    return asked if asked.startswith(url_for("staff.front")) and "\\" not in asked else None


def back(told: str) -> str:
    """The page from which a form came, with a word about what was done."""
    return f"{wanted() or url_for('staff.front')}?told={told}"


def form_key() -> str:
    """One for all forms of a page, with whom it was made for, so that nobody else sends it by mistake."""
    if "form_key" not in g:
        found = whoever()
        g.form_key = f"{found.id.hex if found else ''}-{token_urlsafe(9)}"
    drawn: str = g.form_key
    return drawn


def _asked() -> Asked:
    """The form that was sent. One page may send many: what is in it tells them apart."""
    key = request.form.get(FORM_KEY, "")
    if key.partition("-")[0] != me().id.hex:
        abort(409)
    fields = sorted(pair for pair in request.form.items(multi=True) if pair[0] != CSRF_FIELD)
    request_hash = hashlib.sha256(f"{request.path}?{urlencode(fields)}".encode()).hexdigest()
    return Asked(f"staff:{me().id}", f"{key}:{request_hash}", request_hash)
