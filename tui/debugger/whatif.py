"""Forks: a number set to another value makes one; the list of them, switching between them, comparing two."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from gradstep.engine.arrays import subscript
from gradstep.engine.program.expression import Element
from gradstep.engine.program.names import Reference
from gradstep.engine.program.positions import Position
from gradstep.engine.program.program import Role
from gradstep.engine.program.replacing import replaced_by
from gradstep.engine.program.typing import typed
from gradstep.engine.progress import Progress
from gradstep.engine.timeline.branches import ORIGINAL, Branch
from gradstep.engine.timeline.timeline import EditError, OutOfOrder, Timeline
from gradstep.engine.timeline.watches import evaluate
from gradstep.tui.debugger import examples
from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.stepping import go_back_to, picked
from gradstep.tui.debugger.workbench import Prompt, Workbench
from gradstep.tui.pages.arrangement import LITTLE
from gradstep.tui.pages.notes import edit_text, replaced_text
from gradstep.tui.text.columns import Row, row
from gradstep.tui.text.folding import folded
from gradstep.tui.text.notation import as_typed
from gradstep.tui.text.numbers import byte_count, plain_number
from gradstep.tui.text.page import Line, Page
from gradstep.tui.words import claims as claim_words
from gradstep.tui.words import whatif as words

LINES = 9  # of the list of forks; below it the tables show how two of them differ


def edit(bench: Workbench) -> None:
    """Set a number to another value; the one that is picked or that the arithmetic is of is already typed."""
    element, moment, notation = picked(bench), bench.moment, bench.view.notation
    if element is None or element.symbol not in moment.values:
        bench.window.ask(EDIT)
        return
    name = notation.element(element)
    bench.window.ask(EDIT, f"{name} = {float(moment.values[element.symbol][element.index])!r}")


def _edit(bench: Workbench, text: str, meant: str = "") -> None:
    """`w5 = 0.9`, `W2[0,0] = w6 * 2`. meant: what was typed before, and asked about."""
    timeline = bench.timeline
    name, equals, right = as_typed(text, timeline.names).partition("=")
    chosen = picked(bench)
    if not equals and chosen is not None and _is_number(text):  # alone it is that of the picked element
        name, right = chosen.symbol + subscript(chosen.index), text
    elif not equals or right.startswith("="):
        example = examples.edit(bench)
        if chosen is None:
            raise EditError(words.NOTHING_SET.format(example=example))
        raise EditError(words.NOTHING_SET_OF.format(example=example, element=bench.view.notation.element(chosen)))
    try:
        reference = timeline.editable(name.strip())
    except KeyError as error:
        raise EditError(error.args[0]) from None
    value = evaluate(timeline, right.strip())
    before = float(timeline[reference.symbol][reference.index or ()])
    if repr(value) == repr(before):  # the same number and sign, or NaN both
        bench.window.close_line()
        element = bench.view.notation.element(Element(reference.symbol, reference.index or ()))
        bench.say(words.NOTHING_CHANGED.format(element=element, value=plain_number(before, 17)))
        return
    doubt = _doubt(bench, reference, value)
    if doubt and text != meant:
        bench.window.ask(replace(EDIT, hint=doubt, answer=partial(_edit, meant=text)), text)
        bench.window.mark_line()
        bench.say(doubt, error=True)
        return
    branch = timeline.edit(name.strip(), value)
    bench.window.close_line()
    bench.show()
    what = edit_text(branch.edits[-1], bench.view.notation, timeline.position)
    bench.say(words.FORKED.format(fork=branch.name, edit=what, before=plain_number(before, 9)))


def _doubt(bench: Workbench, reference: Reference, value: float) -> str:
    """Why this value may be a slip, and how to set it all the same; "" where it is none."""
    element = bench.view.notation.element(Element(reference.symbol, reference.index or ()))
    if not math.isfinite(value):
        return words.NOT_FINITE.format(element=element, value=plain_number(value, 9))
    if value < 0 and bench.timeline.program.symbols[reference.symbol].role is Role.HYPERPARAMETER:
        return words.NEGATIVE.format(element=element, value=plain_number(value, 9))
    return ""


def _is_number(text: str) -> bool:
    """Whether a text is a number and nothing else."""
    try:
        float(text)
    except ValueError:
        return False
    return True


EDIT = Prompt(examples.edits, words.EDIT, _edit)


def replace_step(bench: Workbench) -> None:
    """Compute a step by another formula; the one that is selected, or that has just run, is already typed."""
    place = bench.place
    assert place is not None, "see no_step"
    bench.window.ask(REPLACE, typed(bench.timeline.names, bench.moment.program.steps[place]))


def no_step(bench: Workbench) -> str | None:
    """Why no step can be replaced."""
    place = bench.place
    if place is None:
        return words.NO_STEP_YET
    return None if bench.moment.program.steps[place].operands else words.NOT_COMPUTED


def _replace(bench: Workbench, text: str, meant: str = "") -> None:
    """`delta1 = dz1 * z1 * (1 - z1)`. meant: what runs from the start where it asks for another order of steps."""
    timeline, line = bench.timeline, as_typed(text, bench.timeline.names).strip()
    try:
        branch = timeline.replace_steps(line)
    except OutOfOrder as error:
        if text == meant:
            _run_anew(bench, line)
            return
        said = words.ENTER_AGAIN.format(reason=str(error))
        bench.window.ask(replace(REPLACE, hint=said, answer=partial(_replace, meant=text)), text)
        bench.window.mark_line()
        bench.say(said, error=True)
        return
    bench.window.close_line()
    bench.show()
    change = branch.replaced[-1]
    symbol = bench.view.notation.symbol(change.symbol)
    bench.say(words.REPLACED.format(fork=branch.name, symbol=symbol, iteration=change.iteration))


def _run_anew(bench: Workbench, line: str) -> None:
    """The scenario with another step, as a run of its own, at the same place."""
    before = bench.timeline
    after = Timeline(before.original.scenario.with_steps([line]), history_bytes=before.history_bytes)
    bench.window.close_line()
    bench.window.exchange(before, after, None)
    bench.take(after, None)
    bench.show()
    symbol = replaced_by(after.names, line)
    bench.say(words.RUN_ANEW.format(symbol=bench.view.notation.symbol(symbol)))
    go_back_to(bench, after.course.parse(f"{before.position.iteration}:{symbol}"))


def train_by_derived(bench: Workbench) -> None:
    """Train with the derived gradients in the place of those that the scenario's own lines compute: a fork."""
    timeline = bench.timeline
    symbols = timeline.program.symbols
    own = [step.symbol for step in timeline.program.own_lines if symbols[step.symbol].truth]
    branch = timeline.replace_steps(*(f"{name} = {symbols[name].truth}" for name in own))
    bench.show()
    bench.say(claim_words.TRAINED_BY_DERIVED.format(fork=branch.name, iteration=branch.first))


