"""The format of scenario files as a JSON schema, for editors."""

from __future__ import annotations

from gradstep.engine.scenario.format import BY_NAME, REQUIRED, TABLES, Key, Table
from gradstep.engine.scenario.types import Json, Type


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
    options = next(key for key in table.keys if key.name == "kind").type.json["enum"]
    variants = []
    for option in options:
        keys = tuple(key for key in table.keys if not key.only or option in key.only)
        variant = _object(keys, table.others)
        variant["properties"]["kind"] = {"const": option}
        variants.append(variant)
    return {"oneOf": variants}


def _object(keys: tuple[Key, ...], others: Type | None) -> Json:
    properties: Json = {}
    for key in keys:
        properties[key.name] = dict(key.type.json) | {"description": key.about}
        if key.default is not REQUIRED and key.default is not None:
            properties[key.name]["default"] = list(key.default) if isinstance(key.default, tuple) else key.default
    return {
        "type": "object",
        "properties": properties,
        "required": [key.name for key in keys if key.default is REQUIRED],
        "additionalProperties": dict(others.json) if others else False,
    }
