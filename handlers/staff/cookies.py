"""What a browser keeps for us: the tokens of a session and of a device, and the secret behind our forms."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response

SESSION: Final = "khopotso"
DEVICE: Final = "khopotso-device"
FORMS: Final = "khopotso-forms"
LANGUAGE: Final = "khopotso-language"

_A_YEAR: Final = 365 * 24 * 3600
_HOST_ONLY: Final = "__Host-"
"""Browsers keep a cookie of such a name only if it is secure and meant for this very host."""


def is_on_this_machine() -> bool:
    """Whether browser and service are one machine, so that nothing goes over a line. Then http will do."""
    host = urlsplit(f"//{request.host}").hostname or ""
    return not request.is_secure and _is_loopback(host) and _is_loopback(request.remote_addr or "")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def named(name: str) -> str:
    return name if is_on_this_machine() else _HOST_ONLY + name


def shown(name: str) -> str | None:
    """The token that the browser shows."""
    return request.cookies.get(named(name))


def give(response: Response, name: str, token: str) -> None:
    """A session's cookie goes with the browser; others stay for a year."""
    response.set_cookie(
        named(name),
        token,
        max_age=None if name == SESSION else _A_YEAR,
        path="/",
        secure=not is_on_this_machine(),
        httponly=True,
        samesite="Lax",
    )


def take_away(response: Response, name: str) -> None:
    response.delete_cookie(
        named(name), path="/", secure=not is_on_this_machine(), httponly=True, samesite="Lax"
    )


class FormCookies(SecureCookieSessionInterface):
    """Flask's own cookie, which holds nothing but the secret behind the forms of a page."""

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002
        return named(FORMS)

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return not is_on_this_machine()

    def get_cookie_httponly(self, app: Flask) -> bool:  # noqa: ARG002
        return True

    def get_cookie_samesite(self, app: Flask) -> str:  # noqa: ARG002
        return "Lax"

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002
        return "/"
