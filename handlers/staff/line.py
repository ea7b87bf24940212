"""What a bad line needs: a keeper of forms, the page that it shows, and a new signature for what it kept."""

from flask import Blueprint, Response, g
from flask_wtf.csrf import generate_csrf

from handlers.staff.desk import Desk, me, page
from handlers.staff.words import LANGUAGES, words_in


def add_line(pages: Blueprint, desk: Desk) -> None:  # noqa: ARG001
    @pages.get("/worker.js")
    def worker() -> Response:
        """From here, because a worker may only look after what lies beside or below it."""
        return pages.send_static_file("worker.js")

    @pages.get("/offline")
    def offline() -> str:
        """Kept by the browser, so it shows nothing of whoever is signed in."""
        g.pop("colleague", None)
        return page("offline.html", all_words=[words_in(language) for language in LANGUAGES])

    @pages.get("/form-token")
    def form_token() -> dict[str, str]:
        """For a form that was written long ago: it is sent as whoever is signed in now, if that is she."""
        return {"token": generate_csrf(), "by": me().id.hex}
