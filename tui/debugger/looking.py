"""Looking closer: how numbers and names are written, a step and why, gradient checks, help, what can be copied.

What is drawn by modules that few need is imported when its key is pressed first, so that the program starts without
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.stepping import picked
from gradstep.tui.debugger.workbench import Command, Workbench
from gradstep.tui.pages.arrangement import DRAWER, LITTLE, PICTURE
from gradstep.tui.pages.view import AUTOMATIC, PRECISIONS
from gradstep.tui.text.page import Line, Page, text_line
from gradstep.tui.words import debugger
from gradstep.tui.words import help as help_words
from gradstep.tui.words import looking as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.verdicts import GradientCheck  # loaded with the check

ON, BACK = "_on", "_back"  # how the names of commands end that go on, and back


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


def no_step(bench: Workbench) -> str | None:
    """The reason why there is no step to be told of."""
    return debugger.NOTHING_YET if bench.place is None else None


def why(bench: Workbench) -> None:
    """Tell of a step and why it is so: the selected one, or the one that has just run."""
    from gradstep.tui.pages.why import about, why_page  # noqa: PLC0415 - see above

    def page(width: int) -> Page:
        place = bench.place
        if place is None:
            return (text_line(debugger.NOTHING_YET, "quiet"),)
        moment, notation = bench.moment, bench.view.notation
        step = moment.program.steps[place]
        return why_page(about(moment.scenario, step, notation), _odd(bench, place), notation, width)

    def title() -> str:
        place = bench.place
        steps = bench.moment.program.steps
        return words.WHY.format(symbol=bench.view.notation.symbol(steps[place].symbol)) if place is not None else ""

    bench.open(Drawer("why", title, page, about=words.CLOSES, share=LITTLE))


def _odd(bench: Workbench, place: int) -> Sequence[str]:
    """What is odd about a step: it is no derivative, or its targets are no distribution."""
    from gradstep.engine.analysis.stale import improbable_targets  # noqa: PLC0415 - see above

    step, provenance = bench.moment.program.steps[place], bench.moment.provenance
    notes = [step.note] if step.note else []
    if provenance.edits and place < bench.moment.position.step:
        found = improbable_targets(provenance.program, step.symbol, provenance.read)
        notes += [note for at, note in found if at == step.symbol]
    return notes


def show_help(bench: Workbench) -> None:
    """The keys, and how to read the screen."""
    from gradstep.tui.pages.help import help_page  # noqa: PLC0415 - see above

    def page(width: int) -> Page:
        return help_page(by_group(bench.commands.values()), width, ascii_only=bench.view.notation.ascii)

    bench.open(Drawer("help", lambda: words.HELP, page, about=words.CLOSES, whole=True))


def by_group(commands: Iterable[Command]) -> dict[str, list[tuple[str, str]]]:
    """The keys of commands and what they do, group by group; one that goes back stands beside the one that goes on."""
    found: dict[str, list[tuple[str, str]]] = {}
    before: Command | None = None
    for command in commands:
        if not command.shown:
            continue
        rows = found.setdefault(command.group, [])
        if before is not None and command.name == before.name.removesuffix(ON) + BACK and before.name.endswith(ON):
            rows[-1] = f"{before.shown} {command.shown}", help_words.AND_BACK.format(help=before.help)
        else:
            rows.append((command.shown, command.help))
        before = command
    return found


def nothing_to_check(bench: Workbench) -> str | None:
    """The reason why there are no gradients to check."""
    return debugger.NOTHING_YET if bench.timeline.position.step == 0 else None


def check_gradients(bench: Workbench) -> None:
    """Compare with central differences, in a worker, and show what came out."""
    from gradstep.engine.analysis.gradcheck import check  # noqa: PLC0415 - see above
    from gradstep.tui.pages.check import check_lines  # noqa: PLC0415 - see above

    timeline = bench.timeline
    if bench.drawer is not None and bench.drawer.name == "check":
        bench.close_drawer()
        return

    def done(result: GradientCheck) -> None:
        title = words.GRADIENTS.format(iteration=result.position.iteration)
        program = timeline.program
        values = timeline.values(result.position) if program.own_lines else {}

        def claimed(width: int) -> Page:
            if not values:
                return ()
            from gradstep.tui.pages.claims import claim_lines  # noqa: PLC0415 - only of such a net

            return (*claim_lines(program, values, bench.view.notation, width), Line())

        bench.open(
            Drawer(
                "check",
                lambda: title,
                lambda width: (*claimed(width), *check_lines(result, bench.view.notation, width)),
                about=words.CLOSES,
            )
        )
        bench.say("")

    bench.work(words.CHECKING, lambda progress: check(timeline, progress=progress), done)


def story(bench: Workbench) -> None:
    """What the scenario is, in its own words, and where it is from."""
    from gradstep.tui.pages.story import story_page  # noqa: PLC0415 - see above

    def page(width: int) -> Page:
        return story_page(bench.moment.scenario, bench.view.notation, width)

    bench.open(Drawer("story", lambda: bench.view.notation.sign(bench.moment.scenario.title), page, about=words.CLOSES))


def nothing_to_copy(bench: Workbench) -> str | None:
    """The reason why nothing can be copied."""
    element = picked(bench)
    return debugger.NOTHING_YET if element is None or element.symbol not in bench.moment.values else None


def copy(bench: Workbench) -> None:
    """Copy the formula of a selected step, the picked number, or else what the step has made, as NumPy reads it."""
    from gradstep.tui.pages.copying import as_numpy  # noqa: PLC0415 - see above

    moment, notation, place = bench.moment, bench.view.notation, bench.place
    element = picked(bench)
    if bench.selected is not None and place is not None:
        text, what = notation.formula(moment.program.steps[place]), words.FORMULA
    elif bench.view.picked is not None and element is not None:
        text, what = repr(float(moment.values[element.symbol][element.index])), notation.element(element)
    else:
        assert element is not None, "something has run"
        text, what = as_numpy(moment.values[element.symbol]), notation.symbol(element.symbol)
    bench.window.copy(text)
    bench.say(words.COPIED.format(what=what))


def nothing_open(bench: Workbench) -> str | None:
    """The reason why nothing can be scrolled."""
    return words.NOTHING_OPEN if bench.drawer is None and bench.told is None else None


def scroll(bench: Workbench, down: int = 0, right: int = 0) -> None:
    """Scroll what is open, by pages and cells."""
    drawer = bench.drawer or bench.told
    assert drawer is not None, "something is open"
    if down:
        drawer.turn(down)
    drawer.left = max(0, drawer.left + right)
    bench.focus = PICTURE if bench.drawer is None else DRAWER
    bench.show()