def no_own_lines(bench: Workbench) -> str | None:
    """Why there is nothing to train by in their place."""
    symbols = bench.timeline.program.symbols
    own = any(symbols[step.symbol].truth for step in bench.timeline.program.own_lines)
    return None if own else claim_words.NO_OWN_LINES


REPLACE = Prompt(examples.steps, words.REPLACE, _replace)


def _row(bench: Workbench, branch: Branch) -> Row:
    """A fork: its name, what it is to what is seen, what was changed, of which it is, what is kept of it."""
    notation, course, here = bench.view.notation, bench.timeline.course, branch is bench.timeline.branch
    role = words.HERE if here else words.COMPARED_WITH if branch.name == bench.view.other else ""
    kept = byte_count(branch.bytes) if branch.bytes else words.NONE
    parent = what = ""
    if branch.parent is not None:
        edits = branch.edits[len(branch.parent.edits) :]
        steps = branch.replaced[len(branch.parent.replaced) :]
        told = [edit_text(edit, notation, course.at(edit.iteration, edit.step)) for edit in edits]
        what = ", ".join([*told, *(replaced_text(each, notation) for each in steps)])
        parent = bench.timeline.parent_of(branch) or words.DROPPED_FORK
    return row(branch.name, role, what, parent, kept, key="bold text" if here else "text")


