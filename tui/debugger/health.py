"""The health of the run: what the badge says, and the drawer behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradstep.tui.debugger.drawer import Drawer, Entry
from gradstep.tui.debugger.stepping import travel
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages.health import badge, health_entries
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.words import health as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.health import Finding  # loaded once something has run


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

    def entries() -> Sequence[Entry]:
        return health_entries(findings(bench), bench.view.notation)

    def go(place: int) -> str | None:
        finding = findings(bench)[place]
        course = bench.timeline.course
        step = bench.moment.program.writers.get(finding.symbol, 0) + 1
        travel(bench, course.at(finding.first, min(step, course.length(finding.first))))
        here = [each for each in findings(bench) if (each.kind, each.symbol) == (finding.kind, finding.symbol)]
        return here[0].text(bench.view.notation.symbol) if here and not bench.window.busy else None

    empty = bench.view.notation.sign(words.ALL_IS_WELL)
    bench.open(Drawer("health", lambda: words.TITLE, entries=entries, acts={"open": go}, about=words.KEYS, empty=empty))
