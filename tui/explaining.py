"""The explanation of one number as lines: its arithmetic three times, the chain rule, unrolled, and who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rich.cells import cell_len

from engine.explain import Explanation, Factor, Link, Mask, chain, explain, reached, shortened, unrolled
from engine.expression import Element, Expression, Rest, elements_of, evaluate, render
from engine.positions import position_json
from engine.timeline import Timeline
from tui.folding import folded, folded_pieces
from tui.numbers import plain_number
from tui.widgets.sheet import Line
from tui.wording import Wording
from tui.words import explaining as words

MOST_NAMED = 8  # elements that are named of those that a number reaches


@dataclass(frozen=True, eq=False)
class Told:
    """An element explained: what is shown of it, and what can be opened from here."""

    explanation: Explanation
    lines: tuple[Line, ...]
    factors: tuple[Element, ...]


def tell(timeline: Timeline, element: Element, wording: Wording, width: int, *, digits: int, unroll: bool) -> Told:
    """The explanation of an element at the cursor. Raises ExplainError."""
    explanation = explain(timeline, element)
    values = timeline.values()
    lines = [*_arithmetic(explanation, values, wording, width, digits)]
    if unroll:
        whole = unrolled(timeline, element)
        if whole is not None and whole != explanation.expression:
            lines += [Line(), _heading(words.UNROLLED, wording)]
            lines += _equations(element, shortened(whole, values), explanation.value, values, wording, width, digits)
        linked = chain(timeline, element)
        if linked is not None and linked.terms:
            lines += [Line(), _heading(words.CHAIN_RULE, wording)]
            lines += _tree(linked, wording, width, digits)
    lines += _uses(timeline, explanation, wording, width)
    shown = explanation.expression
    factors = explanation.factors if shown is None else _largest_first(explanation, values)
    return Told(explanation, tuple(lines), factors)


def _largest_first(explanation: Explanation, values: Any) -> tuple[Element, ...]:
    """The factors, those of a sum's largest terms first: these are on the screen."""
    assert explanation.expression is not None
    kept = shortened(explanation.expression, values)

    def without_rest(node: Expression) -> Iterator[Element]:
        if isinstance(node, Rest):
            return
        inside = getattr(node, "terms", None) or getattr(node, "arguments", None)
        if inside is None:
            yield from elements_of(node)
            return
        for part in inside:
            yield from without_rest(part)

    return tuple(dict.fromkeys((*without_rest(kept), *explanation.factors)))


def _heading(text: str, wording: Wording) -> Line:
    return Line(((wording.sign(text), "title"),))


def _arithmetic(explanation: Explanation, values: Any, wording: Wording, width: int, digits: int) -> list[Line]:
    """In symbols, in names, in numbers; or what is given."""
    element, expression = explanation.element, explanation.expression
    if expression is None:
        name = wording.element(element)
        number = plain_number(explanation.value, digits)
        pieces = [(f"{name} = {number}", "formula"), (f"   {wording.sign(explanation.given)}", "dim")]
        return folded_pieces(pieces, width)
    return _equations(element, shortened(expression, values), explanation.value, values, wording, width, digits)


def _equations(
    element: Element, expression: Expression, value: float, values: Any, wording: Wording, width: int, digits: int
) -> list[Line]:
    plain, own = replace(wording, own=False), replace(wording, own=True)
    names = [(plain.element(element), plain.arithmetic(expression), "formula")]
    if (own.element(element), own.arithmetic(expression)) != names[0][:2]:
        name = own.element(element) if own.element(element) != names[0][0] else ""
        names.append((name, own.arithmetic(expression), "formula"))
    names.append(("", wording.numbers(expression, values, digits, value), "number"))
    lead = max(cell_len(name) for name, _, _ in names)
    lines: list[Line] = []
    for name, text, key in names:
        pad = " " * (lead - cell_len(name))
        lines += folded(f"{name}{pad} = {text}", width, key, indent=lead + 3)
    return lines


# ── the chain ────────────────────────────────────────────────────────────────────────────────────────────────


def _tree(link: Link, wording: Wording, width: int, digits: int) -> list[Line]:
    """A line a gradient and a line a local derivative, with their values in a column; products are indented."""
    rows = list(_rows(link, wording, 0))
    name_width = min(max(cell_len(text) for text, _ in rows), max(20, width - digits - 8))
    lines: list[Line] = []
    for text, value in rows:
        pad = " " * max(1, name_width - cell_len(text) + 2)
        lines.append(Line(((text, "text"), (pad + plain_number(value, digits).rjust(digits + 3), "number"))))
    return lines


def _rows(link: Link, wording: Wording, depth: int) -> Iterator[tuple[str, float]]:
    lead = "  " * depth
    name = wording.element(link.element)
    count = len(link.terms) + link.omitted
    if link.expression is not None:
        yield f"{lead}{name} = {wording.arithmetic(link.expression)}", link.value
        return
    yield f"{lead}{words.SUM_OF.format(element=name, count=count) if count > 1 else name}", link.value
    for place, term in enumerate(link.terms, start=1):
        inner = depth + 1
        if count > 1:
            yield f"{'  ' * inner}{place}.", term.value
            inner += 1
        yield from _rows(term.upstream, wording, inner)
        if term.local is not None:
            yield f"{'  ' * inner}{wording.sign('×')} {_derivative(term.local, wording)}", term.local.value
    if link.omitted:
        yield f"{'  ' * (depth + 1)}{words.OTHERS(link.omitted)}", link.rest


