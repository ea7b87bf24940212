"""What is compiled is compiled once for all tests, and not for each of their engines and applications."""

from functools import cache
from typing import Any, Final

import flask_openapi3.utils
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_COMPILED: Final[LRUCache[Any, Any]] = LRUCache(10_000)


class _LikeEachOther:
    """A dialect is a part of the key under which a compiled statement is kept."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


class Sqlite(_LikeEachOther, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class Postgresql(_LikeEachOther, PGDialect_psycopg):
    supports_statement_cache = True


class _InMemory(BytecodeCache):
    """Templates, as Jinja keeps them in files."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_build = Rule._compile_builder
_builders: Final[dict[tuple[object, ...], Any]] = {}


def _built_once(rule: Rule, append_unknown: bool = True) -> Any:
    """What makes an address out of a rule, which Werkzeug compiles from a syntax tree."""
    key = (rule.rule, rule.subdomain, str(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _build(rule, append_unknown)
    return _builders[key]


def compile_once() -> None:
    """From here on every engine and application of this process shares what the others have compiled.

    A new engine compiles each statement anew, which took a third of the time of a test with a database; a new
    application each template, its rules and the schemas of the API, which took three quarters of making one.
    """
    Rule._compile_builder = _built_once  # type: ignore[assignment,method-assign]
    Flask.jinja_options = {"bytecode_cache": _InMemory()}
    flask_openapi3.utils.get_model_schema = cache(flask_openapi3.utils.get_model_schema)
    registry.register("sqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.psycopg", __name__, Postgresql.__name__)
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_COMPILED)
