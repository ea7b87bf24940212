"""Filling the gateways' own settings from the environment."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from config.settings import PREFIX, SettingsError, explain
from handlers.gateways import GATEWAYS
from handlers.gateways.definition import Definition, GatewaySettings

NAMES = tuple(definition.name for definition in GATEWAYS)


def definition(name: str) -> Definition[Any]:
    return next(known for known in GATEWAYS if known.name == name)


def gateway_settings(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, GatewaySettings]:
    """The settings of the named gateways. Raises ``SettingsError`` with every problem of all of them."""
    filled: dict[str, GatewaySettings] = {}
    problems: list[str] = []
    for name in names:
        prefix = f"{PREFIX}{name.upper()}_"
        given = {
            key.removeprefix(prefix).lower(): value
            for key, value in environment.items()
            if key.startswith(prefix) and value
        }
        fields = definition(name).settings.model_fields
        try:
            filled[name] = definition(name).settings.model_validate(given)
        except ValidationError as error:
            problems += explain(error, prefix, [field.alias or known for known, field in fields.items()])
    if problems:
        raise SettingsError(problems)
    return filled