def _derivative(local: Factor, wording: Wording) -> str:
    arithmetic = wording.arithmetic(local.expression)
    if local.of is None or local.by is None or not local.of.symbol or not local.by.symbol:
        return arithmetic
    return (
        f"{wording.sign('∂')}{wording.element(local.of)}/{wording.sign('∂')}{wording.element(local.by)} = {arithmetic}"
    )


# ── who uses it ──────────────────────────────────────────────────────────────────────────────────────────────


def _uses(timeline: Timeline, explanation: Explanation, wording: Wording, width: int) -> list[Line]:
    used = explanation.used_by
    lines = [Line(), _heading(words.WHO_USES_IT, wording)]
    if not used:
        becomes = [s for s, after in timeline.program.carried.items() if after == explanation.element.symbol]
        last = timeline.position.iteration == timeline.course.iterations
        later = [wording.symbol(step.symbol) for step in timeline.program.users(explanation.element.symbol)]
        text = words.NOBODY_YET.format(symbols=", ".join(later)) if later else words.NOBODY
        text = words.NEXT_ITERATION.format(symbol=wording.symbol(becomes[0])) if becomes and not last else text
        return [*lines, *folded(text, width, indent=2)]
    lines += folded(words.IN_ONE_STEP.format(elements=_listed(list(used), len(used), wording)), width, indent=2)
    everything = reached(timeline, explanation.element)
    if everything:
        listed = "; ".join(_reached(symbol, mask, wording) for symbol, mask in everything.items())
        lines += folded(words.IN_ALL.format(elements=listed), width, indent=2)
    return lines


def _listed(elements: list[Element], count: int, wording: Wording) -> str:
    names = ", ".join(wording.element(element) for element in elements[:MOST_NAMED])
    return words.AND_MORE.format(elements=names, count=count - MOST_NAMED) if count > MOST_NAMED else names


def _reached(symbol: str, mask: Mask, wording: Wording) -> str:
    count = int(mask.sum())
    if count > MOST_NAMED // 2:
        name = wording.symbol(symbol)
        if count == mask.size:
            return words.ALL_OF.format(symbol=name)
        return words.SOME_OF.format(count=count, symbol=name)
    elements = [Element(symbol, tuple(int(place) for place in index)) for index in np.argwhere(mask)]
    return _listed(elements, count, wording)


# ── headless ─────────────────────────────────────────────────────────────────────────────────────────────────


def as_json(timeline: Timeline, element: Element, *, unroll: bool) -> dict[str, Any]:
    """The explanation as one object; numbers are written so that the double is read back exactly."""
    explanation, values = explain(timeline, element), timeline.values()
    plain, own = Wording(timeline.names, own=False), Wording(timeline.names)
    found: dict[str, Any] = {
        "scenario": timeline.scenario.name,
        "position": position_json(timeline.position),
        "element": _element_json(element, own),
        "value": explanation.value,
    }
    if explanation.expression is None:
        found["given"] = explanation.given
    else:
        found |= _expression_json(explanation.expression, values, plain, own)
        found["factors"] = [
            _element_json(each, own) | {"value": float(values[each.symbol][each.index])} for each in explanation.factors
        ]
    if unroll:
        whole, linked = unrolled(timeline, element), chain(timeline, element)
        found["unrolled"] = None if whole is None else _expression_json(whole, values, plain, own)
        found["chain"] = None if linked is None else _link_json(linked, own)
    found["used_by"] = [_element_json(each, own) for each in explanation.used_by]
    found["reaches"] = {symbol: np.argwhere(mask).tolist() for symbol, mask in reached(timeline, element).items()}
    return found


def _element_json(element: Element, own: Wording) -> dict[str, Any]:
    return {"symbol": element.symbol, "index": list(element.index), "name": own.element(element)}


def _expression_json(expression: Expression, values: Any, plain: Wording, own: Wording) -> dict[str, Any]:
    return {
        "symbols": render(expression, plain.style),
        "names": render(expression, own.style),
        "numbers": own.in_numbers(expression, values, 17),
        "evaluates_to": evaluate(expression, values.__getitem__),
    }


def _link_json(link: Link, own: Wording) -> dict[str, Any]:
    found: dict[str, Any] = {"element": _element_json(link.element, own), "value": link.value}
    if link.expression is not None:
        return found | {"expression": render(link.expression, own.style)}
    found["terms"] = [
        {
            "value": term.value,
            "local": None if term.local is None else _local_json(term.local, own),
            "upstream": _link_json(term.upstream, own),
        }
        for term in link.terms
    ]
    return found | ({"omitted": link.omitted, "rest": link.rest} if link.omitted else {})


def _local_json(local: Factor, own: Wording) -> dict[str, Any]:
    return {"derivative": _derivative(local, own), "value": local.value}
