"""The names that a scenario gives: to the symbols and elements of its program, and to the values of a graph."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any

from gradstep.engine.arrays import Index, Shape, written
from gradstep.engine.errors import closest
from gradstep.engine.program.names import NameClash, Names
from gradstep.engine.program.network import Network
from gradstep.engine.program.program import Program
from gradstep.engine.scenario.document import Document
from gradstep.engine.scenario.types import found
from gradstep.engine.words import naming as words

# These have a meaning of their own wherever a name can be typed.
RESERVED = frozenset(
    {*keyword.kwlist, "true", "false", "nan", "inf", "start", "end", "iteration", "epoch", "step", "phase", "at"}
    | {"name", "note", "from_source", "disagrees", "instead", "tolerance", "off_by"}
)

_WORD = re.compile(r"\w+")


def check_name(document: Document, key: str, name: str) -> None:
    """A name that a scenario gives must be typable and mean nothing else; raises ScenarioError."""
    if name in RESERVED:
        raise document.error(key, words.RESERVED.format(name=name[:40]))
    if not name.isidentifier():
        raise document.error(key, words.CANNOT_BE_TYPED.format(name=name[:40]))


def build_names(document: Document, program: Program) -> Names:
    """The names and labels of [names] and [labels]; raises ScenarioError."""
    own = document.one["names"] or {}
    grids = document.one["labels"] or {}
    for table, given in (("names", own), ("labels", grids)):
        for symbol in given:
            if symbol not in program.symbols:
                problem = words.NOT_A_SYMBOL.format(hint=closest(symbol, program.symbols))
                raise document.error(f"{table}.{symbol}", problem)
    for symbol, name in own.items():
        check_name(document, f"names.{symbol}", name)
    labels = {symbol: _labels(document, symbol, grid, program.symbols[symbol].shape) for symbol, grid in grids.items()}
    names = Names(program, own, labels)
    try:
        names.references  # noqa: B018 - building the namespace is what finds clashes
    except NameClash as clash:
        raise document.error(clash.key, str(clash)) from None
    return names


def asks_for_gradient(document: Document, network: Network) -> bool:
    """Whether the gradient of x is wanted: where [data] says so, or anything names it. Raises ScenarioError.

    It is wanted by its own name, dx, and by those that follow from the names of x and of its elements.
    """
    data = document.one["data"]
    if data is None:
        return False
    used = "x" in network.reaching
    if data["gradient"] and not used:
        raise document.error("data.gradient", words.X_IS_NOT_USED)
    return used and (data["gradient"] or _named_gradient(document, network))


def _named_gradient(document: Document, network: Network) -> bool:
    own, labels = document.one["names"] or {}, (document.one["labels"] or {})
    own_x = [own["x"]] if "x" in own else []
    gradients = {f"d{name}" for name in ("x", *own_x, *_leaves(labels.get("x", "")))}
    if gradients & {*network.parameters, *network.inputs, *(node.name for node in network.nodes)}:
        return False
    texts = [*own, *labels]
    texts += [text for each in document.many["expect"] for text in (each["at"], *each)]
    texts += [text for each in document.many["break"] for text in (each["at"], each["when"])]
    texts += [each["show"] for each in document.many["watch"]]
    texts += [each["step"] for each in document.many["replace"]]
    return any(word in gradients for text in texts for word in _WORD.findall(text))


def _leaves(nested: Any) -> Iterator[str]:
    """The texts in nested lists that are not empty."""
    if isinstance(nested, list):
        for each in nested:
            yield from _leaves(each)
    elif nested:
        yield nested


def _labels(document: Document, symbol: str, grid: Any, shape: Shape) -> dict[Index, str]:
    key = f"labels.{symbol}"
    cells: dict[Index, str] = {}

    def visit(nested: Any, index: Index) -> None:
        where = key + "".join(f"[{place}]" for place in index)
        depth = len(index)
        if depth == len(shape):
            if isinstance(nested, list):
                problem = words.NOT_ONE_LABEL.format(found=found(nested), symbol=symbol, shape=written(shape))
                raise document.error(where, problem)
            if nested:
                check_name(document, where, nested)
                cells[index] = nested
            return
        if not isinstance(nested, list) or len(nested) != shape[depth]:
            problem = words.OTHER_NUMBER_OF_LABELS.format(
                found=found(nested), count=shape[depth], symbol=symbol, shape=written(shape)
            )
            raise document.error(where, problem)
        for place, item in enumerate(nested):
            visit(item, (*index, place))

    visit(grid, ())
    return cells
