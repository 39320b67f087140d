"""What stands below the arithmetic of a step: what is odd, figures, why, who reads it next, what has changed.

Each has a place of its own, from the bottom up, that follows from the height alone; what is odd, and figures, stand
above them, in as many lines as the arithmetic leaves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from gradstep.engine.health.symptoms import norm
from gradstep.engine.machine.provenance import origin
from gradstep.engine.program.expression import Element, Expression
from gradstep.engine.program.operations.arithmetic import seed_gradient
from gradstep.engine.program.program import Phase, Role
from gradstep.tui.pages.caveats import caveats, imprecise, set_between, set_between_others, set_since
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.scene import Scene
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.folding import ended, folded_pieces
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.text.slips import slips_of
from gradstep.tui.words import claims as claim_words
from gradstep.tui.words import step as words

LABEL = 8  # cells of the names of notes
WHY = "why"
LOWEST = {WHY: 6, "next": 8, "change": 12}  # lines of a panel from which on a note has a place
MOST_NAMED = 4  # users that are named
CLAUSE = re.compile(r"[,;:] ")
SAFE = 1e100  # numbers below it do not overflow, multiplied and added
MOST_SET = 2  # elements set by hand that are named


@dataclass(frozen=True, eq=False)
class Notes:
    """above: lines of what is odd, the most important first. below: those with places of their own."""

    above: tuple[Pieces, ...]
    below: tuple[Pieces, ...]


def places(height: int, elsewhere: Collection[str] = ()) -> tuple[str, ...]:
    """The notes that have a place of their own in a panel of this height, without those that are told elsewhere."""
    return tuple(name for name, lowest in LOWEST.items() if height >= lowest and name not in elsewhere)


def notes_of(scene: Scene, width: int, height: int, elsewhere: Collection[str] = ()) -> Notes:
    """The notes on a step in lines of at most `width` cells, without those that are told elsewhere."""
    above: list[Pieces] = []
    for text in odd(scene):
        above += _labelled("⚠", scene.notation.sign(text), "loss", width, scene, lines=3)
    claimed = _claimed(scene, width)
    own = places(height, elsewhere)
    above += claimed[:1] if WHY in own else claimed
    below: list[Pieces] = []
    for name in own:
        if name == WHY and claimed[1:]:
            below += claimed[1:]  # the verdict goes on where the reason stands, which is the same for all such lines
            continue
        label, told = NOTES[name]
        text = told(scene, width - LABEL)
        if name == WHY and "next" not in places(height) and cell_len(text) + LABEL > width:
            label, text = words.NEXT, _next(scene, width - LABEL)  # a sentence cut short says less
        below += _labelled(label, text, "text", width, scene) if text else [()]
    return Notes(tuple(above), tuple(below))


def _labelled(label: str, text: str, key: str, width: int, scene: Scene, lines: int = 1) -> list[Pieces]:
    """A text behind its label, in so many lines at most; what does not fit is left out at a word, and said."""
    ascii = scene.notation.ascii
    label = scene.notation.sign(label)
    name = (label + " " * max(1, LABEL - cell_len(label)), key if key != "text" else "quiet")
    if lines > 1:
        inside = folded_pieces([(text, key)], max(2, width - LABEL))
        if len(inside) <= lines:
            blank = (" " * LABEL, "space")
            return [(name if not place else blank, *line.pieces) for place, line in enumerate(inside)]
    while cell_len(text) > width - LABEL and CLAUSE.search(text):
        text = text[: list(CLAUSE.finditer(text))[-1].start()]  # what is said last is said least
    return [(name, (ended(text, width - LABEL, ascii=ascii), key))]


def _claimed(scene: Scene, width: int) -> list[Pieces]:
    """What a line of somebody's own backward pass is."""
    if scene.step.symbol not in {step.symbol for step in scene.program.own_lines}:
        return []
    from gradstep.tui.pages.claims import claim_text, claims_of, mark  # noqa: PLC0415 - only of such a net

    found, symbol = claims_of(scene.moment), scene.step.symbol
    if symbol not in found:
        return []
    sign, key = mark(found[symbol], scene.notation)
    text = claim_text(scene.program, found, symbol, scene.notation)
    return _labelled(claim_words.YOURS, f"{sign} {text}".strip(), key, width, scene, lines=2)


# ── what is odd ──────────────────────────────────────────────────────────────────────────────────────────────


def odd(scene: Scene) -> list[str]:
    """Why a gradient is none, and which numbers were set by hand since they were read."""
    moment, notation, step = scene.moment, scene.notation, scene.step
    provenance, course, here = moment.provenance, moment.scenario.course, moment.position
    told = caveats(provenance, step.symbol, notation)
    told += slips_of(scene.program, step, moment.values, notation)
    chosen = Element(step.symbol, scene.first)
    if step.operands and chosen not in provenance.by_hand:
        told += imprecise(provenance, chosen, notation, _overflowing(scene, chosen), whole=scene.picked is None)
    set_here = [element for element in provenance.by_hand if element.symbol == step.symbol]
    if not step.operands:  # a number of the data stays as it was set, wherever its row is drawn
        data = (Element(edit.symbol, edit.index) for edit in provenance.edits if edit.symbol == step.symbol)
        known = {element: None for element in data if element not in set_here and provenance.set_by(element)}
        set_here += known
    for element in sorted(set_here, key=lambda each: each != chosen)[:MOST_SET]:
        given = origin(provenance, course, element)
        told.append(words.BY_HAND.format(element=notation.element(element), given=given))
    if provenance.replaced:
        earlier = provenance.operands_since(here.step - 1)
        told += set_since(provenance, earlier, course, here.iteration, notation)
    between = set_between(provenance, chosen, course, notation)
    return told + (between or set_between_others(provenance, step.symbol, course, notation))


