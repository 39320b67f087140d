"""The health of a run: a badge for the header; what is wrong, as a table, and what is not."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from gradstep.engine.health import symptoms as kinds
from gradstep.tui.text.columns import Row
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.folding import folded_pieces
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line, Page
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

FINE: Mapping[str, str] = {
    kinds.NOT_FINITE: words.FINITE,
    kinds.EXPLODING: words.NONE_EXPLODES,
    kinds.VANISHING: words.NONE_VANISHES,
    kinds.DEAD: words.NONE_DEAD,
    **dict.fromkeys(kinds.SATURATED.values(), words.NONE_SATURATED),
    kinds.IDENTICAL: words.NONE_IDENTICAL,
    kinds.PLATEAU: words.NO_PLATEAU,
}
HEADS = (words.WHAT, words.WHERE, words.SINCE_ITERATION, words.HOW_BAD)
FOLDING = (1, 2, 3)  # the columns of words


def badge(findings: Sequence[Finding], notation: Notation) -> Pieces:
    """That all is well, or the gravest of what shows at the cursor, with the iteration it began in."""
    alarms = [finding for finding in findings if finding.alarm and finding.now]
    if not alarms:
        return ((words.OK, "quiet"),)
    first = alarms[0]
    began = f"{_began(first):,}" if first.exact else words.OR_EARLIER.format(iteration=_began(first))
    kind, since = KINDS.get(first.kind, first.kind), words.SINCE.format(iteration=began)
    more = words.AND_MORE.format(count=len(alarms) - 1) if len(alarms) > 1 else ""
    return ((notation.sign(f"{words.SIGN} {kind}"), "bold fails"), (f" {since}{more}", "fails"))


def _began(finding: Finding) -> int:
    """The iteration from which on it is a symptom: of units, when there were enough of them."""
    enough = math.ceil(kinds.SHARE * finding.symptom.of)
    if finding.kind not in (kinds.DEAD, *kinds.SATURATED.values()) or len(finding.since) < enough:
        return finding.first
    return sorted(iteration for _, iteration in finding.since)[enough - 1]


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────


def health_rows(findings: Sequence[Finding], notation: Notation) -> list[Row]:
    """A row each: what, where, since when, how bad; below it which units since when, and what it is called so for."""
    return [_row(finding, notation) for finding in findings]


def in_short(finding: Finding, notation: Notation) -> str:
    """A finding in a line."""
    kind = KINDS.get(finding.kind, finding.kind)
    text = words.IN_SHORT.format(
        kind=kind, where=_where(finding, notation), since=_since(finding), bad=how_bad(finding)
    )
    return notation.sign(text)


def fine(findings: Sequence[Finding], there: Collection[str], notation: Notation, width: int) -> Page:
    """What is not wrong, in a sentence. there: the kinds of symptoms that this run could show."""
    found = {finding.kind for finding in findings}
    kinds = [kind for kind in FINE if kind not in found and kind in there]
    text = ", ".join(dict.fromkeys(FINE[kind] for kind in kinds))
    if not text:
        return ()
    said = folded_pieces(
        [(f"{words.FINE}  ", "holds"), (notation.sign(text), "text")], width, indent=len(words.FINE) + 2
    )
    return (Line(), *said) if findings else tuple(said)


def _row(finding: Finding, notation: Notation) -> Row:
    style = "quiet" if not finding.alarm or not finding.now else "fails"
    text = "text" if finding.now else "quiet"
    cells = (
        ((KINDS.get(finding.kind, finding.kind), f"bold {style}"),),
        ((_where(finding, notation), text),),
        ((_since(finding), style),),
        ((notation.sign(how_bad(finding)), text),),
    )
    parts = (_units(finding), _made_so(finding), meaning(finding, notation))
    below = " ".join(part for part in parts if part)
    return Row(cells, ((notation.sign(below), "quiet"),))


def _where(finding: Finding, notation: Notation) -> str:
    name = notation.symbol(finding.symbol)
    return words.IN_LAYER.format(symbol=name, layer=finding.layer) if finding.layer else name


def _since(finding: Finding) -> str:
    text = f"{finding.first:,}" if finding.exact else words.OR_EARLIER.format(iteration=finding.first)
    return text if finding.now else words.OVER.format(since=text)


def how_bad(finding: Finding) -> str:
    """Its numbers."""
    symptom, detail = finding.symptom, finding.symptom.detail
    match finding.kind:
        case kinds.NOT_FINITE:
            nans, infinite = int(detail["NaN"]), int(detail["infinite"])
            return words.NOT_FINITE_OF.format(nans=nans, infinite=infinite, count=symptom.of)
        case kinds.EXPLODING if "growth" in detail:
            return words.GROWN.format(norm=detail["gradient"], growth=detail["growth"])
        case kinds.EXPLODING:
            return words.TIMES_THE_WEIGHTS.format(norm=detail["gradient"], ratio=detail["gradient"] / detail["weights"])
        case kinds.VANISHING:
            return words.OF_THE_LAST.format(share=detail["delta"] / detail["last"])
        case kinds.PLATEAU:
            return words.MEAN_LOSS.format(mean=detail["mean"], share=detail["mean"] / detail["scale"])
    return words.UNITS(symptom.of, part=symptom.count)


def _units(finding: Finding) -> str:
    """The units by the iteration that each is so from; where that is the same of all and all are so, nothing."""
    by_iteration: dict[int, list[int]] = {}
    for unit, first in finding.since:
        by_iteration.setdefault(first, []).append(unit)
    if len(by_iteration) < 2 and finding.symptom.count == finding.symptom.of:
        return ""
    if len(by_iteration) < 2:
        return words.ONLY_UNITS(len(finding.units), units=kinds.unit_list(finding.units)) if finding.units else ""
    parts = (
        words.UNITS_SINCE(len(units), units=kinds.unit_list(tuple(units)), iteration=first)
        for first, units in sorted(by_iteration.items())
    )
    return f"{'; '.join(parts)}."


def _made_so(finding: Finding) -> str:
    """What made units dead: the values that they started from, or an update. Nothing where that is not known of all."""
    if finding.kind != kinds.DEAD or not finding.by_the_run or len({first for _, first in finding.since}) > 1:
        return ""
    return words.BORN_SO if finding.first == 1 else words.MADE_SO.format(iteration=finding.first - 1)


def meaning(finding: Finding, notation: Notation) -> str:
    """What it is called so for."""
    symptom, detail = finding.symptom, finding.symptom.detail
    name = notation.symbol(finding.symbol)
    match finding.kind:
        case kinds.NOT_FINITE:
            return words.BY[int(detail["by"])]
        case kinds.EXPLODING:
            if "growth" in detail:
                return words.ABOVE_BEFORE.format(above=kinds.GROWN_ABOVE)
            return words.ABOVE_WEIGHTS.format(above=kinds.EXPLODING_ABOVE)
        case kinds.VANISHING:
            delta, last = (notation.symbol(name) for name, _ in symptom.named[1:])
            return words.BELOW_LAST.format(delta=delta, last=last, below=kinds.VANISHING_BELOW)
        case kinds.DEAD:
            return words.CLOSED.format(symbol=name, where=kinds.in_which_rows(detail), share=kinds.SHARE)
        case kinds.IDENTICAL:
            return words.LEARN_THE_SAME
        case kinds.PLATEAU:
            if detail["constant"]:
                return words.OF_CONSTANT.format(above=detail["above"])
            return words.OF_FIRST.format(above=detail["above"])
    return words.FLAT.format(below=kinds.SATURATED_BELOW, where=kinds.in_which_rows(detail), share=kinds.SHARE)
