"""The explanation of one number as lines: its arithmetic three times, the chain rule, unrolled, and who uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
from rich.cells import cell_len

from gradstep.engine.analysis.abbreviate import abbreviated, named_parts, occurrences, within_bounds
from gradstep.engine.analysis.chainrule import Factor, Link, chain
from gradstep.engine.analysis.explain import Explanation, explain, reach, reached, unrolled
from gradstep.engine.analysis.precision import coarse_slope
from gradstep.engine.arrays import Array, Mask
from gradstep.engine.machine.provenance import earlier_in
from gradstep.engine.program.expression import Element, Expression, Read, Rest, evaluate, walk
from gradstep.engine.program.positions import position_json
from gradstep.engine.program.program import BACKWARD_PASS, FORWARD_PASS, Phase, Role
from gradstep.engine.program.rendering import render
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pages.caveats import caveats, imprecise, set_between, set_since, warnings
from gradstep.tui.text.cells import as_column, width_of
from gradstep.tui.text.folding import folded, folded_pieces
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.text.page import Line
from gradstep.tui.words import explanation as words

MOST_NAMED = 8  # elements that are named of those that a number reaches

# Which phases are followed → what is said of what is found there.
_REACHED = {
    FORWARD_PASS: words.REACHED_FORWARD,
    BACKWARD_PASS: words.REACHED_BACKWARD,
    (Phase.UPDATE,): words.REACHED_UPDATE,
}
_OPERANDS = (words.FIRST_OPERAND, words.SECOND_OPERAND, words.THIRD_OPERAND)  # more have numbers


@dataclass(frozen=True, eq=False)
class Told:
    """An element explained: its arithmetic; the chain rule and all of it unrolled, where that is asked for; who uses
    it; and the factors that can be opened from here.
    """

    explanation: Explanation
    arithmetic: tuple[Line, ...]
    unrolled: tuple[Line, ...]
    uses: tuple[Line, ...]
    factors: tuple[Element, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of them."""
        return (*self.arithmetic, *self.unrolled, *self.uses)


class Stopped(Exception):
    """Whoever asked for an explanation does not wait for it any more."""


