"""Structured logs in which only listed keys can appear."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_KEYS = """
    event level timestamp logger action actor address attempt attempts client count day due error gateway hook
    id inbound job kind language ledger location message message_class method milliseconds number_of outcome
    plan problem provider_word queue reason receipt route screen seconds session site staff state status step
    task version visit worker
"""
ALLOWED = frozenset(_KEYS.split())
"""Ids, words of ours and counts. A phone number, name or text has no key here, so it cannot be logged."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONG_NUMBER = re.compile(r"(?<![0-9a-f-])\+?\d{7,}(?![0-9a-f-])")
"""Not the digits in the ids of rows, which are hexadecimal with dashes."""


def _keep_allowed(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    dropped = len(line.keys() - ALLOWED)
    kept = {key: _plain(value) for key, value in line.items() if key in ALLOWED}
    if dropped:
        kept["number_of"] = f"{dropped} keys dropped"
    return kept


def _plain(value: Any) -> Any:
    """No line breaks or terminal codes; a run of digits as long as a phone number is blotted out."""
    if isinstance(value, int | float | bool) or value is None:
        return value
    return _LONG_NUMBER.sub("…", _CONTROL.sub(" ", str(value)))[:200]


def _where_it_failed(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its type and place: its message and locals may hold personal data."""
    failed = line.pop("exc_info", None)
    if failed is True:
        failed = sys.exc_info()
    if isinstance(failed, BaseException):
        failed = (type(failed), failed, failed.__traceback__)
    if failed and failed[0] is not None:
        frame = failed[2]
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        line["error"] = failed[0].__name__
        if frame is not None:
            line["location"] = f"{frame.tb_frame.f_globals.get('__name__', '?')}:{frame.tb_lineno}"
    return line


def configure(stream: TextIO | None = None, least: int = logging.INFO) -> None:
    """Send all logs, our own and the libraries', through the allow-list, as one JSON object a line.

    ``least`` is the level from which on our own are told.
    """
    chain: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_it_failed,
        _keep_allowed,
    ]
    structlog.configure(
        processors=[*chain, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Guarded(stream or sys.stderr)], level=logging.WARNING, force=True)


class _Guarded(logging.StreamHandler[TextIO]):
    """What libraries log: their module and level and the line's unfilled form, never its arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno,
            _plain(str(record.msg)) if not record.args else f"{record.name} logged",
            logger=record.name,
            location=f"{record.module}:{record.lineno}",
        )
