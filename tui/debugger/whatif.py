"""Forks on the screen: changing a value, the list of forks, switching between them, comparing two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gradstep.engine.program.expression import Element
from gradstep.engine.program.positions import Position
from gradstep.engine.progress import Progress
from gradstep.engine.timeline.branches import ORIGINAL, Branch
from gradstep.engine.timeline.timeline import EditError
from gradstep.tui.pages.notes import edit_text
from gradstep.tui.text.numbers import byte_count
from gradstep.tui.words import forks as words

if TYPE_CHECKING:
    from gradstep.tui.debugger.screen import DebuggerScreen
    from gradstep.tui.dialogs.choices import Answer


def ask_edit(screen: DebuggerScreen) -> None:
    """The line for an edit, with the element that is picked or that the arithmetic is of already in it."""
    moment, wording = screen.moment, screen.view.wording
    picked = screen.view.picked
    if picked is None and moment.position.symbol is not None:
        symbol = moment.position.symbol
        picked = symbol, tuple(0 for _ in moment.program.symbols[symbol].shape)
    if picked is None or picked[0] not in moment.values:
        screen.ask("edit", "")
        return
    element = Element(*picked)
    label = moment.scenario.names.labels.get(element.symbol, {}).get(element.index)
    index = f"[{','.join(map(str, element.index))}]" if element.index else ""
    name = label or (wording.names.own_name(element.symbol) if wording.own else None) or element.symbol
    value = float(moment.values[element.symbol][element.index])
    screen.ask("edit", f"{name}{'' if label else index} = {value!r}")


def _line(screen: DebuggerScreen, branch: Branch) -> str:
    wording, course = screen.view.wording, screen.timeline.course
    name = branch.name
    if branch is screen.timeline.branch:
        name = words.THIS_FORK.format(fork=name)
    elif name == screen.view.other:
        name = words.COMPARED_FORK.format(fork=name)
    kept = words.HISTORY.format(size=byte_count(branch.bytes)) if branch.bytes else words.NO_HISTORY
    if branch.parent is None:
        return f"{name}; {kept}"
    edits = branch.edits[len(branch.parent.edits) :]
    what = ", ".join(edit_text(edit, wording, course.at(edit.iteration, edit.step)) for edit in edits)
    parent = screen.timeline.parent_of(branch) or words.DROPPED_FORK
    return words.FORK.format(fork=name, edits=what, parent=parent, history=kept)


def list_forks(screen: DebuggerScreen) -> None:
    """All branches in a list, to switch to, compare with and drop."""
    from gradstep.tui.dialogs.choices import DROP, Choices, ChoicesScreen  # noqa: PLC0415 - only here

    timeline = screen.timeline

    def named(place: int) -> str:
        return list(timeline.branches)[place]

    def switch(place: int) -> Answer | None:
        name = named(place)
        screen.view = replace(screen.view, other=None if screen.view.other == name else screen.view.other)
        label = words.SWITCHING.format(fork=name)
        screen.work(label, lambda progress: timeline.switch(name, progress), lambda done: _switched(screen, name, done))
        return None

    def compare(place: int) -> Answer | None:
        name = named(place)
        if name == timeline.branch.name:
            if screen.view.other is None:
                return words.COMPARED_WITH_ITSELF, True
            screen.view = replace(screen.view, other=None)
            screen.show()
            screen.say(words.NO_LONGER_COMPARED)
            return None
        compare_with(screen, name)
        return None

    def drop(place: int) -> Answer | None:
        name = named(place)
        if name == timeline.branch.name != ORIGINAL:  # what it was forked from may have to be computed anew
            label = words.DROPPING.format(fork=name)
            screen.work(label, lambda progress: timeline.drop(name, progress), lambda done: dropped(name, done))
            return None
        try:
            timeline.drop(name)
        except EditError as error:
            return str(error), True
        dropped(name, True)
        return words.DROPPED.format(fork=name), False

    def dropped(name: str, done: object) -> None:
        if screen.view.other in (name, timeline.branch.name):
            screen.view = replace(screen.view, other=None)
        screen.show()
        screen.say(words.DROPPED.format(fork=name) if done else words.STILL_THERE.format(fork=name))

    screen.app.push_screen(
        ChoicesScreen(
            Choices(
                words.TITLE,
                lambda: [_line(screen, branch) for branch in timeline.branches.values()],
                {"enter": switch, "c": compare, **dict.fromkeys(DROP, drop)},
                words.KEYS,
            )
        )
    )


def _switched(screen: DebuggerScreen, name: str, done: object) -> None:
    screen.show()
    here = screen.timeline.branch.name
    screen.say(words.SWITCHED.format(fork=name) if done else words.NOT_SWITCHED.format(fork=here))


def compare_with(screen: DebuggerScreen, name: str) -> None:
    """Lay another branch beside this one, and say where they part."""
    timeline = screen.timeline

    def job(progress: Progress) -> Position | bool | None:
        if not timeline.prepare(name, progress):
            return False
        return timeline.first_difference(timeline.branch.name, name, progress)

    def done(result: object) -> None:
        if result is False:
            screen.say(words.NOT_COMPARED.format(fork=name))
            return
        screen.view = replace(screen.view, other=name)
        screen.turn_to("values")
        if isinstance(result, Position):
            screen.say(words.DIFFERENT.format(fork=name, position=result))
        else:
            screen.say(words.SAME.format(fork=name))

    screen.work(words.COMPARING.format(fork=name), job, done)


def compare_again(screen: DebuggerScreen) -> None:
    """Compare with the parent, or with the only other branch; a second time, no longer."""
    timeline = screen.timeline
    if screen.view.other is not None:
        screen.view = replace(screen.view, other=None)
        screen.show()
        screen.say(words.NO_LONGER_COMPARED)
        return
    parent = timeline.branch.parent
    others = [name for name in timeline.branches if name != timeline.branch.name]
    if not others:
        screen.say(words.NO_FORK)
        return
    name = parent.name if parent is not None and parent.name in others else ORIGINAL
    compare_with(screen, name if name in others else others[-1])
