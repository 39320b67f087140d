"""Looking closer: picking a number, its explanation, what a step is and why, gradient checks and pictures.

What a key needs is imported when it is pressed first, so that the program starts without all of it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from gradstep.engine.program.expression import Element
from gradstep.tui import pages
from gradstep.tui.debugger.prompts import show_found
from gradstep.tui.words import debugger
from gradstep.tui.words import looking as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.trends import Trends
    from gradstep.tui.debugger.screen import DebuggerScreen

MOST_TRENDS = 60  # iterations whose norms are drawn


def toggle_names(screen: DebuggerScreen) -> None:
    """The scenario's own names, or plain symbols."""
    wording = screen.view.wording
    screen.view = replace(screen.view, wording=replace(wording, own=not wording.own))
    screen.show()
    screen.say(words.OWN_NAMES if not wording.own else words.PLAIN_SYMBOLS)


def next_precision(screen: DebuggerScreen) -> None:
    """Another number of digits."""
    choices = pages.PRECISIONS
    digits = choices[(choices.index(screen.view.digits) + 1) % len(choices)]
    screen.view = replace(screen.view, digits=digits)
    screen.show()
    screen.say(words.AS_MANY_DIGITS if digits == pages.AUTOMATIC else words.UP_TO_DIGITS.format(digits=digits))


def picked(screen: DebuggerScreen) -> Element | None:
    """The picked element, or the first of the step that has just run; None at the start."""
    if screen.view.picked is not None:
        return Element(*screen.view.picked)
    symbol = screen.moment.position.symbol
    if symbol is None:
        return None
    return Element(symbol, tuple(0 for _ in screen.moment.program.symbols[symbol].shape))


def pick(screen: DebuggerScreen, down: int, right: int) -> None:
    """The element beside the picked one, in its array."""
    element = picked(screen)
    if element is None:
        screen.say(debugger.NOTHING_YET)
        return
    shape = screen.moment.program.symbols[element.symbol].shape
    by = (0, 0, down, right)[4 - len(shape) :] if len(shape) == 2 else (right,)[: len(shape)]
    moved = screen.view.picked is not None
    index = tuple(
        min(max(0, place + (step if moved else 0)), size - 1)
        for place, step, size in zip(element.index, by, shape, strict=True)
    )
    screen.view = replace(screen.view, picked=(element.symbol, index))
    screen.show()
    screen.reveal(element.symbol, index)


def explain_picked(screen: DebuggerScreen) -> None:
    """Open the explanation of the picked element."""
    from gradstep.tui.dialogs.explain import ExplainScreen  # noqa: PLC0415 - see above

    element = picked(screen)
    if element is None or element.symbol not in screen.moment.values:
        screen.say(words.NOTHING_PICKED)
        return

    def left(last: Element | None) -> None:
        if last is not None:
            screen.view = replace(screen.view, picked=(last.symbol, last.index))
            screen.show()

    explanation = ExplainScreen(screen.timeline, element, screen.view.wording, screen.view.digits)
    screen.app.push_screen(explanation, left)


def why(screen: DebuggerScreen) -> None:
    """What a step is and why: the selected one, or the one that has just run."""
    from gradstep.engine.analysis.stale import improbable_targets  # noqa: PLC0415 - see above
    from gradstep.tui.dialogs.page import PageScreen  # noqa: PLC0415 - see above
    from gradstep.tui.pages import why_page  # noqa: PLC0415 - see above
    from gradstep.tui.pages.why import about  # noqa: PLC0415 - see above

    here = screen.moment.position.step
    place = screen.selected if screen.selected is not None else here - 1 if here else None
    if place is None:
        screen.say(debugger.NOTHING_YET)
        return
    step, wording, record = screen.moment.program.steps[place], screen.view.wording, screen.moment.record
    told = about(screen.moment.scenario, step, wording)
    notes = [step.note] if step.note else []
    if record.edits and place < here:
        found = improbable_targets(record.program, step.symbol, record.read)
        notes += [note for at, note in found if at == step.symbol]
    title = words.WHY.format(symbol=wording.symbol(step.symbol))
    screen.app.push_screen(PageScreen(title, lambda width: why_page(told, notes, wording, width)))


def show_help(screen: DebuggerScreen) -> None:
    """The keys; on a selected step, what it is."""
    if screen.selected is not None:
        why(screen)
        return
    screen.app.action_help()  # type: ignore[attr-defined]


def check_gradients(screen: DebuggerScreen) -> None:
    """Compare with central differences, in a worker, and show what came out."""
    from gradstep.engine.analysis.gradcheck import check  # noqa: PLC0415 - see above
    from gradstep.engine.analysis.verdicts import GradientCheck  # noqa: PLC0415 - see above
    from gradstep.tui.dialogs.page import PageScreen  # noqa: PLC0415 - see above
    from gradstep.tui.pages.check import check_lines, summary  # noqa: PLC0415 - see above

    timeline, wording = screen.timeline, screen.view.wording

    def done(result: object) -> None:
        assert isinstance(result, GradientCheck)
        screen.show()
        screen.say(summary(result))
        title = words.GRADIENTS.format(iteration=result.position.iteration)
        screen.app.push_screen(PageScreen(title, lambda width: check_lines(result, wording, width)))

    if timeline.position.step == 0:
        screen.say(debugger.NOTHING_YET)
        return
    screen.work(words.CHECKING, lambda progress: check(timeline, progress=progress), done)


def next_found(screen: DebuggerScreen, by: int) -> None:
    """Show the next or the previous of what was found."""
    screen.found_at += by
    show_found(screen)


def show_pictures(screen: DebuggerScreen) -> None:
    """Open the pictures; norms are computed in a worker when they are looked at."""
    from gradstep.engine.analysis.trends import trends  # noqa: PLC0415 - see above
    from gradstep.tui.dialogs.pictures import PicturesScreen  # noqa: PLC0415 - see above
    from gradstep.tui.pictures.albums import albums  # noqa: PLC0415 - see above

    known: dict[tuple[str, int], Trends] = {}
    timeline = screen.timeline

    def so_far() -> Trends | None:
        """Of all iterations that have run; None while they are not computed yet."""
        key = timeline.branch.name, max(1, len(screen.moment.losses))
        found = known.get(key)
        if found is None and not screen.busy:
            label = words.COMPUTING_NORMS(key[1])
            screen.work(label, lambda progress: trends(timeline, 1, key[1], progress, MOST_TRENDS), partial(done, key))
        return found

    def done(key: tuple[str, int], result: object) -> None:
        known[key] = cast("Trends", result)
        screen.show()
        screen.say("")
        pictures.show()

    pictures = PicturesScreen(screen, lambda: albums(screen.moment, screen.view.wording, screen.view.picked, so_far))
    screen.app.push_screen(pictures)
