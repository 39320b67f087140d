"""Checks a parsed scenario file against its format, fills in defaults, and writes the format as a JSON schema.

The description that it checks against stands in `format`.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradstep.engine.errors import ScenarioError, closest
from gradstep.engine.scenario.format import BY_NAME, REQUIRED, TABLES, Key, Table
from gradstep.engine.scenario.types import Json, Kind, Mismatch, found
from gradstep.engine.words import schema as words

Section = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A checked file: every known key with its converted value or default. Absent tables are None, or ()."""

    file: str
    top: Section
    one: Mapping[str, Section | None]
    many: Mapping[str, tuple[Section, ...]]


def check_document(file: str, content: Mapping[str, Any]) -> Document:
    """Check a parsed TOML file against the format; raises ScenarioError at the first thing that is wrong."""
    nested = [table for table in TABLES if table.name]
    plain = {name: value for name, value in content.items() if name not in BY_NAME}
    top = _checked(file, "", BY_NAME[""], plain, others=tuple(table.name for table in nested))
    one: dict[str, Section | None] = {}
    many: dict[str, tuple[Section, ...]] = {}
    for table in nested:
        value = content.get(table.name)
        if table.many:
            many[table.name] = _checked_many(file, table, value)
        else:
            one[table.name] = None if value is None else _checked_one(file, table, table.name, value)
    return Document(file, top, one, many)


def _checked_many(file: str, table: Table, value: Any) -> tuple[Section, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ScenarioError(file, table.name, words.NO_TABLES.format(found=found(value), table=table.name))
    return tuple(_checked_one(file, table, f"{table.name}[{place}]", item) for place, item in enumerate(value))


def _checked_one(file: str, table: Table, path: str, value: Any) -> Section:
    if not isinstance(value, dict):
        raise ScenarioError(file, path, words.NO_TABLE.format(found=found(value), table=table.name))
    return _checked(file, path, table, value)


def _checked(file: str, path: str, table: Table, value: Mapping[str, Any], others: tuple[str, ...] = ()) -> Section:
    keys = {key.name: key for key in table.keys}
    section: Section = {}
    for name, item in value.items():
        key = keys.get(name)
        kind = key.kind if key else table.others
        where = f"{path}.{name}" if path else name
        if kind is None:
            known = [*keys, *others]
            problem = words.UNKNOWN_KEY.format(hint=closest(name, known), known=", ".join(known))
            raise ScenarioError(file, where, problem)
        try:
            section[name] = kind.check(item)
        except Mismatch as mismatch:
            raise ScenarioError(file, where + mismatch.where, str(mismatch)) from None
    chosen = section.get("kind")
    for key in table.keys:
        if key.only and chosen is not None and chosen not in key.only:
            if key.name in section:
                allowed = ", ".join(k.name for k in table.keys if not k.only or chosen in k.only)
                problem = words.KEY_OF_ANOTHER_KIND.format(kind=chosen, known=allowed)
                raise ScenarioError(file, f"{path}.{key.name}", problem)
            continue
        if key.name not in section:
            if key.default is REQUIRED:
                where = f"{path}.{key.name}" if path else key.name
                raise ScenarioError(file, where, words.MISSING.format(expected=key.kind.expected, about=key.about))
            section[key.name] = key.default
    return section


def json_schema() -> Json:
    """The format as a JSON schema (draft 2020-12) of the file as parsed."""
    top = _object(BY_NAME[""].keys, None)
    for table in TABLES:
        if table.name:
            schema = _table_schema(table)
            top["properties"][table.name] = {"type": "array", "items": schema} if table.many else schema
            top["properties"][table.name]["description"] = table.about
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "gradstep scenario", **top}


def _table_schema(table: Table) -> Json:
    chosen = {name for key in table.keys for name in key.only}
    if not chosen:
        return _object(table.keys, table.others)
    options = next(key for key in table.keys if key.name == "kind").kind.json["enum"]
    variants = []
    for option in options:
        keys = tuple(key for key in table.keys if not key.only or option in key.only)
        variant = _object(keys, table.others)
        variant["properties"]["kind"] = {"const": option}
        variants.append(variant)
    return {"oneOf": variants}


def _object(keys: tuple[Key, ...], others: Kind | None) -> Json:
    properties: Json = {}
    for key in keys:
        properties[key.name] = dict(key.kind.json) | {"description": key.about}
        if key.default is not REQUIRED and key.default is not None:
            properties[key.name]["default"] = list(key.default) if isinstance(key.default, tuple) else key.default
    return {
        "type": "object",
        "properties": properties,
        "required": [key.name for key in keys if key.default is REQUIRED],
        "additionalProperties": dict(others.json) if others else False,
    }


# What has a meaning of its own wherever a name can be typed.
RESERVED = frozenset(
    {*keyword.kwlist, "true", "false", "nan", "inf", "start", "end", "iteration", "epoch", "step", "phase", "at"}
    | {"note", "disagrees", "tolerance", "off_by"}
)


def check_name(file: str, key: str, name: str) -> None:
    """A name that a scenario gives must be typable and mean nothing else; raises ScenarioError."""
    if name in RESERVED:
        raise ScenarioError(file, key, words.RESERVED.format(name=name[:40]))
    if not name.isidentifier():
        raise ScenarioError(file, key, words.CANNOT_BE_TYPED.format(name=name[:40]))


def training_of(document: Document) -> Section:
    section = document.one["training"]
    return section if section is not None else {"iterations": 1, "draw": "all", "batch": None, "seed": 0}
