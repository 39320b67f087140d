"""Which panels there are, which has the focus, which is seen below the step in a small terminal; moving in one."""

from __future__ import annotations

from collections.abc import Collection

from gradstep.tui.debugger.stepping import select_by
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages import arrangement as places
from gradstep.tui.pages.layers.compare import Beside
from gradstep.tui.pages.notes import has_notes
from gradstep.tui.words import debugger as words

ORDER = (
    places.PROGRAM,
    places.NET,
    places.STEP,
    places.TABLES,
    places.CURVE,
    places.CHAIN,
    places.WHY,
    places.FIGURES,
    places.NOTES,
    places.DRAWER,
)
TITLES = {
    places.PROGRAM: words.PROGRAM,
    places.NET: words.NET,
    places.TABLES: words.TABLES,
    places.CURVE: words.LOSS,
    places.NOTES: words.NOTES,
}


def present(bench: Workbench) -> list[str]:
    """The panels that there is something in. One iteration makes no curve, nor does an output of several numbers."""
    moment, program = bench.moment, bench.moment.program
    absent = {
        places.CURVE: moment.iterations == 1 or program.symbols[program.loss].shape != (),
        places.NOTES: not has_notes(moment, bench.timeline.stops),
    }
    return [name for name in TITLES if not absent.get(name)]


def curve_begins(bench: Workbench) -> bool:
    """Whether there are two values of the loss, so that there is a curve of it."""
    known, losses = bench.moment.known, bench.moment.losses
    return (len(losses) if known is None else int(known.sum())) > 1


def lower(bench: Workbench) -> str:
    """The panel that is seen below the step where there is room for one."""
    there = present(bench)
    return bench.lower if bench.lower in there else places.TABLES


def next_lower(bench: Workbench) -> None:
    """Show another one there; what covers that place is closed."""
    bench.drawer, bench.picture, bench.told, bench.full = None, "", None, False
    order = [name for name in places.LOWER if name in present(bench)]
    bench.lower = order[(order.index(lower(bench)) + 1) % len(order)]
    bench.focus = bench.lower
    bench.show()
    bench.say(words.NOW_BELOW.format(panel=TITLES[bench.lower]))


def not_small(bench: Workbench) -> str | None:
    """The reason why another panel need not be shown in the place of one: all of them are in view."""
    return None if bench.window.small else words.ALL_IN_VIEW


def focus_next(bench: Workbench, by: int = 1) -> None:
    """The next panel gets the focus."""
    order = [name for name in ORDER if name in bench.window.seen]
    if order:
        bench.focus = order[(order.index(bench.focus) + by) % len(order)] if bench.focus in order else order[0]
        bench.show()


def focus_on(bench: Workbench, number: int) -> None:
    """The panel with this number, counted from 1 in the order of reading; below the step in a small terminal."""
    order = [name for name in ORDER if name in bench.window.seen]
    if number <= len(order):
        bench.focus = order[number - 1]
        bench.show()
    else:
        bench.say(words.NO_SUCH_PANEL.format(number=number, count=len(order)))


def keys_to(bench: Workbench, name: str, areas: Collection[str]) -> str:
    """The keys that give a panel all the room: its number, where it has not the focus, and z."""
    order = [each for each in ORDER if each in areas]
    return "z" if bench.focus == name or name not in order else f"{order.index(name) + 1} z"


def toggle_full(bench: Workbench) -> None:
    """The panel with the focus takes all the room, or its own again."""
    bench.full = not bench.full
    bench.show()


def move(bench: Workbench, by: int) -> None:
    """Down or up in the panel with the focus: in a drawer, or step by step in the program."""
    if bench.drawer is not None and (bench.focus == places.DRAWER or by not in (1, -1)):
        bench.drawer.move(by)
        bench.show()
    else:
        select_by(bench, by)


def nothing(bench: Workbench) -> None:
    """What a key does that only drawers have a use for."""


def no_drawer(bench: Workbench) -> str | None:
    """The reason why such a key does nothing."""
    return words.NO_DRAWER


def beside(bench: Workbench) -> Beside | None:
    """The values of the branch that is compared with."""
    other = bench.view.other
    if other is None or bench.window.busy:
        return None
    branches = bench.timeline.branches
    both = (branches[other], bench.timeline.branch)
    edited = {change.symbol for branch in both for change in branch.changes}
    return Beside(other, bench.timeline.values_in(other), edited)