def list_forks(bench: Workbench) -> None:
    """All branches in a list, to switch to, compare with and drop."""
    timeline = bench.timeline

    def named(place: int) -> str:
        return list(timeline.branches)[place]

    def compare(place: int) -> str | None:
        name = named(place)
        if name != timeline.branch.name:
            compare_with(bench, name)
        elif bench.view.other is None:
            raise EditError(words.COMPARED_WITH_ITSELF)
        else:
            compare_no_longer(bench)
        return None

    def switch_to(place: int) -> str | None:
        switch(bench, named(place))
        return None

    def drop(place: int) -> str | None:
        name = named(place)
        if name == timeline.branch.name != ORIGINAL:  # what it was forked from may have to be computed anew
            label = words.DROPPING.format(fork=name)
            bench.work(label, lambda progress: timeline.drop(name, progress), lambda done: dropped(name, done))
            return None
        timeline.drop(name)
        dropped(name, True)
        return words.DROPPED.format(fork=name)

    def dropped(name: str, done: bool) -> None:
        if bench.view.other in (name, timeline.branch.name):
            bench.view = replace(bench.view, other=None)
        bench.show()
        bench.say(words.DROPPED.format(fork=name) if done else words.STILL_THERE.format(fork=name))

    def entries() -> list[Row]:
        branches = [*timeline.branches.values()]  # one may be dropped in a worker meanwhile
        return [_row(bench, each) for each in branches]

    def after(width: int) -> Page:
        if len(timeline.branches) > 1:
            return ()
        return (Line(), *folded(words.NO_FORK, width, "quiet"))

    acts = {"open": switch_to, "compare": compare, "drop": drop}
    heads = (words.NAME, "", words.EDITS, words.OF, words.HISTORY)
    bench.open(
        Drawer(
            "forks",
            lambda: words.TITLE,
            entries=entries,
            heads=heads,
            folding=(2,),
            after=after,
            acts=acts,
            about=words.KEYS,
            lines=LINES,
            share=LITTLE,
        )
    )


def switch(bench: Workbench, name: str) -> None:
    """Go to another branch, in a worker."""
    timeline = bench.timeline

    def done(switched: bool) -> None:
        bench.show()
        here = timeline.branch.name
        bench.say(words.SWITCHED.format(fork=here) if switched else words.NOT_SWITCHED.format(fork=here))

    if bench.view.other == name:
        bench.view = replace(bench.view, other=None)
    bench.work(words.SWITCHING.format(fork=name), lambda progress: timeline.switch(name, progress), done)


def compare_with(bench: Workbench, name: str) -> None:
    """Lay another branch beside this one, and say where they part."""
    timeline = bench.timeline

    def job(progress: Progress) -> tuple[bool, Position | None]:
        if not timeline.prepare(name, progress):
            return False, None
        return True, timeline.first_difference(timeline.branch.name, name, progress)

    def done(result: tuple[bool, Position | None]) -> None:
        prepared, position = result
        if not prepared:
            bench.say(words.NOT_COMPARED.format(fork=name))
            return
        bench.view = replace(bench.view, other=name)
        bench.show()
        if position is None:
            bench.say(words.SAME.format(fork=name))
        else:
            bench.say(words.DIFFERENT.format(fork=name, position=bench.view.notation.position(position)))

    bench.work(words.COMPARING.format(fork=name), job, done)


def compare_no_longer(bench: Workbench) -> None:
    """Show one branch alone again."""
    bench.view = replace(bench.view, other=None)
    bench.show()
    bench.say(words.NO_LONGER_COMPARED)


def nothing_to_compare(bench: Workbench) -> str | None:
    """The reason why nothing can be compared: there is one branch only."""
    return None if bench.view.other is not None or len(bench.timeline.branches) > 1 else words.NO_FORK


def compare_again(bench: Workbench) -> None:
    """Compare with the parent, or with the only other branch; a second time, no longer."""
    if bench.view.other is not None:
        compare_no_longer(bench)
        return
    here = bench.timeline.branch
    parent, others = here.parent, [name for name in bench.timeline.branches if name != here.name]
    name = parent.name if parent is not None and parent.name in others else ORIGINAL
    compare_with(bench, name if name in others else others[-1])
