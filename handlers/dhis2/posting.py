"""Handing a data value set to a DHIS2, and what it says became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests

from handlers.dhis2.payload import ValueSet

PATIENCE: Final = (10.0, 120.0)
"""Seconds to connect, and to wait for the import."""


@dataclass(frozen=True)
class Server:
    """``url`` is what stands before ``/api``. The token is a personal access token of theirs."""

    url: str
    token: str


@dataclass(frozen=True)
class Imported:
    """What a DHIS2 counts. ``conflicts`` are its own words about single values."""

    status: str
    imported: int
    updated: int
    ignored: int
    deleted: int
    conflicts: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return self.status in ("SUCCESS", "OK") and not self.ignored and not self.conflicts


@dataclass(frozen=True)
class NotImported:
    why: str


def post(server: Server, values: ValueSet, *, dry_run: bool) -> Imported | NotImported:
    """Send the values, or with ``dry_run`` let the other side say what it would do. Again is harmless."""
    try:
        answer = requests.post(
            f"{server.url.rstrip('/')}/api/dataValueSets",
            params=_how(values, dry_run),
            json=values.as_json(),
            headers={"Authorization": f"ApiToken {server.token}", "Accept": "application/json"},
            timeout=PATIENCE,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return NotImported(f"The DHIS2 was not reached ({type(error).__name__}); send it again later.")
    return _read(answer)


def _how(values: ValueSet, dry_run: bool) -> Mapping[str, str]:
    scheme = values.mapping.id_scheme.upper()
    return {
        "dataElementIdScheme": scheme,
        "orgUnitIdScheme": scheme,
        "categoryOptionComboIdScheme": scheme,
        "dataSetIdScheme": scheme,
        "importStrategy": "CREATE_AND_UPDATE",
        "dryRun": str(dry_run).lower(),
    }


def _read(answer: requests.Response) -> Imported | NotImported:
    """Newer versions wrap the summary, and answer 409 where a value was in conflict."""
    if answer.status_code in (401, 403):
        return NotImported(
            "The DHIS2 refuses the token; look at KHOPOTSO_DHIS2_TOKEN and at what it may write."
        )
    try:
        told = answer.json()
    except requests.JSONDecodeError:
        told = None
    if not isinstance(told, dict):
        return NotImported(
            f"The DHIS2 answered {answer.status_code} and no summary; is KHOPOTSO_DHIS2_URL right?"
        )
    summary = told.get("response", told)
    if not isinstance(summary, dict) or not isinstance(summary.get("importCount"), dict):
        return NotImported(f"The DHIS2 answered {answer.status_code}: {told.get('message', 'no summary')}")
    return _summary(summary)


def _summary(summary: Mapping[str, Any]) -> Imported:
    count = summary["importCount"]
    conflicts = summary.get("conflicts") or ()
    return Imported(
        status=str(summary.get("status", "")),
        imported=int(count.get("imported", 0)),
        updated=int(count.get("updated", 0)),
        ignored=int(count.get("ignored", 0)),
        deleted=int(count.get("deleted", 0)),
        conflicts=tuple(f"{one.get('object', '?')}: {one.get('value', '?')}" for one in conflicts),
    )
