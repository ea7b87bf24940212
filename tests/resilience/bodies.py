"""Requests to the webhooks as nobody should send them: captured ones, mutated, and noise, from a seed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from handlers.app import LARGEST_BODY
from handlers.gateways import GATEWAYS
from tests.gateways.captures import Case, cases

TOKEN: Final = "first-token-of-the-tests"
SIGNED: Final = "twilio"
FORM: Final = "application/x-www-form-urlencoded"
HOST: Final = "sms.example.org"

KINDS: Final = {
    gateway.name: frozenset(
        case.one("kind")
        for case in cases(gateway.name, "webhooks.txt")
        if "a kind of webhook" not in case.one("means")
    )
    for gateway in GATEWAYS
}
NASTY: Final = (
    "",
    "\0",
    "\0" * 500,
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "‮drow a",
    "😀" * 300,
    "x" * 20_000,
    "*" * 400,
    "1*" * 3000,
    "9" * 5000,
    "-1",
    "+",
    "+266",
    "+26658123456\n",
    "+2665812٣456",
    "=1+1|cmd",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}%s%n${x}",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "nan",
    "STOP",
    "Ke tšoere ke letšollo, 'm'e; ke llela haholo",
)
CONTENT_TYPES: Final = (
    FORM,
    FORM + "; charset=utf-16",
    FORM + "; charset=utf-7",
    FORM + '; charset="\x00"',
    FORM + "; charset=no-such",
    "application/json",
    "text/plain; charset=UTF-16BE",
    "text/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300,
    "APPLICATION/X-WWW-FORM-URLENCODED;;;",
    "\xff\xfe",
    "",
)
HOSTS: Final = (
    HOST,
    "",
    "a b",
    "[::1",
    "[::1]:x",
    "x:99999",
    "ü.example",
    "a" * 300,
    "x\0y",
    "http://x",
    "%00",
)
SOURCES: Final = ("127.0.0.1", "", "::1", "nobody", "256.1.1.1", "fe80::1%eth0")


@dataclass(frozen=True)
class Asked:
    """One request. ``length`` is what its head says of the body, which may be a lie."""

    gateway: str
    kind: str
    token: str
    body: bytes = field(repr=False)
    content_type: str = FORM
    method: str = "POST"
    query: str = ""
    host: str = HOST
    source: str = "127.0.0.1"
    length: str | None = None
    chunked: bool = False
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        place = [self.gateway, self.token, self.kind] if self.token else [self.gateway, self.kind]
        return "/hooks/" + "/".join(place)

    @property
    def is_genuine(self) -> bool:
        """Whether it comes from a provider, so far as the service can tell by the address alone."""
        return self.token == TOKEN and self.method in ("GET", "POST") and self.kind in KINDS[self.gateway]

    @property
    def is_call(self) -> bool:
        return self.kind == "ussd"

    @property
    def may_be_answered(self) -> frozenset[int]:
        """The good answers to a genuine request: 200, unless it is too large or not even whole."""
        said = str(len(self.body)) if self.length is None else self.length
        declared = int(said) if said.strip().isdecimal() else 0
        if max(declared, len(self.body)) > LARGEST_BODY:
            return frozenset({200, 400, 413})
        return frozenset({200, 400} if declared > len(self.body) or self.host != HOST else {200})


class Bodies:
    """An endless supply. The same seed gives the same requests."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._captured = [case for gateway in GATEWAYS for case in cases(gateway.name, "webhooks.txt")]

    def next(self) -> Asked:
        random = self._random
        asked = self._as_captured(random.choice(self._captured))
        for change in random.choices(CHANGES, WEIGHTS, k=random.choice((0, 1, 1, 2, 3))):
            asked = change(random, asked)
        return _signed(asked) if asked.gateway == SIGNED and random.random() < 0.8 else asked

    def _as_captured(self, case: Case) -> Asked:
        """Mostly under another id and from another phone, so that there is something to write."""
        random = self._random
        form = dict(parse_qsl(case.one("form"), keep_blank_values=True))
        if random.random() < 0.7:
            form = {name: self._another(name, value) for name, value in form.items()}
        token = "" if case.gateway == SIGNED else TOKEN
        asked = Asked(
            case.gateway, case.one("kind"), token, urlencode(form).encode(), query=case.one("query")
        )
        return _as_query(random, asked) if case.gateway == "kannel" else asked

    def _another(self, name: str, value: str) -> str:
        if name.lower().endswith(("id", "sid")):
            return f"{value[:20]}{self._random.getrandbits(64):016x}"[-34:]
        if value.removeprefix("+").isdigit() and len(value) > 9:
            return f"+2665{self._random.randrange(10**7):07d}"
        return value


def _signed(asked: Asked) -> Asked:
    """With a good signature, as far as a body that is a form can have one."""
    form = MultiDict(parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True))
    url = f"http://{asked.host}{asked.path}" + (f"?{asked.query}" if asked.query else "")
    try:
        signature = RequestValidator(TOKEN).compute_signature(url, form)
    except UnicodeError:
        return asked
    return replace(asked, headers=(*asked.headers, ("X-Twilio-Signature", signature)))


# --- changes -------------------------------------------------------------------------------------------


