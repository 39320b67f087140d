"""Searching symbols, names, labels and elements, and going through what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gradstep.engine.arrays import first_index, rounded, written
from gradstep.engine.errors import Problem
from gradstep.engine.program.expression import Element
from gradstep.engine.program.names import Reference
from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.workbench import Prompt, Workbench
from gradstep.tui.pages.arrangement import TABLES
from gradstep.tui.text.columns import Row, row
from gradstep.tui.text.glyphs import MISSING
from gradstep.tui.text.notation import as_typed
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.words import searching as words

LARGEST, SMALLEST = "largest", "smallest"  # typed before the name of an array


def _search(bench: Workbench, text: str) -> None:
    try:
        bench.found, bench.found_at = found(bench, text.strip()), 0
    except KeyError as error:
        raise Problem(error.args[0]) from None
    bench.window.close_line()
    if len(bench.found) > 1:
        _list(bench)
    _show_found(bench)


def _list(bench: Workbench) -> None:
    """All that was found, in a drawer."""

    def entries() -> Sequence[Row]:
        return [_entry(bench, each) for each in bench.found]

    def show(place: int) -> str | None:
        bench.found_at = place
        _show_found(bench)
        return None

    if bench.drawer is None or bench.drawer.name != "search":
        bench.open(
            Drawer("search", lambda: words.FOUND, entries=entries, folding=(2,), acts={"open": show}, about=words.KEYS)
        )


def _entry(bench: Workbench, found: Reference) -> Row:
    """What was found, its value or the shape of what is an array, and the step that writes it."""
    program, notation = bench.moment.program, bench.view.notation
    shape, index = program.symbols[found.symbol].shape, found.index
    value = bench.moment.values.get(found.symbol)
    if index is None and shape:
        name, told = notation.symbol(found.symbol), notation.sign(written(shape))
    else:
        name = notation.symbol(found.symbol) if index is None else notation.element(Element(found.symbol, index))
        told = MISSING.drawn(ascii=notation.ascii) if value is None else plain_number(float(value[index or ()]), 9)
    place = program.writers.get(found.symbol)
    formula = notation.formula(program.steps[place]) if place is not None else ""
    return row(((name, "label"),), told, ((formula, "quiet"),))


SEARCH = Prompt(words.SEARCH_SUCH_AS, words.SEARCH, _search)


def found(bench: Workbench, text: str) -> list[Reference]:
    """An element, a label, the largest number of an array, or every name with the typed text in it.

    Raises KeyError with what is wrong.
    """
    names = bench.timeline.names
    text = as_typed(text, names)
    typed = text.split()
    if typed and typed[0] in (LARGEST, SMALLEST):
        picked = bench.view.picked
        name = typed[1] if len(typed) > 1 else picked[0] if picked else bench.moment.position.symbol or "W1"
        return [_extreme(bench, names.resolve(name).symbol, typed[0])]
    if text in names.references or "[" in text:
        return [names.element(text)]
    wanted = text.casefold()
    hits = {
        str(ref): ref
        for name, ref in names.references.items()
        if wanted in name.casefold() or wanted in names.dressed(ref.symbol).casefold()
    }
    if not hits:
        names.resolve(text)
    return list(hits.values())


def _extreme(bench: Workbench, symbol: str, which: str) -> Reference:
    value = bench.moment.values.get(symbol)
    if value is None:
        raise KeyError(words.NOT_COMPUTED.format(symbol=symbol))
    sizes = rounded(np.abs(value))
    at = 0 if np.isnan(sizes).all() else (np.nanargmax if which == LARGEST else np.nanargmin)(sizes)
    return Reference(symbol, tuple(int(place) for place in np.unravel_index(at, value.shape)))


def nothing_found(bench: Workbench) -> str | None:
    """The reason why there is nothing to go through."""
    return None if bench.found else words.NOTHING_SEARCHED


def next_found(bench: Workbench, by: int) -> None:
    """Show the next or the previous of what was found."""
    bench.found_at += by
    _show_found(bench)


def _show_found(bench: Workbench) -> None:
    """Bring what was found into view, with its arithmetic."""
    place, count = bench.found_at % len(bench.found), len(bench.found)
    symbol, index = bench.found[place].symbol, bench.found[place].index
    if index is None:
        index = first_index(bench.timeline.program.symbols[symbol].shape)
    bench.view = replace(bench.view, picked=(symbol, index))
    bench.turn_to(TABLES)
    name, value = bench.view.notation.element(Element(symbol, index)), bench.moment.values.get(symbol)
    if value is None:
        told = words.FOUND_NOT_COMPUTED.format(name=name)
    else:
        told = f"{name} = {plain_number(float(value[index]), 17)}"
    bench.say(words.ONE_OF_FOUND.format(place=place + 1, count=count, found=told) if count > 1 else told)
