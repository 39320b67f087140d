"""Looking closer: how numbers and names are written, an explanation, a step and why, gradient checks, pictures, help.

Each dialog is imported when its key is pressed first, so that the program starts without all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from gradstep.engine.program.expression import Element
from gradstep.tui.debugger.stepping import pick, picked
from gradstep.tui.debugger.workbench import Command, Workbench
from gradstep.tui.pages.view import AUTOMATIC, PRECISIONS
from gradstep.tui.words import debugger
from gradstep.tui.words import looking as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.trends import Trends  # loaded with the pictures
    from gradstep.engine.analysis.verdicts import GradientCheck  # loaded with the check

MOST_TRENDS = 60  # iterations whose norms are drawn


def toggle_names(bench: Workbench) -> None:
    """The scenario's own names, or plain symbols."""
    notation = bench.view.notation
    bench.view = replace(bench.view, notation=replace(notation, own=not notation.own))
    bench.show()
    bench.say(words.OWN_NAMES if not notation.own else words.PLAIN_SYMBOLS)


def next_precision(bench: Workbench) -> None:
    """Another number of digits."""
    digits = PRECISIONS[(PRECISIONS.index(bench.view.digits) + 1) % len(PRECISIONS)]
    bench.view = replace(bench.view, digits=digits)
    bench.show()
    bench.say(words.AS_MANY_DIGITS if digits == AUTOMATIC else words.UP_TO_DIGITS.format(digits=digits))


def nothing_to_explain(bench: Workbench) -> str | None:
    """The reason why no number can be explained."""
    element = picked(bench)
    return words.NOTHING_PICKED if element is None or element.symbol not in bench.moment.values else None


def explain_picked(bench: Workbench) -> None:
    """Open the explanation of the picked element."""
    from gradstep.tui.dialogs.explain import ExplainScreen  # noqa: PLC0415 - see above

    def left(last: Element | None) -> None:
        if last is not None:
            pick(bench, last.symbol, last.index)

    element = picked(bench)
    if element is not None:
        bench.window.open(ExplainScreen(bench.timeline, element, bench.view.notation, bench.view.digits), left)


def no_step(bench: Workbench) -> str | None:
    """The reason why there is no step to be told of."""
    return debugger.NOTHING_YET if bench.place is None else None


def why(bench: Workbench) -> None:
    """Tell of a step and why it is so: the selected one, or the one that has just run."""
    from gradstep.engine.analysis.stale import improbable_targets  # noqa: PLC0415 - see above
    from gradstep.tui.dialogs.pager import PagerScreen  # noqa: PLC0415 - see above
    from gradstep.tui.pages.why import about, why_page  # noqa: PLC0415 - see above

    place = bench.place
    if place is None:
        return
    moment, notation = bench.moment, bench.view.notation
    step, provenance = moment.program.steps[place], moment.provenance
    told = about(moment.scenario, step, notation)
    notes = [step.note] if step.note else []
    if provenance.edits and place < moment.position.step:
        found = improbable_targets(provenance.program, step.symbol, provenance.read)
        notes += [note for at, note in found if at == step.symbol]
    title = words.WHY.format(symbol=notation.symbol(step.symbol))
    bench.window.open(PagerScreen(title, lambda width: why_page(told, notes, notation, width)))


def show_help(bench: Workbench) -> None:
    """The keys, and how to read the screen; on a selected step, what it is."""
    from gradstep.tui.dialogs.help import HelpScreen  # noqa: PLC0415 - see above

    if bench.selected is not None:
        why(bench)
    else:
        bench.window.open(HelpScreen(by_group(bench.commands.values()), ascii_only=bench.view.notation.ascii))


def by_group(commands: Iterable[Command]) -> dict[str, list[tuple[str, str]]]:
    """The keys of commands and what they do, group by group."""
    groups = groupby(commands, key=lambda command: command.group)
    return {group: [(command.shown, command.help) for command in members] for group, members in groups}


def nothing_to_check(bench: Workbench) -> str | None:
    """The reason why there are no gradients to check."""
    return debugger.NOTHING_YET if bench.timeline.position.step == 0 else None


def check_gradients(bench: Workbench) -> None:
    """Compare with central differences, in a worker, and show what came out."""
    from gradstep.engine.analysis.gradcheck import check  # noqa: PLC0415 - see above
    from gradstep.tui.dialogs.pager import PagerScreen  # noqa: PLC0415 - see above
    from gradstep.tui.pages.check import check_lines, summary  # noqa: PLC0415 - see above

    timeline, notation = bench.timeline, bench.view.notation

    def done(result: GradientCheck) -> None:
        bench.show()
        bench.say(summary(result))
        title = words.GRADIENTS.format(iteration=result.position.iteration)
        bench.window.open(PagerScreen(title, lambda width: check_lines(result, notation, width)))

    bench.work(words.CHECKING, lambda progress: check(timeline, progress=progress), done)


def show_pictures(bench: Workbench) -> None:
    """Open the pictures; norms are computed in a worker when they are looked at."""
    from gradstep.engine.analysis.trends import trends  # noqa: PLC0415 - see above
    from gradstep.tui.dialogs.pictures import PicturesScreen  # noqa: PLC0415 - see above
    from gradstep.tui.pictures.albums import Shelf, albums  # noqa: PLC0415 - see above

    known: dict[tuple[str, int], Trends | None] = {}
    timeline = bench.timeline

    def so_far() -> Trends | None:
        """Of all iterations that have run; None while they are not computed yet."""
        key = timeline.branch.name, max(1, len(bench.moment.losses))
        found = known.get(key)
        if found is None and not bench.window.busy:
            label = words.COMPUTING_NORMS(key[1])
            bench.work(label, lambda progress: trends(timeline, 1, key[1], progress, MOST_TRENDS), partial(done, key))
        return found

    def done(key: tuple[str, int], result: Trends | None) -> None:
        known[key] = result
        bench.show()
        bench.say("")
        pictures.show()

    def shelf() -> Shelf:
        made = albums(bench.moment, bench.view.notation, bench.view.picked, so_far)
        return Shelf(made, timeline.position, bench.view.notation)

    stepping = [command for command in bench.commands.values() if command.group == debugger.STEPPING]
    letters = ((key, command.name) for command in stepping for key in command.keys if len(key) == 1)
    pictures = PicturesScreen(shelf, {key: partial(bench.do, name) for key, name in letters})
    bench.window.open(pictures)
