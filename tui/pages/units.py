"""What the units of a layered net are called: the headings of columns and rows, and the boxes of the net.

A scenario labels elements, not units; what the labels of a unit's pre-activation and activation end in is its name:
net_h1 and out_h1 are those of h1. Where there are no labels a unit has its place, counted from 0 as an index is.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from gradstep.engine.program.network import Node
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.text.notation import Notation

# What has been found of a scenario: a drawing asks for the same names many times.
_known: WeakKeyDictionary[Scenario, dict[object, tuple[str, ...]]] = WeakKeyDictionary()


def unit_names(scenario: Scenario, notation: Notation, value: str) -> tuple[str, ...]:
    """The names of the units whose values stand in the columns of a symbol: x, or what a node of the net makes."""
    known, key = _known.setdefault(scenario, {}), (notation.own, notation.ascii, value)
    if key not in known:
        known[key] = _unit_names(scenario, notation, value)
    return known[key]


def _unit_names(scenario: Scenario, notation: Notation, value: str) -> tuple[str, ...]:
    shape = scenario.program.symbols[value].shape
    size = shape[-1] if shape else 1
    if len(shape) == 2 and shape[0] > 1:
        return tuple(map(str, range(size)))  # labels are those of one row among several
    labels = [
        [notation.label(name, _at(scenario, name, unit)) for name in _company(scenario, value)] for unit in range(size)
    ]
    names = [_shared([label for label in each if label]) for each in labels]
    return tuple(names) if all(names) and len({*names}) == size else tuple(map(str, range(size)))


def _at(scenario: Scenario, symbol: str, unit: int) -> tuple[int, ...]:
    """The element of the first row that is a unit's."""
    return (0, unit)[2 - len(scenario.program.symbols[symbol].shape) :]


def _company(scenario: Scenario, value: str) -> list[str]:
    """The symbols that say something of the same units: the pre-activation and the activation of a layer."""
    network = scenario.network
    made_by = {node.name: node for node in network.nodes}
    of: Node | None = made_by.get(value)
    if of is not None and of.operation.derivative is not None:
        return [of.inputs[0], value]
    return [
        value,
        *(node.name for node in network.nodes if node.inputs == (value,) and node.operation.derivative is not None),
    ]


def _shared(labels: list[str]) -> str:
    """The whole word that all of the labels end in, with a letter in it; a single label is the name itself."""
    if len(labels) < 2:
        return "".join(labels)
    shortest = min(map(len, labels))
    same = next((k for k in range(shortest) if len({label[-k - 1] for label in labels}) > 1), shortest)
    end = labels[0][len(labels[0]) - same :]
    if any(len(end) < len(label) and label[-len(end) - 1 : -len(end)] != "_" for label in labels):
        end = end.partition("_")[2]
    return end if any(character.isalpha() for character in end) else ""
