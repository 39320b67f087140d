"""The line that is typed in below the panels: what it may ask, and what an answer does.

An answer gives None where it was taken, or one line that says what is wrong with it; the line stays open then.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gradstep.engine import PositionError
from gradstep.engine.program.expression import Element
from gradstep.engine.program.names import Reference
from gradstep.engine.stops.stops import StopError
from gradstep.engine.stops.trigger import parse_stop, watch
from gradstep.engine.timeline.timeline import EditError
from gradstep.engine.timeline.watches import evaluate
from gradstep.tui.debugger.stepping import travel
from gradstep.tui.pages.notes import edit_text
from gradstep.tui.text.notation import undressed
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.words import prompts as words

if TYPE_CHECKING:
    from gradstep.tui.debugger.screen import DebuggerScreen

LARGEST, SMALLEST = "largest", "smallest"


@dataclass(frozen=True)
class Prompt:
    """placeholder: stands in the empty line; hint: is said above it; answer: takes what was typed."""

    placeholder: str
    hint: str
    answer: Callable[[DebuggerScreen, str], str | None]


def _go_to(screen: DebuggerScreen, text: str) -> str | None:
    try:
        target = screen.timeline.course.parse(
            undressed(text, screen.timeline.names), screen.timeline.position.iteration
        )
    except PositionError as error:
        return str(error)
    screen.close_prompt()
    travel(screen, target)
    return None


def _watch(screen: DebuggerScreen, text: str) -> str | None:
    try:
        stop = watch(undressed(text, screen.timeline.names), screen.timeline.names)
    except StopError as error:
        return str(error)
    if stop in screen.timeline.stops:
        return words.WATCHED_ALREADY.format(expression=stop.when)
    screen.timeline.add_stop(stop)
    screen.close_prompt()
    screen.show()
    screen.say(words.WATCHING.format(expression=stop.when))
    return None


def add_breakpoint(screen: DebuggerScreen, text: str) -> str | None:
    """Set a typed breakpoint; gives what is wrong with it."""
    try:
        stop = parse_stop(undressed(text, screen.timeline.names), screen.timeline.names)
    except StopError as error:
        return str(error)
    if stop.identity in [known.identity for known in screen.timeline.stops]:
        return words.BREAKPOINT_ALREADY.format(stop=stop)
    screen.timeline.add_stop(stop)
    screen.show()
    return None


def _edit(screen: DebuggerScreen, text: str) -> str | None:
    """`w5 = 0.9`, `W2[0,0] = w6 * 2`."""
    timeline = screen.timeline
    name, equals, right = undressed(text, timeline.names).partition("=")
    if not equals or right.startswith("="):
        return words.NOTHING_SET
    try:
        reference = timeline.editable(name.strip())
        value = evaluate(timeline, right.strip())
        before = float(timeline[reference.symbol][reference.index or ()])
        if _same(value, before):
            screen.close_prompt()
            screen.say(words.NOTHING_CHANGED.format(element=_shown(screen, reference), value=plain_number(before, 17)))
            return None
        branch = timeline.edit(name.strip(), value)
    except (EditError, StopError) as error:
        return str(error)
    except KeyError as error:
        return str(error.args[0])
    screen.close_prompt()
    screen.show()
    what = edit_text(branch.edits[-1], screen.view.wording, timeline.position)
    screen.say(words.FORKED.format(fork=branch.name, edit=what, before=plain_number(before, 9)))
    return None


def _same(value: float, other: float) -> bool:
    """Whether it makes no difference which of them stands somewhere: the same number and sign, or both are none."""
    if math.isnan(value) or math.isnan(other):
        return math.isnan(value) and math.isnan(other)
    return value == other and math.copysign(1.0, value) == math.copysign(1.0, other)


def _shown(screen: DebuggerScreen, reference: Reference) -> str:
    return screen.view.wording.element(Element(reference.symbol, reference.index or ()))


def _save(screen: DebuggerScreen, text: str) -> str | None:
    from gradstep.engine.sessions import ENDING, SessionError, save_session  # noqa: PLC0415 - only here

    try:
        path = Path(text).expanduser()
        if not path.suffix:
            path = path.with_name(path.name + ENDING)
        save_session(screen.timeline, path)
    except (SessionError, ValueError, RuntimeError) as error:  # "/" has no name, "~nobody" is nowhere
        return str(error)
    screen.session = path
    screen.close_prompt()
    screen.say(words.SAVED.format(path=shlex.quote(str(path))))
    return None


# ── looking for symbols ──────────────────────────────────────────────────────────────────────────────────────


def found(screen: DebuggerScreen, text: str) -> list[Reference]:
    """What a search is for: an element, a label, the largest number of an array, or every name with the text in it.

    Raises KeyError with what is wrong.
    """
    names = screen.timeline.names
    text = undressed(text, names)
    typed = text.split()
    if typed and typed[0] in (LARGEST, SMALLEST):
        picked = screen.view.picked
        name = typed[1] if len(typed) > 1 else picked[0] if picked else screen.moment.position.symbol or "W1"
        return [_extreme(screen, names.resolve(name).symbol, typed[0])]
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


def _extreme(screen: DebuggerScreen, symbol: str, which: str) -> Reference:
    value = screen.moment.values.get(symbol)
    if value is None:
        raise KeyError(words.NOT_COMPUTED.format(symbol=symbol))
    sizes = np.abs(value)
    at = 0 if np.isnan(sizes).all() else (np.nanargmax if which == LARGEST else np.nanargmin)(sizes)
    return Reference(symbol, tuple(int(place) for place in np.unravel_index(at, value.shape)))


def _search(screen: DebuggerScreen, text: str) -> str | None:
    try:
        hits = found(screen, text.strip())
    except KeyError as error:
        return str(error.args[0])
    screen.close_prompt()
    screen.found = hits
    screen.found_at = 0
    show_found(screen)
    return None


def show_found(screen: DebuggerScreen) -> None:
    """Bring what was found into view, with its arithmetic."""
    if not screen.found:
        screen.say(words.NOTHING_SEARCHED)
        return
    place, count = screen.found_at % len(screen.found), len(screen.found)
    reference = screen.found[place]
    shape = screen.timeline.program.symbols[reference.symbol].shape
    index = reference.index if reference.index is not None else tuple(0 for _ in shape)
    screen.view = replace(screen.view, picked=(reference.symbol, index))
    screen.turn_to("values")
    screen.reveal(reference.symbol, index)
    name = screen.view.wording.element(Element(reference.symbol, index))
    value = screen.moment.values.get(reference.symbol)
    if value is None:
        told = words.FOUND_NOT_COMPUTED.format(name=name)
    else:
        told = f"{name} = {plain_number(float(value[index]), 17)}"
    screen.say(words.ONE_OF_FOUND.format(place=place + 1, count=count, found=told) if count > 1 else told)


PROMPTS: Mapping[str, Prompt] = {
    "goto": Prompt(words.GOTO_SUCH_AS, words.GOTO, _go_to),
    "watch": Prompt(words.WATCH_SUCH_AS, words.WATCH, _watch),
    "edit": Prompt(words.EDIT_SUCH_AS, words.EDIT, _edit),
    "search": Prompt(words.SEARCH_SUCH_AS, words.SEARCH, _search),
    "save": Prompt(words.SAVE_SUCH_AS, words.SAVE, _save),
}
