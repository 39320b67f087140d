"""The arrays that a scenario starts from, made of what stands in its file: numbers, formulas, rules, other files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from gradstep.engine.arrays import Array, Shape
from gradstep.engine.data.drawing import drawn
from gradstep.engine.data.starting import Seeds, Spread, initialized, named_stream
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.limits import Held
from gradstep.engine.scenario.document import Document, Section
from gradstep.engine.scenario.files import Folders, reading
from gradstep.engine.scenario.naming import check_name
from gradstep.engine.scenario.room import check_held
from gradstep.engine.scenario.values import Stored
from gradstep.engine.words import starting as words


@dataclass(frozen=True, eq=False)
class Starter:
    """Makes arrays, each when it is asked for it: with a legacy seed their order is that of the draws.

    read: those that came from files beside the scenario, so far. files: these and all others that were read.
    """

    document: Document
    folders: Folders
    seeds: Seeds
    read: list[Array] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    def value(self, key: str, given: Array | str | Stored, stream: tuple[int, ...]) -> Array:
        """The array that a key is given, of whatever shape. Raises ScenarioError."""
        if isinstance(given, str):
            return self._drawn(key, given, stream)
        return self._stored(key, given) if isinstance(given, Stored) else given

    def values(self) -> Mapping[str, Mapping[str, Array]]:
        """Those of [inputs] and [parameters], by table and name, in the order of the file. Raises ScenarioError."""
        made: dict[str, dict[str, Array]] = {"inputs": {}, "parameters": {}}
        used = Held()
        for table in self.document.in_order(*made):
            for name, given in (self.document.one[table] or {}).items():
                check_name(self.document, f"{table}.{name}", name)
                array = made[table][name] = self.value(f"{table}.{name}", given, named_stream(name))
                used = replace(used, parameters=used.parameters + array.size)
                check_held(self.document, f"{table}.{name}", used)
        return made

    def _drawn(self, key: str, text: str, stream: tuple[int, ...]) -> Array:
        try:
            array = drawn(text, self.seeds.of(*stream))
        except ExpressionError as error:
            raise self.document.error(key, str(error)) from None
        if not np.isfinite(array).all():
            raise self.document.error(key, words.NOT_FINITE)
        return array

    def _stored(self, key: str, stored: Stored) -> Array:
        if stored.values is not None:
            array = stored.values
        else:
            with reading(self.document, f"{key}.{stored.kind}", stored.file):
                array = _read(self.folders, stored)
            self.files.append(self.folders.beside / stored.file)
            self.read.append(array)
        return np.ascontiguousarray(array.T) if stored.transpose else array

    def ruled(self, section: Section, place: str, shape: Shape, key: str, stream: tuple[int, ...]) -> Array:
        """Weights (place "") or biases (place "bias_") of a layer by the rule that it names."""
        rule, low, high, mean = (section[f"{place}{name}"] for name in ("init", "low", "high", "mean"))
        if (low is not None or high is not None) and rule != "uniform":
            name = "low" if low is not None else "high"
            raise self.document.error(f"{key}.{place}{name}", words.OF_RULE.format(rule="uniform", key=f"{place}init"))
        if mean and rule != "normal":
            raise self.document.error(f"{key}.{place}mean", words.OF_RULE.format(rule="normal", key=f"{place}init"))
        if (low is None) != (high is None):
            name = "high" if high is None else "low"
            raise self.document.error(f"{key}.{place}{name}", words.LOW_AND_HIGH)
        if low is not None and not low < high:
            raise self.document.error(f"{key}.{place}high", words.HIGH_NOT_ABOVE_LOW.format(high=high, low=low))
        return initialized(rule, shape, Spread(section[f"{place}scale"], mean, low, high), self.seeds.of(*stream))


def _read(folders: Folders, stored: Stored) -> Array:
    """The array of a file. Raises FileError."""
    path = folders.beside / stored.file
    if stored.kind == "safetensors":
        from gradstep.engine.data.files.tensors import read_safetensors  # noqa: PLC0415 - only for such a file

        return read_safetensors(path, stored.array)
    from gradstep.engine.data.files.npz import read_npy, read_npz  # noqa: PLC0415 - only for such a file

    return read_npy(path) if stored.kind == "npy" else read_npz(path, [stored.array])[stored.array]
