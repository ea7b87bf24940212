"""The mobile network of the year: notes what it is given and when, and says of most of it that it arrived."""

from dataclasses import dataclass, field
from hashlib import blake2s

from service.domain.message import Accepted, SendResult
from service.ports import OutgoingText
from service.preview.clock import HandClock
from service.preview.network import Network
from tests.year.book import Book, Left

UNHEARD_OF = 20
"""Of one text in so many no receipt ever comes."""


@dataclass
class Line(Network):
    book: Book = field(kw_only=True)
    clock: HandClock = field(kw_only=True)

    def send(self, message: OutgoingText) -> SendResult:
        left = Left(self.clock.now(), message.to, message.text)
        self.book.left.append(left)
        drawn = blake2s(f"{left.at} {left.to.e164}".encode()).digest()[0]
        return Accepted(str(message.attempt_id)) if drawn % UNHEARD_OF == 0 else super().send(message)
