"""Checks a parsed scenario file against its format, which stands in `format`, and fills in defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradstep.engine.errors import ScenarioError, closest
from gradstep.engine.scenario.format import BY_NAME, REQUIRED, TABLES, Table
from gradstep.engine.scenario.types import Mismatch, found
from gradstep.engine.words import document as words

Section = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A checked file: every known key with its converted value or default. Absent tables are None, or ().

    order: the names of its tables, as they come first. The keys of a table keep their order, too.
    """

    file: str
    top: Section
    one: Mapping[str, Section | None]
    many: Mapping[str, tuple[Section, ...]]
    order: tuple[str, ...] = ()

    def in_order(self, *tables: str) -> list[str]:
        """Those of some tables that there are, in the order of the file."""
        return [name for name in self.order if name in tables]

    def error(self, key: str, problem: str, within: int = 0) -> ScenarioError:
        """The error of a key whose value cannot be used. within: which line of a text is meant, from 1; 0 for all."""
        return ScenarioError(self.file, key, problem, within=within)

    @property
    def training(self) -> Section:
        """The table [training], also where it is not written."""
        section = self.one["training"]
        return _checked(self.file, "training", BY_NAME["training"], {}) if section is None else section


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
    return Document(file, top, one, many, tuple(name for name in content if name in BY_NAME))


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
    kind = table.kind_of(value)
    of_kind = table.keys_of(kind)
    keys = {key.name: key for key in of_kind}
    elsewhere = {key.name: key for key in table.keys if key.name not in keys}
    section: Section = {}
    for name, item in sorted(value.items(), key=lambda pair: pair[0] != "kind"):  # what others belong to comes first
        key = keys.get(name) or (elsewhere.get(name) if name == "kind" else None)
        expected = key.type if key else table.others_in(kind)
        where = f"{path}.{name}" if path else name
        if expected is None and name in elsewhere:
            raise ScenarioError(file, where, words.KEY_OF_ANOTHER_KIND.format(kind=kind, known=", ".join(keys)))
        if expected is None:
            known = [*keys, *others]
            problem = words.UNKNOWN_KEY.format(hint=closest(name, known), known=", ".join(known))
            raise ScenarioError(file, where, problem)
        try:
            section[name] = expected.check(item)
        except Mismatch as mismatch:
            raise ScenarioError(file, where + mismatch.where, str(mismatch)) from None
    for key in of_kind:
        if key.name not in section:
            if key.default is REQUIRED:
                where = f"{path}.{key.name}" if path else key.name
                raise ScenarioError(file, where, words.MISSING.format(expected=key.type.expected, about=key.about))
            section[key.name] = key.default
    return section
