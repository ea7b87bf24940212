"""What became of texts; never what they say, nor a number."""

from datetime import datetime
from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field
from werkzeug.exceptions import NotFound

from handlers.api.clients import Code
from handlers.api.desk import Desk, Paging, Shape, Strict, cut, me, page_for, shown
from service.domain.message import MessageClass, MessageState
from service.reports import listed_work
from service.reports.listed_work import MessagesWanted
from service.reports.paging import ONE


class MessagePath(Strict):
    message: UUID


class MessagesQuery(Paging):
    client: Code | None = Field(None, description="The code of a client.")
    state: MessageState | None = None


class Message(Shape):
    id: UUID
    client: str
    message_class: MessageClass
    step: str | None
    state: MessageState
    reason: str | None
    attempts: int
    parts: int
    created_at: datetime
    sent_at: datetime | None
    final_at: datetime | None


class Messages(Shape):
    items: list[Message]
    next: UUID | None


def add_messages(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/messages", responses={200: Messages})
    def messages(query: MessagesQuery) -> Response:
        """Texts to clients, of one of them or in one state where that is asked"""
        caseload, wanted = me().caseload, MessagesWanted(code=query.client, state=query.state)
        rows = desk.ask(lambda reading: listed_work.messages(reading, caseload, page_for(query), wanted))
        items, following = cut(rows, query)
        return shown(Messages(items=[Message.model_validate(row) for row in items], next=following))

    @api.get("/messages/<string:message>", responses={200: Message})
    def message(path: MessagePath) -> Response:
        """One text"""
        caseload, wanted = me().caseload, MessagesWanted(path.message)
        rows = desk.ask(lambda reading: listed_work.messages(reading, caseload, ONE, wanted))
        if not rows:
            raise NotFound
        return shown(Message.model_validate(rows[0]))
