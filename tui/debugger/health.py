"""The health of the run: what the badge says, and the drawer behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.stepping import travel
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages.arrangement import LITTLE
from gradstep.tui.pages.health import FOLDING, HEADS, badge, fine, health_rows, in_short
from gradstep.tui.text.columns import Row
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.page import Page
from gradstep.tui.words import health as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.health import Finding  # loaded once something has run

LINES = 9  # of the drawer: heads, a symptom with what it says, what is not wrong; the tables keep the rest


def findings(bench: Workbench) -> Sequence[Finding]:
    """What is wrong at the cursor and before it; nothing at the start. While work is under way, what was found last."""
    if bench.moment.position.step == 0:
        bench.findings = ()
    elif not bench.window.busy:
        from gradstep.engine.analysis.health import health_of  # noqa: PLC0415 - not before the first frame

        bench.findings = health_of(bench.timeline)
    return bench.findings


def health_badge(bench: Workbench) -> Pieces:
    """What the header says of it."""
    return badge(findings(bench), bench.view.notation)


def nothing_ran(bench: Workbench) -> str | None:
    """The reason why there is nothing to say."""
    return None if bench.moment.position.step else words.NOTHING_YET


def show_health(bench: Workbench) -> None:
    """All symptoms in a drawer; Enter goes to where one began."""

    def entries() -> Sequence[Row]:
        return health_rows(findings(bench), bench.view.notation)

    def after(width: int) -> Page:
        from gradstep.engine.analysis.health import examiner_of  # noqa: PLC0415 - not before the first frame

        there = examiner_of(bench.timeline.branch.machine).kinds
        return fine(findings(bench), there, bench.view.notation, width)

    def go(place: int) -> str | None:
        if not findings(bench):
            return None
        finding = findings(bench)[place]
        course = bench.timeline.course
        step = bench.moment.program.writers.get(finding.symbol, 0) + 1
        travel(bench, course.at(finding.first, min(step, course.length(finding.first))))
        here = [each for each in findings(bench) if (each.kind, each.symbol) == (finding.kind, finding.symbol)]
        return in_short(here[0], bench.view.notation) if here and not bench.window.busy else None

    bench.open(
        Drawer(
            "health",
            lambda: words.TITLE,
            entries=entries,
            heads=HEADS,
            folding=FOLDING,
            after=after,
            acts={"open": go},
            about=words.KEYS,
            lines=LINES,
            share=LITTLE,
        )
    )
