"""What became of texts; never what they say, nor a number."""

from uuid import UUID

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field, RootModel

from handlers.api.clients import Code
from handlers.api.desk import Desk, Listing, Paging, Strict, listed, me, only, page_for, shown
from service.domain.message import MessageState
from service.reports import listed_work
from service.reports.listed_work import ListedMessage, MessagesWanted
from service.reports.paging import ONE


class MessagePath(Strict):
    message: UUID


class MessagesQuery(Paging):
    client: Code | None = Field(None, description="The code of a client.")
    state: MessageState | None = None


class Message(RootModel[ListedMessage]):
    """What became of a text."""


class Messages(Listing[ListedMessage]):
    pass


def add_messages(api: APIBlueprint, desk: Desk) -> None:
    @api.get("/messages", responses={200: Messages})
    def messages(query: MessagesQuery) -> Response:
        """Texts to clients, of one of them or in one state where that is asked"""
        caseload, wanted = me().caseload, MessagesWanted(code=query.client, state=query.state)
        rows = desk.ask(lambda reading: listed_work.messages(reading, caseload, page_for(query), wanted))
        return listed(Messages, rows, query)

    @api.get("/messages/<string:message>", responses={200: Message})
    def message(path: MessagePath) -> Response:
        """One text"""
        caseload, wanted = me().caseload, MessagesWanted(path.message)
        rows = desk.ask(lambda reading: listed_work.messages(reading, caseload, ONE, wanted))
        return shown(Message(only(rows)))
