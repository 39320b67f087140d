"""The health of a run: a badge for the header, and what is wrong as entries of a list."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gradstep.engine.health import symptoms as kinds
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import health as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.health import Finding  # loaded once something has run

KINDS: Mapping[str, str] = {
    kinds.NOT_FINITE: words.NOT_FINITE,
    kinds.EXPLODING: words.EXPLODING,
    kinds.VANISHING: words.VANISHING,
    kinds.DEAD: words.DEAD,
    **dict.fromkeys(kinds.SATURATED.values(), words.SATURATED),
    kinds.IDENTICAL: words.IDENTICAL,
    kinds.PLATEAU: words.PLATEAU,
}


def badge(findings: Sequence[Finding], notation: Notation) -> Pieces:
    """That all is well, or the gravest of what shows at the cursor, with the iteration it began in."""
    alarms = [finding for finding in findings if finding.alarm and finding.now]
    if not alarms:
        return ((words.OK, "quiet"),)
    first = alarms[0]
    kind, since = KINDS.get(first.kind, first.kind), words.SINCE.format(iteration=_began(first))
    more = words.AND_MORE.format(count=len(alarms) - 1) if len(alarms) > 1 else ""
    return ((notation.sign(f"{words.SIGN} {kind}"), "bold fails"), (f" {since}{more}", "fails"))


def _began(finding: Finding) -> int:
    """The iteration from which on it is a symptom: of units, when there were enough of them."""
    enough = math.ceil(kinds.SHARE * finding.symptom.of)
    if finding.kind not in (kinds.DEAD, *kinds.SATURATED.values()) or len(finding.since) < enough:
        return finding.first
    return sorted(iteration for _, iteration in finding.since)[enough - 1]


def health_entries(findings: Sequence[Finding], notation: Notation) -> list[Pieces]:
    """Each finding: its kind, since when, what it says; and each unit of those that began at different iterations."""
    return [_entry(finding, notation) for finding in findings]


def _entry(finding: Finding, notation: Notation) -> Pieces:
    style = "quiet" if not finding.alarm or not finding.now else "fails"
    since = words.SINCE.format(iteration=finding.first)
    if not finding.exact:
        since = words.AT_LEAST_SINCE.format(iteration=finding.first)
    text = finding.text(notation.symbol)
    over = "" if finding.now else f" {words.OVER}"
    kind = KINDS.get(finding.kind, finding.kind)
    pieces = [(kind, f"bold {style}"), (f"  {since}{over}", style)]
    pieces.append((f"  {notation.sign(text)}", "text" if finding.now else "quiet"))
    if len({iteration for _, iteration in finding.since}) > 1:
        units = ", ".join(words.UNIT_SINCE.format(unit=unit, iteration=first) for unit, first in finding.since)
        pieces.append((f"  {units}", "quiet"))
    return tuple(pieces)
