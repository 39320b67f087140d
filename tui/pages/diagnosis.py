"""A diagnosis as lines: how many numbers agree, where they part, which step is wrong, which mistake gives them."""

from __future__ import annotations

from collections.abc import Iterator

from gradstep.engine.arrays import subscript
from gradstep.engine.recordings.diagnosis import AGREES, MULTIPLE, TRANSPOSED, Compared, Diagnosis
from gradstep.engine.recordings.given import Given
from gradstep.engine.recordings.mistakes import Mistake
from gradstep.tui.text.folding import folded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.text.page import Line
from gradstep.tui.words import diagnosis as words

MOST_LINES = 30


def diagnosis_lines(found: Diagnosis, notation: Notation, width: int) -> list[Line]:
    """The diagnosis, folded to a width."""
    return [line for text in _texts(found, notation) for line in (folded(text, width, "text", 2) or [Line()])]


def _texts(found: Diagnosis, notation: Notation) -> Iterator[str]:
    count = len(found.compared)
    yield words.AGREE(count, agree=found.agree)
    differing = [each for each in found.compared if each.verdict != AGREES]
    for each in differing[:MOST_LINES]:
        yield f"  {_differs(each, notation)}"
    if len(differing) > MOST_LINES:
        yield f"  {words.MORE(len(differing) - MOST_LINES)}"
    if not differing:
        return
    for origin in found.origins:
        yield ""
        yield words.ORIGIN.format(symbol=f"{origin.given.iteration}:{_name(origin.given, notation)}")
        yield from (f"  {mistake.id}: {notation.sign(mistake.says)}" for mistake in _once(origin.mistakes))
        if not origin.mistakes:
            yield f"  {words.NONE_THERE}"
    yield ""
    if not found.mistakes:
        yield words.NONE if found.finished else words.STOPPED
        return
    named = list(_once(found.mistakes))
    yield words.EXPLAINED(len(named), numbers=count)
    for mistake in named:
        yield f"  {mistake.id}: {notation.sign(mistake.says)}"
        yield from (f"    {line}" for line in mistake.lines)
    if len({mistake.id for mistake in named}) > 1:
        yield words.TIED


def _once(found: tuple[Mistake, ...]) -> Iterator[Mistake]:
    seen = set[str]()
    for mistake in found:
        if mistake.says not in seen:
            seen.add(mistake.says)
            yield mistake


def _differs(each: Compared, notation: Notation) -> str:
    name = f"{each.given.iteration}:{_name(each.given, notation)}"
    if each.verdict == MULTIPLE and each.ratio is not None:
        return words.MULTIPLE.format(name=name, ratio=plain_number(each.ratio, 9))
    if each.verdict == TRANSPOSED:
        return words.TRANSPOSED.format(name=name)
    if each.ours.size == 1:
        theirs, ours = float(each.given.values.flat[0]), float(each.ours.flat[0])
        return words.ONE.format(name=name, theirs=plain_number(theirs, 12), ours=plain_number(ours, 12))
    wrong = int((~each.given.near(each.ours)).sum())
    return words.SOME(wrong, name=name, size=each.ours.size, worst=plain_number(each.worst, 3))


def _name(given: Given, notation: Notation) -> str:
    """As it is typed: by the scenario's names and labels."""
    symbol, index = given.reference.symbol, given.reference.index
    label = notation.names.label(symbol, index) if index else ""
    return label or notation.names.typed(symbol) + subscript(index or ())
