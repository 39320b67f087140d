"""The title of a step: its formula; of a part of somebody's line also that line, with the part at work lit.

A line of several operations is several steps, whose names nobody wrote: h2.3. The line says where they stand.
"""

from __future__ import annotations

from rich.cells import cell_len

from gradstep.engine.program.program import Program, Step
from gradstep.tui.pages.lines import Row, rows_of, written_as
from gradstep.tui.pages.step.scene import Scene
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.folding import ended
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import step as words

MOST_WAYS = 32  # of writing a part


def title_of(scene: Scene, width: int, aside: int) -> Pieces:
    """The title in so many cells, in which the line that a step is part of stands where it leaves `aside` cells."""
    step, notation, key = scene.step, scene.notation, f"bold {scene.step.phase}"
    formula = notation.formula(step)
    row = _row(scene)
    if row is not None:
        steps = scene.program.steps
        line = notation.formula(written_as(steps[row.last]))
        within = notation.sign(words.WITHIN)
        if cell_len(formula) + cell_len(within) + cell_len(line) + aside <= width:
            return ((formula, key), (within, "quiet"), *_lit(line, _parts(scene.program, step, notation), key))
    return ((ended(formula, width, ascii=notation.ascii), key),)


def _row(scene: Scene) -> Row | None:
    """The line of several steps that the step is one of; None where it is a whole line."""
    if not {scene.step.symbol, *scene.step.operands} & set(scene.program.inner):
        return None
    place = scene.moment.position.step - 1
    rows = rows_of(scene.program, scene.moment.length)
    return next((row for row in rows if row.several and place in row.places), None)


def _parts(program: Program, step: Step, notation: Notation) -> tuple[str, ...]:
    """How what a step computes may stand in its line: without names that nobody wrote, with and without parentheses."""
    texts = [notation.formula(step).partition(" = ")[2]]
    for name in step.operands:
        if name in program.inner and name in program.writers:
            inner = _parts(program, program.steps[program.writers[name]], notation)
            texts = [text.replace(notation.symbol(name), part) for text in texts for part in inner]
    return tuple(dict.fromkeys([*texts, *(f"({text})" for text in texts)]))[:MOST_WAYS]


def _lit(line: str, parts: tuple[str, ...], key: str) -> Pieces:
    """A line with its part lit, where it is found in it once."""
    name, _, right = line.partition(" = ")
    part = next((part for part in sorted(parts, key=len, reverse=True) if right.count(part) == 1), "")
    if not part:
        return ((line, "quiet"),)
    before, _, after = right.partition(part)
    pieces = ((f"{name} = {before}", "quiet"), (part, key), (after, "quiet"))
    return tuple((text, style) for text, style in pieces if text)
