"""The panels beside the program: which there are, and which is seen where there is room for one."""

from __future__ import annotations

from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages.notes import has_notes
from gradstep.tui.words import debugger as words

NOW, VALUES, CURVE, NOTES = "now", "values", "curve", "notes"  # as the style sheet calls them
TITLES = {NOW: words.STEP, VALUES: words.VALUES, CURVE: words.LOSS, NOTES: words.NOTES}


def present(bench: Workbench) -> list[str]:
    """The panels that there is something in. One iteration makes no curve, nor does an output of several numbers."""
    moment, program = bench.moment, bench.moment.program
    absent = {
        CURVE: moment.iterations == 1 or program.symbols[program.loss].shape != (),
        NOTES: not has_notes(moment, bench.timeline.stops),
    }
    return [name for name in TITLES if not absent.get(name)]


def seen(bench: Workbench) -> str:
    """The panel that is seen where there is room for one."""
    names = present(bench)
    return bench.panel if bench.panel in names else names[0]


def following(bench: Workbench) -> str:
    """The panel behind the one that is seen."""
    names = present(bench)
    return names[(names.index(seen(bench)) + 1) % len(names)]


def leads_to(bench: Workbench, panel: str) -> str:
    """The text in the frame of the one panel that is seen: which comes next."""
    if not bench.window.small or panel != seen(bench):
        return ""
    return words.NEXT_PANEL.format(panel=TITLES[following(bench)])


def next_panel(bench: Workbench) -> None:
    """Show the panel behind the one that is seen."""
    bench.turn_to(following(bench))
