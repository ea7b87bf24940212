"""A signature covers the address and every field, and nothing that differs by a bit is let in.

The vectors are those that the provider publishes with its own library, which is also the second opinion.
"""

import random
from hashlib import sha256
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator
from werkzeug.datastructures import MultiDict

from handlers.gateways.signed import Scheme, SignedWebhooks
from service.ports import Unreadable, WebhookRequest

SIGNATURE, SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"
NEWER = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"

Fields = tuple[tuple[str, str], ...]

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS: Fields = (
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
)
GOOD = "RSOYDt4T1cUTdK1PDd93/VVr8B8="

BODY = b'{"property": "value", "boolean": true}'
JSON_URL = f"{URL}&bodySHA256={sha256(BODY).hexdigest()}"
GOOD_FOR_JSON = "a9nBmqA0ju/hNViExpshrM61xv4="


def webhooks(*keys: str) -> SignedWebhooks:
    return SignedWebhooks({}, Scheme(SIGNATURE, SETTINGS, "bodySHA256"), [SecretStr(key) for key in keys])


HOOKS = webhooks("12345")


def request(
    url: str = URL,
    signature: str = GOOD,
    fields: Fields = FIELDS,
    body: bytes = b"",
    settings: str = "",
) -> WebhookRequest:
    headers = {SIGNATURE: signature, SETTINGS: settings}
    return WebhookRequest("sms", url, headers, {}, {}, fields, body)


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL, GOOD),
        (URL.replace(".com", ".com:443"), GOOD),
        (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace(".com", ".com:443"), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (URL.replace("https", "http").replace(".com", ".com:80"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (URL.replace("https", "http").replace(".com", ".com:1234"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_the_published_signatures_are_good(url: str, signature: str) -> None:
    assert HOOKS.authentic(request(url, signature))


def test_a_field_that_comes_twice_counts_each_of_its_values_once() -> None:
    fields = (("Sid", "CA123"), ("SidAccount", "AC123"))
    for digits in (("5678", "1234", "1234"), ("1234", "5678")):
        repeated = (*fields, *(("Digits", value) for value in digits))
        assert HOOKS.authentic(request(signature="IK+Dwps556ElfBT0I3Rgjkr1wJU=", fields=repeated))


def test_letters_of_all_alphabets_are_signed() -> None:
    fields = (("Body", "Lumela š ☺"),)
    assert HOOKS.authentic(request("https://x/y", "Qj+2aAtpR5N3n27TUt93J2Iu4MI=", fields))


def test_the_newer_algorithm_is_good_where_the_request_names_it() -> None:
    newer = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="
    assert HOOKS.authentic(request(signature=newer, settings=NEWER))
    assert not HOOKS.authentic(request(signature=newer))
    assert not HOOKS.authentic(request(signature=GOOD, settings=NEWER))


@pytest.mark.parametrize("named", ["algorithm=MD5", "algorithm=none", "algorithm=hmac_sha1x"])
def test_an_algorithm_that_nobody_knows_is_not_good(named: str) -> None:
    assert not HOOKS.authentic(request(settings=named))


@pytest.mark.parametrize("named", ["", "key=webhooks_sharedkey_1", "algorithm=", "algorithm"])
def test_where_no_algorithm_is_named_it_is_the_older_one(named: str) -> None:
    assert HOOKS.authentic(request(settings=named))


def test_a_body_that_is_no_form_is_good_with_its_hash_in_the_address() -> None:
    assert HOOKS.authentic(request(JSON_URL, GOOD_FOR_JSON, (), BODY))


def test_a_signed_address_is_not_good_for_another_body() -> None:
    assert not HOOKS.authentic(request(JSON_URL, GOOD_FOR_JSON, (), BODY.replace(b"true", b"null")))


@pytest.mark.parametrize("body", [BODY, b"\xff\xfe", b"&", b"\0"])
def test_a_body_that_is_no_form_and_has_no_hash_is_not_good(body: bytes) -> None:
    for_address_alone = RequestValidator("12345").compute_signature(URL, {})
    assert HOOKS.authentic(request(signature=for_address_alone, fields=()))
    assert not HOOKS.authentic(request(signature=for_address_alone, fields=(), body=body))


@pytest.mark.parametrize("signature", ["", "=", "12345", GOOD[:-1], GOOD + "=", GOOD + " ", "š", "\ud800"])
def test_any_other_signature_is_not_good(signature: str) -> None:
    assert not HOOKS.authentic(request(signature=signature))


def test_a_request_without_a_signature_is_not_good() -> None:
    assert not HOOKS.authentic(WebhookRequest("sms", URL, {}, {}, {}, FIELDS))


def test_a_header_may_be_written_in_any_case() -> None:
    assert HOOKS.authentic(WebhookRequest("sms", URL, {SIGNATURE.lower(): GOOD}, {}, {}, FIELDS))


def test_each_of_several_keys_is_good() -> None:
    assert webhooks("old", "12345").authentic(request())
    assert webhooks("12345", "old").authentic(request())
    assert not webhooks("old").authentic(request())
    assert not webhooks().authentic(request())


@pytest.mark.parametrize(
    "url",
    [
        URL.replace("https", "http"),
        URL.replace("myapp.php", "myapp.php/"),
        URL.replace("mycompany.com", "mycompany.com:99999"),
        URL.replace("mycompany.com", "mycompany.com:port"),
        URL + "#rc=5",
        "https://[::1",
        "//",
        "",
    ],
)
def test_another_address_is_not_good_however_odd(url: str) -> None:
    assert not HOOKS.authentic(request(url))


@pytest.mark.parametrize("host", ["[::1]", "[::1]:8000", "user:word@example.org", "http", "x"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_address_is_good_as_it_was_signed(scheme: str, host: str) -> None:
    url = f"{scheme}://{host}/hooks/sms?"
    signature = RequestValidator("12345").compute_signature(url, MultiDict(FIELDS))
    assert HOOKS.authentic(request(url, signature))


def flipped(text: bytes, dice: random.Random) -> bytes:
    bit = dice.randrange(len(text) * 8)
    changed = bytearray(text)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_of_ten_thousand_requests_with_one_wrong_bit_none_is_let_in() -> None:
    dice = random.Random(20261121)
    encoded = "&".join(f"{name}={quote(value)}" for name, value in FIELDS).encode()
    let_in = tried = 0
    while tried < 10_000:
        url, signature, body = URL.encode(), GOOD.encode(), encoded
        match dice.randrange(3):
            case 0:
                url = flipped(url, dice)
            case 1:
                signature = flipped(signature, dice)
            case _:
                body = flipped(body, dice)
        fields = tuple(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        if body != encoded and fields == FIELDS:
            continue  # such as %2B and %2b: the same request, spelt otherwise
        tried += 1
        asked = request(url.decode("latin-1"), signature.decode("latin-1"), fields, body)
        let_in += HOOKS.authentic(asked)
    assert let_in == 0


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
ALL_FIELDS = st.lists(st.tuples(TEXTS, TEXTS), max_size=6).map(tuple)


@given(fields=ALL_FIELDS, algorithm=st.sampled_from([HMAC_SHA1, HMAC_SHA256]), other=ALL_FIELDS)
@hypothesis_settings(deadline=None)
def test_what_the_provider_s_own_library_signs_is_good(fields: Fields, algorithm: str, other: Fields) -> None:
    official = RequestValidator("12345")
    signature = official.compute_signature(URL, MultiDict(fields), algorithm)
    named = f"algorithm={algorithm}"
    assert HOOKS.authentic(request(signature=signature, fields=fields, settings=named))
    good = HOOKS.authentic(request(signature=signature, fields=other, settings=named))
    assert good == official.validate(URL, MultiDict(other), signature, algorithm)


@given(
    url=st.text(st.characters(codec=None)),
    headers=st.dictionaries(
        st.sampled_from([SIGNATURE, SETTINGS, "Host"]), st.text(st.characters(codec=None))
    ),
    fields=st.lists(
        st.tuples(st.text(st.characters(codec=None)), st.text(st.characters(codec=None))), max_size=3
    ).map(tuple),
    body=st.binary(),
)
@hypothesis_settings(deadline=None)
def test_nothing_makes_the_check_fail_and_nothing_passes(
    url: str, headers: dict[str, str], fields: Fields, body: bytes
) -> None:
    assert not HOOKS.authentic(WebhookRequest("sms", url, headers, {}, {}, fields, body))


def test_a_kind_of_webhook_that_is_not_there_is_unreadable() -> None:
    assert isinstance(HOOKS.read(request()), Unreadable)
    assert HOOKS.hooks == ()


def test_no_token_in_the_path_is_good() -> None:
    assert not HOOKS.accepts_token("12345")
