"""The names that a scenario gives: to the symbols and elements of its program, and to the values of a graph."""

from __future__ import annotations

import keyword
from typing import Any

from gradstep.engine.arrays import Index, Shape, written
from gradstep.engine.errors import closest
from gradstep.engine.program.names import NameClash, Names
from gradstep.engine.program.program import Program
from gradstep.engine.scenario.document import Document
from gradstep.engine.scenario.types import found
from gradstep.engine.words import naming as words

# These have a meaning of their own wherever a name can be typed.
RESERVED = frozenset(
    {*keyword.kwlist, "true", "false", "nan", "inf", "start", "end", "iteration", "epoch", "step", "phase", "at"}
    | {"name", "note", "from_source", "disagrees", "instead", "tolerance", "off_by"}
)


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