def tell(
    timeline: Timeline,
    element: Element,
    notation: Notation,
    width: int,
    *,
    digits: int,
    unroll: bool,
    plain: bool = True,
    most: int | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> Told:
    """The explanation of an element at the cursor; plain: where there are own names, in plain symbols, too.

    most: lines above which what is unrolled is left out, and counted; where it is given the chain rule comes first,
    without it what was asked for. goes_on: asked from time to time. Raises
    ExplainError, and Stopped where that says no.
    """
    explanation = explain(timeline, element)
    writing = _Writing(timeline.values(), notation, width, digits, plain, goes_on)
    provenance, course, iteration = timeline.provenance(), timeline.course, timeline.position.iteration
    remarks: list[str] = []
    if explanation.expression is not None:
        remarks += set_since(provenance, explanation.earlier, course, iteration, notation)
    if not explanation.origin:
        remarks += caveats(provenance, element.symbol, notation)
        remarks += set_between(provenance, element, course, notation)
        remarks += imprecise(provenance, element, notation, explanation.expression)
    arithmetic = [*_arithmetic(explanation, writing), *warnings(remarks, notation, width)]
    lines: list[Line] = []
    if unroll:
        linked = chain(provenance, course, element)
        tree: list[Line] = []
        if linked is not None and linked.terms:
            tree = [*_heading(words.CHAIN_RULE, notation, width), *_tree(linked, notation, width, digits)]
        whole = unrolled(timeline, element)
        written_out: list[Line] = []
        if whole is not None and whole != explanation.expression:
            written_out = _unrolled(element, whole, explanation.value, writing, most)
            remarks = set_since(provenance, earlier_in(whole), course, iteration, notation)
            written_out += warnings(remarks, notation, width)
        lines = [*written_out, *tree] if most is None else [*tree, *written_out]
    uses = _uses(timeline, explanation, notation, width)
    factors = _largest_first(explanation, writing.values)
    return Told(explanation, tuple(arithmetic), tuple(lines), tuple(uses), factors)


def _unrolled(element: Element, whole: Expression, value: float, writing: _Writing, most: int | None) -> list[Line]:
    """Its arithmetic down to what is given, below its heading; of more lines than are wanted only how many they are."""
    notation, width = writing.notation, writing.width
    # Each node takes a cell and more, in names and in numbers: so many are too many, without writing them to see.
    if most is not None and sum(1 for _ in walk(abbreviated(whole, writing.values))) > most * width:
        return [Line(), *folded(notation.sign(words.UNROLLED_TOO_LONG.format(most=most)), width, "quiet")]
    lines = _equations(element, whole, value, writing)
    if most is not None and len(lines) > most:
        return [Line(), *folded(notation.sign(words.UNROLLED_LEFT_OUT(len(lines))), width, "quiet")]
    return [*_heading(words.UNROLLED, notation, width), *lines]


def _largest_first(explanation: Explanation, values: Mapping[str, Array]) -> tuple[Element, ...]:
    """The factors, those of a sum's largest terms first: these are on the screen."""
    if explanation.expression is None:
        return explanation.factors
    kept = abbreviated(explanation.expression, values)
    parts = (node.element if isinstance(node, Read) else node for node in occurrences(kept))
    shown = (node for node in parts if isinstance(node, Element))
    return tuple(dict.fromkeys((*shown, *explanation.factors)))


def _heading(text: str, notation: Notation, width: int) -> list[Line]:
    return [Line(), *folded(notation.sign(text), width, "title")]


@dataclass(frozen=True, eq=False)
class _Writing:
    """With which values, in which words and digits, how wide arithmetic is written; whether in plain symbols, too."""

    values: Mapping[str, Array]
    notation: Notation
    width: int
    digits: int
    plain: bool = True
    goes_on: Callable[[], bool] = lambda: True


def _arithmetic(explanation: Explanation, writing: _Writing) -> list[Line]:
    """In symbols, in names, in numbers; or what is given."""
    element, expression, notation = explanation.element, explanation.expression, writing.notation
    if expression is not None:
        return _equations(element, expression, explanation.value, writing)
    name, number = notation.element(element), plain_number(explanation.value, writing.digits)
    pieces = [(f"{name} = {number}", "formula"), (f"   {notation.sign(explanation.origin)}", "dim")]
    return folded_pieces(pieces, writing.width)


def _equations(element: Element, whole: Expression, value: float, writing: _Writing) -> list[Line]:
    """An element in symbols, names and numbers, as short as can be read; below it the parts that have a name."""
    expression, notation, values = abbreviated(whole, writing.values), writing.notation, writing.values
    plain, own = replace(notation, own=False), replace(notation, own=True)
    lines = _equation((plain.element(element), own.element(element)), expression, value, writing)
    for named in named_parts(expression):
        name, comes_to = notation.part(named), evaluate(named.part, values.__getitem__)
        lines += _equation((name, name), named.part, comes_to, writing)
    if any(isinstance(node, Rest) for node in walk(expression)):
        lines += folded(notation.sign(words.LONG_SUMS), writing.width, "dim")
    return lines


def _equation(called: tuple[str, str], expression: Expression, value: float, writing: _Writing) -> list[Line]:
    """The same thing in plain symbols, in names where these differ, in numbers. called: in symbols, in names."""
    if not writing.goes_on():
        raise Stopped
    notation = writing.notation
    plain, own = (replace(notation, own=own).arithmetic(expression) for own in (False, True))
    differs = (called[0], plain) != (called[1], own)
    names: list[tuple[str, str, str]] = []
    if writing.plain or not differs:
        names.append((called[0], plain, "dim" if differs and notation.own else "formula"))
    if differs:
        again = called[1] == called[0] and bool(names)
        names.append(("" if again else called[1], own, "formula"))
    names.append(("", notation.numbers(expression, writing.values, writing.digits, value), "number"))
    lead = max(cell_len(name) for name, _, _ in names)
    lines: list[Line] = []
    for name, text, key in names:
        pad = " " * (lead - cell_len(name))
        lines += folded(f"{name}{pad} = {text}", writing.width, key, indent=lead + 3)
    return lines


# ── the chain ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Row:
    """A line of the chain as a tree: a number and what it is, or a warning, which has no number."""

    depth: int
    text: str
    value: float | None


def _tree(link: Link, notation: Notation, width: int, digits: int) -> list[Line]:
    """A line a gradient and a line a local derivative, with their values in a column; products are indented."""
    rows = list(_rows(link, notation, 0))
    widest = max(2 * row.depth + cell_len(row.text) for row in rows if row.value is not None)
    name_width = min(widest, max(20, width - digits - 8))
    numbers = as_column([row.value for row in rows], width_of(digits))
    lines: list[Line] = []
    for row, number in zip(rows, numbers, strict=True):
        lead = "  " * row.depth
        if row.value is None:
            lines += warnings([row.text], notation, width, lead)
            continue
        *above, last = folded(lead + row.text, name_width, indent=len(lead) + 4)
        pad = " " * max(1, name_width - last.width + 2)
        lines += [*above, Line((*last.pieces, (pad + number.rstrip(), "number")))]
    return lines


def _rows(link: Link, notation: Notation, depth: int) -> Iterator[_Row]:
    name = notation.element(link.element)
    count = len(link.terms) + link.omitted
    if link.expression is not None:
        yield _Row(depth, f"{name} = {notation.arithmetic(link.expression)}", link.value)
    elif link.origin:
        yield _Row(depth, f"{name}, {link.origin}", link.value)
    else:
        yield _Row(depth, words.SUM_OF.format(element=name, count=count) if count > 1 else name, link.value)
    for place, term in enumerate(link.terms, start=1):
        inner = depth + 1
        if count > 1:
            yield _Row(inner, f"{place}.", term.value)
            inner += 1
        yield from _rows(term.upstream, notation, inner)
        if term.local is not None:
            text = _derivative(term.local, notation, stands=not (link.note or term.local.stale))
            yield _Row(inner, f"{notation.sign('×')} {text}", term.local.value)
    if link.note:
        yield _Row(depth + 1, link.note, None)
    if link.omitted:
        yield _Row(depth + 1, words.OTHERS(link.omitted), link.rest)


def _derivative(local: Factor, notation: Notation, *, stands: bool) -> str:
    """A local derivative and its arithmetic; unless it `stands`, only what the arithmetic is used for."""
    of, by, sign = notation.element(local.of), notation.element(local.by), notation.sign("∂")
    if local.use is not None:
        named = local.use < len(_OPERANDS)
        operand = _OPERANDS[local.use] if named else words.OPERAND.format(number=local.use + 1)
        by = words.AS_OPERAND.format(element=by, operand=operand)
    derivative, arithmetic = f"{sign}{of}/{sign}{by}", notation.arithmetic(local.expression)
    if stands:
        return f"{derivative} = {arithmetic}"
    return words.IN_PLACE_OF.format(derivative=derivative, arithmetic=arithmetic)


# ── who uses it ──────────────────────────────────────────────────────────────────────────────────────────────


def _uses(timeline: Timeline, explanation: Explanation, notation: Notation, width: int) -> list[Line]:
    """Who has it in the arithmetic of one step, by phase; and what it comes to reach in those that are followed."""
    program, element = timeline.program, explanation.element
    lines = _heading(words.WHO_USES_IT, notation, width)
    by_phase = groupby(explanation.used_by, lambda user: program.steps[program.writers[user.symbol]].phase)
    uses = (words.IN_PHASE.format(phase=phase, elements=_listed([*users], notation)) for phase, users in by_phase)
    for text in (*uses, *_other_uses(timeline, explanation, notation)):
        lines += folded(text, width, indent=2)
    everything = reached(timeline, element)
    if everything:
        lines += _heading(_REACHED[reach(program, element.symbol)], notation, width)
        listed = "; ".join(_reached(symbol, mask, notation) for symbol, mask in everything.items())
        lines += folded(listed, width, indent=2)
    return lines


def _other_uses(timeline: Timeline, explanation: Explanation, notation: Notation) -> Iterator[str]:
    """Its uses beside the elements that are made of it: by steps to come, in the next iteration, or none."""
    program, name, values = timeline.program, explanation.element.symbol, timeline.values()
    symbol = program.symbols[name]
    steps = [step.symbol for step in program.users(name, timeline.position.iteration)]
    if symbol.role is Role.NEXT:
        if timeline.position.iteration < timeline.course.iterations:
            yield words.NEXT_ITERATION.format(symbol=notation.element(Element(symbol.of, explanation.element.index)))
        elif not steps:
            yield words.LAST_ITERATION
    if name == program.loss:
        begins = next(step.symbol for step in program.steps if step.phase is Phase.BACKWARD)
        steps = [step for step in steps if step != begins]
        first = notation.symbol(begins)
        yield words.DERIVATIVE.format(symbol=first) if steps else words.DERIVATIVE_ALONE.format(symbol=first)
    later = [step for step in steps if step not in values]
    if later:
        yield words.NOT_COMPUTED_YET.format(symbols=_symbols(later, notation))
    elif steps and not explanation.used_by:
        since = timeline.provenance().since(explanation.element)
        after = [step for step in steps if program.writers[step] >= since]
        if after:
            yield words.NOBODY_HERE(len(after), symbols=_symbols(after, notation))
        else:
            yield words.NOBODY_SINCE(len(steps), symbols=_symbols(steps, notation))
    elif not steps and name != program.loss and symbol.role is not Role.NEXT:
        yield words.NOBODY


def _symbols(names: Iterable[str], notation: Notation) -> str:
    return ", ".join(map(notation.symbol, names))


def _listed(elements: list[Element], notation: Notation) -> str:
    names = ", ".join(notation.element(element) for element in elements[:MOST_NAMED])
    more = len(elements) - MOST_NAMED
    return words.AND_MORE.format(elements=names, count=more) if more > 0 else names


def _reached(symbol: str, mask: Mask, notation: Notation) -> str:
    count = int(mask.sum())
    if count > MOST_NAMED // 2:
        name = notation.symbol(symbol)
        if count == mask.size:
            return words.ALL_OF.format(symbol=name)
        return words.SOME_OF.format(count=count, symbol=name)
    return _listed([Element(symbol, tuple(int(place) for place in index)) for index in np.argwhere(mask)], notation)


# ── headless ─────────────────────────────────────────────────────────────────────────────────────────────────


def as_json(timeline: Timeline, element: Element, *, unroll: bool) -> dict[str, Any]:
    """The explanation as one object; numbers are written so that the double is read back exactly."""
    explanation, values = explain(timeline, element), timeline.values()
    plain, own = Notation(timeline.names, own=False), Notation(timeline.names)
    found: dict[str, Any] = {
        "scenario": timeline.scenario.name,
        "position": position_json(timeline.position),
        "element": _element_json(element, own),
        "value": explanation.value,
    }
    if explanation.expression is None:
        found["given"] = explanation.origin
    else:
        found |= _expression_json(explanation.expression, values, plain, own)
        found["factors"] = [
            _element_json(each, own) | {"value": explanation.read(each, values)} for each in explanation.factors
        ]
    slope = None if explanation.origin else coarse_slope(timeline.provenance(), element.symbol, element.index)
    if slope is not None:
        names = ("value", "computed", "true", "gradient")
        found["coarse_derivative"] = {name: getattr(slope, name) for name in names}
    foreign = () if explanation.origin else timeline.program.not_derivatives(element.symbol)
    found["not_derivatives"] = [{"symbol": step.symbol, "note": step.note} for step in foreign]
    if unroll:
        whole, linked = unrolled(timeline, element), chain(timeline.provenance(), timeline.course, element)
        found["unrolled"] = None if whole is None else _expression_json(whole, values, plain, own)
        found["chain"] = None if linked is None else _link_json(linked, own)
    found["used_by"] = [_element_json(each, own) for each in explanation.used_by]
    found["reaches"] = {symbol: np.argwhere(mask).tolist() for symbol, mask in reached(timeline, element).items()}
    return found


def _element_json(element: Element, own: Notation) -> dict[str, Any]:
    return {"symbol": element.symbol, "index": list(element.index), "name": own.element(element)}


def _expression_json(expression: Expression, values: Any, plain: Notation, own: Notation) -> dict[str, Any]:
    """Its texts and its value; of one that is shortened, the parts that have a name as well."""

    def texts(written: Expression) -> dict[str, Any]:
        return {
            "symbols": render(written, plain.style),
            "names": render(written, own.style),
            "numbers": own.in_numbers(written, values, 17),
        }

    def value(of: Expression) -> dict[str, Any]:
        return {"evaluates_to": evaluate(of, values.__getitem__)}

    written = within_bounds(expression, values)
    if written is expression:
        return texts(expression) | value(expression)
    parts = [{"name": own.part(each)} | texts(each.part) | value(each.part) for each in named_parts(written)]
    return texts(written) | value(expression) | {"shortened": True, "parts": parts}


def _link_json(link: Link, own: Notation) -> dict[str, Any]:
    found: dict[str, Any] = {"element": _element_json(link.element, own), "value": link.value}
    if link.note:
        found["note"] = link.note
    if link.origin:
        found["given"] = link.origin
    if link.stale is not None:
        found["set_between"] = _element_json(link.stale.element, own)
    if link.expression is not None:
        return found | {"expression": render(link.expression, own.style)}
    found["terms"] = [
        {
            "value": term.value,
            "local": None if term.local is None else _local_json(term.local, own, link.note),
            "upstream": _link_json(term.upstream, own),
        }
        for term in link.terms
    ]
    return found | ({"omitted": link.omitted, "rest": link.rest} if link.omitted else {})


def _local_json(local: Factor, own: Notation, note: str) -> dict[str, Any]:
    found = {"derivative": _derivative(local, own, stands=not (note or local.stale)), "value": local.value}
    if local.stale is not None:
        found["set_between"] = _element_json(local.stale.element, own)
    return found | ({"note": note} if note else {})