def _as_query(random: Random, asked: Asked) -> Asked:
    return replace(asked, method="GET", query=asked.body.decode("latin-1"), body=b"")


def _flip_bytes(random: Random, asked: Asked) -> Asked:
    changed = bytearray(asked.body)
    for _ in range(random.randint(1, 8) if changed else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return replace(asked, body=bytes(changed))


def _cut(random: Random, asked: Asked) -> Asked:
    return replace(asked, body=asked.body[: random.randrange(len(asked.body) + 1)])


def _insert(random: Random, asked: Asked) -> Asked:
    place = random.randrange(len(asked.body) + 1)
    piece = random.choice((b"\0", b"%", b"&&&", b"==", b"%00", b"%ED%A0%80", b"%FF%FE", b"+", b"\r\n\r\n"))
    return replace(asked, body=asked.body[:place] + piece + asked.body[place:])


def _nasty_value(random: Random, asked: Asked) -> Asked:
    fields = parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True)
    if not fields:
        return asked
    place = random.randrange(len(fields))
    fields[place] = (fields[place][0], random.choice(NASTY))
    return replace(asked, body=_encoded(fields))


def _double_names(random: Random, asked: Asked) -> Asked:
    fields = parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True)
    again = [(name, random.choice((value, *NASTY[:12]))) for name, value in fields]
    return replace(asked, body=_encoded(random.sample([*fields, *again], len(fields) * 2)))


def _drop_field(random: Random, asked: Asked) -> Asked:
    fields = parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True)
    return replace(asked, body=_encoded(random.sample(fields, max(0, len(fields) - 1))))


def _many_fields(random: Random, asked: Asked) -> Asked:
    more = b"&".join(b"a%d=" % number for number in range(10_000))
    return replace(asked, body=(asked.body + b"&" + more)[: random.choice((LARGEST_BODY, 10**6))])


def _noise(random: Random, asked: Asked) -> Asked:
    return replace(asked, body=random.randbytes(random.choice((1, 20, 300, 5000))))


def _too_large(random: Random, asked: Asked) -> Asked:
    return replace(asked, body=asked.body + b"&x=" + b"y" * LARGEST_BODY)


def _content_type(random: Random, asked: Asked) -> Asked:
    return replace(asked, content_type=random.choice(CONTENT_TYPES))


def _multipart(random: Random, asked: Asked) -> Asked:
    fields = parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True)
    times = random.choice((1, 1, 60))
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    ]
    body = ("".join(parts * times) + random.choice(("--x--\r\n", "--x", ""))).encode("utf-8", "replace")
    return replace(asked, body=body, content_type="multipart/form-data; boundary=x")


def _length(random: Random, asked: Asked) -> Asked:
    lies = ("", "0", "-1", "x", "1", "65536", "65537", "99999999999", "1e3", " 5", "٣")
    return replace(asked, length=random.choice(lies), chunked=random.random() < 0.3)


def _surroundings(random: Random, asked: Asked) -> Asked:
    odd = random.choice(
        (
            ("X-Forwarded-For", random.choice((*SOURCES, "1, 2, 3"))),
            ("X-Twilio-Webhooks-Signature-Settings", "algorithm=HMAC_MD5;x"),
            ("X-Kannel-From", random.choice(NASTY)[:200].encode("utf-8", "surrogatepass").decode("latin-1")),
            ("X-Kannel-Time", "yesterday"),
            ("Cookie", "a=b; \xff"),
            ("Accept-Charset", "utf-16"),
            ("Content-Encoding", "gzip"),
        )
    )
    host, source = random.choice(HOSTS), random.choice(SOURCES)
    return replace(asked, host=host, source=source, headers=(*asked.headers, odd))


def _query(random: Random, asked: Asked) -> Asked:
    return replace(
        asked, query=random.choice(("%", "a=%00", "attempt=x", "&&==", "x" * 3000, "a=\xff", "%ff=%fe"))
    )


def _token(random: Random, asked: Asked) -> Asked:
    return replace(asked, token=random.choice(("wrong", "x" * 500, "\xff", "%00", TOKEN + "x", "second\0")))


def _kind(random: Random, asked: Asked) -> Asked:
    return replace(
        asked, kind=random.choice(("ussd", "sms", "receipt", "none", "ussd-end", "opt-out", "\xe9"))
    )


def _method(random: Random, asked: Asked) -> Asked:
    return replace(asked, method=random.choice(("GET", "HEAD", "PUT", "OPTIONS", "BREW")))


def _encoded(fields: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields).encode()


@lru_cache(4096)
def _quoted(word: str) -> str:
    return quote(word, errors="surrogatepass")


_OFTEN: Final[dict[Callable[[Random, Asked], Asked], int]] = {
    _flip_bytes: 10,
    _cut: 5,
    _insert: 10,
    _nasty_value: 25,
    _double_names: 6,
    _drop_field: 6,
    _many_fields: 1,
    _noise: 5,
    _too_large: 1,
    _content_type: 6,
    _multipart: 4,
    _length: 4,
    _surroundings: 5,
    _query: 3,
    _token: 3,
    _kind: 4,
    _method: 2,
}
CHANGES: Final = tuple(_OFTEN)
WEIGHTS: Final = tuple(_OFTEN.values())