def _overflowing(scene: Scene, element: Element) -> Expression | None:
    """The arithmetic of an element, where numbers are so large that it may overflow."""
    read = (scene.read(name) for name in scene.step.operands)
    if all(float(np.abs(array).max(initial=0.0)) < SAFE for array in read):  # NaN is not
        return None
    return scene.moment.provenance.element(element.symbol, element.index)


# ── with a place of their own ────────────────────────────────────────────────────────────────────────────────


def _why(scene: Scene, width: int) -> str:
    from gradstep.tui.pages.why import short_why  # noqa: PLC0415 - nothing has run before the first frame

    return short_why(scene.moment.scenario, scene.step, scene.notation)


def _next(scene: Scene, width: int) -> str:
    """Who reads what the step wrote: as many of them by name as fit."""
    program, notation, step = scene.program, scene.notation, scene.step
    iteration, symbol = scene.moment.position.iteration, program.symbols[step.symbol]
    readers = program.users(step.symbol, iteration)
    users = [
        notation.symbol(user.symbol) for user in readers if user.operation is not seed_gradient
    ]  # it reads no value
    before = ""
    if symbol.role is Role.NEXT and iteration < scene.moment.iterations:
        before = words.NEXT_ITERATION.format(symbol=notation.symbol(symbol.of))
        before = f"{before}; " if users else before
    if not users:
        return notation.sign(before or _read_by_none(scene))
    tried = (f"{before}{text}" for text in _read_by(notation.symbol(step.symbol), users))
    *_, shortest = texts = [notation.sign(text) for text in tried]
    return next((text for text in texts if cell_len(text) <= width), shortest)


def _read_by(name: str, users: Sequence[str]) -> Iterator[str]:
    """That some steps read a value, with all of them by name where these are few, and with fewer and fewer."""
    count = len(users)
    if count == 1:
        yield words.READ_BY_ONE.format(symbol=name, user=users[0])
        return
    if count == 2:
        yield words.READ_BY_TWO.format(symbol=name, one=users[0], other=users[1])
    elif count <= MOST_NAMED:
        yield words.READ_BY.format(symbol=name, count=count, others=", ".join(users[:-1]), last=users[-1])
    for named in range(min(MOST_NAMED, count) - 1, 0, -1):
        first = ", ".join(users[:named])
        yield words.READ_BY_MANY.format(symbol=name, count=count, first=first, more=count - named)
    yield words.READ_BY_SO_MANY.format(symbol=name, count=count)


def _read_by_none(scene: Scene) -> str:
    """What comes of a value that no step reads: of what is differentiated, the backward pass."""
    program, step = scene.program, scene.step
    first = next((each for each in program.steps if each.phase is Phase.BACKWARD), None)
    begins = step.phase is Phase.LOSS or (first is not None and step.symbol in first.operands)
    if begins and first is not None:
        return words.BACKWARD_BEGINS.format(first=scene.notation.symbol(first.symbol))
    return words.READ_BY_NONE.format(symbol=scene.notation.symbol(step.symbol))


def _change(scene: Scene, width: int) -> str:
    """What has become of it since the iteration before; of a next value, against the value itself."""
    moment, step, notation = scene.moment, scene.step, scene.notation
    symbol = scene.program.symbols[step.symbol]
    if symbol.role is Role.NEXT:
        before, since = scene.read(symbol.of), words.BY_UPDATE
    elif step.symbol in moment.previous:
        before = moment.previous[step.symbol]
        since = words.SINCE.format(iteration=moment.position.iteration - 1)
    else:
        return ""
    if step.phase in (Phase.DRAW, Phase.MEASURE) and not step.operands:
        same = bool(np.array_equal(before, scene.result, equal_nan=True))
        return words.SAME_ROWS if same else words.NEW_ROWS
    if bool(np.array_equal(before, scene.result, equal_nan=True)):
        return words.NO_CHANGE.format(since=since)
    if size_of(symbol.shape) == 1:
        one, other = (plain_number(float(array.reshape(-1)[0]), 9) for array in (before, scene.result))
        return notation.sign(words.FROM_TO.format(before=one, now=other, since=since))
    with np.errstate(all="ignore"):
        one, other = (plain_number(norm(array), 6) for array in (before, scene.result))
        most = plain_number(float(np.abs(scene.result - before).max()), 6)
    text = words.NORM.format(before=one, now=other, most=most, since=since)
    if moment.program.by_row(step.symbol) and not moment.batches.same_rows(
        moment.position.iteration, moment.position.iteration - 1
    ):
        text = f"{words.OTHER_ROWS}; {text}"
    return notation.sign(text)


NOTES = {WHY: (words.WHY, _why), "next": (words.NEXT, _next), "change": (words.CHANGE, _change)}
