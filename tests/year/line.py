"""The mobile network of the year: notes what it is given and when, and says of most of it that it arrived."""

from dataclasses import dataclass, field
from hashlib import blake2s

from service.domain.message import Accepted, MessageState, SendResult
from service.domain.phone import Phone
from service.ports import OutgoingText
from service.preview.clock import HandClock
from service.preview.network import Network
from tests.year.book import Book, Left

UNHEARD_OF = 20
"""Of one text in so many no receipt ever comes."""


@dataclass
class Line(Network):
    """``out_of_reach`` are the phones at which nothing arrives, ``failed`` what did not, in order."""

    book: Book = field(kw_only=True)
    clock: HandClock = field(kw_only=True)
    out_of_reach: set[Phone] = field(default_factory=set, kw_only=True)
    failed: list[Phone] = field(default_factory=list, kw_only=True)

    def send(self, message: OutgoingText) -> SendResult:
        left = Left(self.clock.now(), message.to, message.text)
        self.book.left.append(left)
        drawn = blake2s(f"{left.at} {left.to.e164}".encode()).digest()[0]
        return Accepted(str(message.attempt_id)) if drawn % UNHEARD_OF == 0 else super().send(message)

    def fate(self, text: OutgoingText) -> MessageState:
        if text.to not in self.out_of_reach:
            return super().fate(text)
        self.failed.append(text.to)
        return MessageState.UNDELIVERED
