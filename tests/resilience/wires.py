"""What may come over a line that is no good request, byte by byte."""

from typing import Final
from urllib.parse import urlencode

from tests.resilience.callers import TOKEN

HOST: Final = b"Host: sms.example.org\r\n"
FORM: Final = b"Content-Type: application/x-www-form-urlencoded\r\n"


def line(kind: str) -> bytes:
    return f"POST /hooks/africastalking/{TOKEN}/{kind} HTTP/1.1\r\n".encode() + HOST + FORM


def text(name: str) -> bytes:
    """A whole and good SMS, for where none must be heard."""
    body = urlencode({"id": name, "from": "+26658000001", "text": "hello"}).encode()
    return line("sms") + b"Content-Length: %d\r\n\r\n" % len(body) + body


def dial(name: str, typed: str = "") -> bytes:
    body = urlencode({"sessionId": name, "phoneNumber": "+26658000002", "serviceCode": "*1#", "text": typed})
    return line("ussd") + b"Content-Length: %d\r\n\r\n" % len(body) + body.encode()


def smuggled() -> list[bytes]:
    """Requests whose end two servers might see in two places, each with an SMS behind one of them."""
    post = line("sms")
    framings = (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
        b"Content-Length: 44\r\nContent-Length: 0\r\n\r\n",
        b"Content-Length: 0, 0\r\n\r\n",
        b"Content-Length: +0\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 0x0\r\n\r\n",
        b"Content-Length: 0_0\r\n\r\n",
        b"Content-Length : 0\r\n\r\n",
        b"Content-Length:\r\n 0\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"X: 1\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"X: 1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    )
    return [post + framing + text(f"smuggled-{number}") for number, framing in enumerate(framings)]


def badly_chunked() -> list[bytes]:
    """Bodies in chunks that are none; what follows them must not be heard either."""
    chunks = (
        b"5\r\nab",
        b"-5\r\nabcde\r\n0\r\n\r\n",
        b"0x5\r\nabcde\r\n0\r\n\r\n",
        b"+5\r\nabcde\r\n0\r\n\r\n",
        b"5_0\r\nabcde\r\n0\r\n\r\n",
        b"FFFFFFFFFFFFFFFF0\r\nabcde\r\n0\r\n\r\n",
        b"g\r\nabcde\r\n0\r\n\r\n",
        b"\r\n\r\n",
        b"5\r\nabcdefgh\r\n0\r\n\r\n",
        b"5;" + b"x" * 70_000 + b"\r\nabcde\r\n0\r\n\r\n",
        b"5\nabcde\n0\n\n",
        b"5;a=\n\r\nabcde\r\n0\r\n\r\n",
    )
    head = line("sms") + b"Transfer-Encoding: chunked\r\n\r\n"
    return [head + chunk + text(f"chunked-{number}") for number, chunk in enumerate(chunks)]


def nonsense() -> list[bytes]:
    return [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
        b"\0" * 1000,
        b"\r\n" * 1000,
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"POST * HTTP/1.1\r\n\r\n",
        b"G\xc3\x89T / HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /healthz HTTP/1.1\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        line("ussd") + b"Expect: 100-continue\r\nContent-Length: 99999999999999999999\r\n\r\n",
    ]
