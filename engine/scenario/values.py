"""How an array may be written in a scenario: as numbers, a formula that draws it, or a table that names a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradstep.engine.arrays import Array
from gradstep.engine.errors import closest
from gradstep.engine.scenario import types
from gradstep.engine.scenario.types import Json, Mismatch, Type
from gradstep.engine.words import types as words

FILES = {"npz": "array", "npy": "", "safetensors": "array"}  # kind of file → the key that says which array, if any
_KEYS = {
    "values": types.rows(),
    **dict.fromkeys(FILES, types.text()),
    "array": types.text(),
    "transpose": types.truth(),
}


@dataclass(frozen=True, eq=False)
class Stored:
    """An array in a table of its own. values: as written there, or else the file of this kind and its array's name."""

    values: Array | None
    kind: str
    file: str
    array: str
    transpose: bool


def value() -> Type:
    """A number, a list or rows as an array of that shape; a text, which is a formula; or a `Stored`."""
    numbers = types.array()
    text, stored = types.text(), _stored()

    def check(given: Any) -> Any:
        if isinstance(given, dict):
            return stored.check(given)
        return text.check(given) if isinstance(given, str) else numbers.check(given)

    options = [*numbers.json["anyOf"], dict(text.json), dict(stored.json)]
    return Type(words.VALUE, check, {"anyOf": options})


def _stored() -> Type:
    sources = ("values", *FILES)
    json: Json = {
        "type": "object",
        "properties": {name: dict(each.json) for name, each in _KEYS.items()},
        "additionalProperties": False,
        "oneOf": [
            {"required": [source, named] if named else [source]} for source, named in {"values": "", **FILES}.items()
        ],
    }

    def check(given: dict[str, Any]) -> Stored:
        for name in given:
            if name not in _KEYS:
                raise Mismatch(words.UNKNOWN_KEY.format(hint=closest(name, _KEYS), known=", ".join(_KEYS)), f".{name}")
        found = {name: _KEYS[name].inside(f".{name}", item) for name, item in given.items()}
        chosen = [name for name in sources if name in found]
        if len(chosen) != 1:
            raise Mismatch(words.ONE_OF_THE_SOURCES.format(found=", ".join(chosen) or words.NONE))
        needed = FILES.get(chosen[0], "")
        if needed and needed not in found:
            raise Mismatch(words.NAME_OF_ARRAY.format(kind=chosen[0]), f".{chosen[0]}")
        if not needed and "array" in found:
            raise Mismatch(words.NO_NAME_OF_ARRAY.format(kind=chosen[0]), ".array")
        numbers = found.get("values")
        file = "" if numbers is not None else found[chosen[0]]
        return Stored(numbers, chosen[0], file, found.get("array", ""), found.get("transpose", False))

    return Type(words.VALUE, check, json)
