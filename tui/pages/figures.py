"""The figures that a source prints, beside the computed numbers: under a step, in a list, and counted in a badge.

✓ is a figure that holds, ≠ one that differs with a reason, ✗ one that does so without. Behind ≠ and ✗ stands what was
computed; so it does behind ≈, which holds, too, but rounds to another last digit than the source's, as the scenario
allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from gradstep.engine.arrays import Index
from gradstep.engine.scenario.expectations import agrees_to_its_digits
from gradstep.engine.scenario.figures import Figure
from gradstep.engine.timeline.figures import Compared, Figures, Outcome, Tally
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.text.folding import clipped, folded, folded_pieces
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line
from gradstep.tui.text.printed import as_computed, as_printed, element_name, figure_name, in_order
from gradstep.tui.words import figures as words

HOLDS, DIFFERS, FAILS, NEARLY = "✓", "≠", "✗", "≈"
STYLES = {HOLDS: "holds", NEARLY: "holds", DIFFERS: "loss", FAILS: "fails"}
SIGNS = {Outcome.HOLDS: HOLDS, Outcome.DIFFERS: DIFFERS, Outcome.FAILS: FAILS}
WRITTEN_OUT = 4  # elements of a figure that stand one by one where it has a line; of more it is said how many differ
MOST = 6  # lines under a step
REMARKS = (3, 2), (2, 1), (1, 0), (0, 0)  # lines of the reason why a figure differs, of a note; what is tried
NO_TALLY = Tally(0, 0, 0, 0, 0, 0)
APART = "   "  # between two figures of a line

Pieces = tuple[Piece, ...]


# ── one figure ───────────────────────────────────────────────────────────────────────────────────────────────


def elements(compared: Compared, notation: Notation) -> Iterator[Pieces]:
    """Each number that the source prints, its name and its verdict; what it leaves out is left out."""
    for index, printed, value, matches in given(compared, notation):
        name = element_name(compared.figure, index, notation)
        yield _marked(_value(name, printed, notation), printed, value, matches, compared, notation)


def _value(name: str, printed: Any, notation: Notation) -> str:
    if isinstance(printed, bool):
        return notation.sign(words.TRUTH.format(name=name, printed=as_printed(printed)))
    return notation.sign(words.VALUE.format(name=name, printed=as_printed(printed)))


def _marked(
    text: str, printed: Any, value: Any, matches: bool, compared: Compared, notation: Notation
) -> tuple[Piece, ...]:
    """The printed value and its sign, and where the computed one is another, that one."""
    computed = as_computed(value, printed, agrees=matches)
    if compared.outcome is Outcome.OF_FORK:
        return ((f"{text} ", "text"), (notation.sign(words.OF_FORK.format(computed=computed)), "quiet"))
    sign = verdict_sign(compared, printed, value, matches)
    behind = words.DOES_NOT_DIFFER if sign == FAILS and matches else "" if sign == HOLDS else computed
    pieces = ((f"{text} ", "text"), (notation.sign(sign), STYLES[sign]))
    if not behind:
        return pieces
    style = "quiet" if sign == NEARLY else STYLES[sign]
    return (*pieces, (f" {notation.sign(behind)}", style))


def verdict_sign(compared: Compared, printed: Any, value: Any, matches: bool) -> str:
    """The sign of one number; "" in a fork whose edit bears on it."""
    if compared.outcome is Outcome.OF_FORK:
        return ""
    if compared.figure.reason and matches and not compared.verdict.passed:
        return FAILS
    if not matches:
        return DIFFERS if compared.outcome is Outcome.DIFFERS else FAILS
    exact = not isinstance(printed, str) or agrees_to_its_digits(printed, value)
    return HOLDS if exact else NEARLY


def is_exact(compared: Compared) -> bool:
    """Whether every number that matches rounds to what is printed."""
    found = ((printed, value) for _, printed, value, matches in compared.verdict.elements() if matches)
    return all(not isinstance(printed, str) or agrees_to_its_digits(printed, value) for printed, value in found)


def remark(compared: Compared, notation: Notation) -> str:
    """The words that belong to a figure: why the source is wrong, why a last digit is off, where else it comes from."""
    expectation = compared.figure.expectation
    if compared.outcome is Outcome.OF_FORK:
        return ""
    told = expectation.disagrees
    if not told and not (expectation.from_source and is_exact(compared)):
        told = expectation.note
    if expectation.instead is not None and not compared.verdict.passed and not compared.verdict.printed_holds:
        told = words.NOT_INSTEAD.format(reason=told, instead=as_printed(expectation.instead))
    return notation.sign(" ".join(told.split()))


def figure_pieces(figure: Figure, figures: Figures, notation: Notation) -> Pieces:
    """A figure within a line: number by number where these are few, otherwise how many there are, or differ."""
    compared = figures.compared.get(figure.number)
    if compared is None:
        return (*_printed(figure, notation), (f"  {words.NOT_YET}", "quiet"))
    found = list(elements(compared, notation))
    if len(found) <= WRITTEN_OUT:
        return _side_by_side(found)
    differ = [pieces for pieces, each in zip(found, given(compared, notation), strict=True) if not each[3]]
    name = figure_name(figure, notation)
    text = words.NUMBERS(len(found), name=name)
    if compared.outcome is Outcome.OF_FORK:
        return ((f"{text} ", "text"), *found[0])
    sign = SIGNS[compared.outcome]
    head: Pieces = ((f"{text} ", "text"), (notation.sign(sign), STYLES[sign]))
    if not differ:
        return head if compared.verdict.passed else (*head, (f" {words.DOES_NOT_DIFFER}", STYLES[sign]))
    said = f" {words.SOME_DIFFER(len(differ))}{APART}"
    return (*head, (said, STYLES[sign]), *differ[0])


def given(compared: Compared, notation: Notation) -> list[tuple[Index, Any, Any, bool]]:
    """The elements that the source prints, in the order of their labels."""
    found = [each for each in compared.verdict.elements() if each[1] != ""]
    return [found[place] for place in in_order(compared.figure, [index for index, *_ in found], notation)]


def _side_by_side(found: Sequence[Pieces]) -> Pieces:
    pieces: list[Piece] = []
    for each in found:
        pieces += [(APART, "space"), *each] if pieces else each
    return tuple(pieces)


def _printed(figure: Figure, notation: Notation) -> Pieces:
    """What the source prints, without a verdict."""
    found = printed_numbers(figure, notation)
    if len(found) > WRITTEN_OUT:
        return ((words.NUMBERS(len(found), name=figure_name(figure, notation)), "text"),)
    texts = [_value(element_name(figure, index, notation), leaf, notation) for index, leaf in found]
    return ((APART.join(texts), "text"),)


def printed_numbers(figure: Figure, notation: Notation) -> list[tuple[Index, Any]]:
    """The numbers that the source prints, with their indices, in the order of their labels."""
    found = [(index, leaf) for index, leaf in _leaves(figure.expectation.printed, ()) if leaf != ""]
    return [found[place] for place in in_order(figure, [index for index, _ in found], notation)]


def _leaves(printed: Any, index: Index) -> Iterator[tuple[Index, Any]]:
    if not isinstance(printed, list):
        yield index, printed
        return
    for place, each in enumerate(printed):
        yield from _leaves(each, (*index, place))


# ── under the step ───────────────────────────────────────────────────────────────────────────────────────────


def figure_lines(moment: Moment, notation: Notation, width: int, most: int = MOST) -> tuple[Line, ...]:
    """The figures of the step that has just run, in at most so many lines; the rest is counted in the last.

    Where there are few lines what belongs to a figure has fewer of them or none, and the key that shows it is named.
    """
    here = [figure for figure in moment.figures.at(moment.position) if figure.number in moment.figures.compared]
    found = [moment.figures.compared[figure.number] for figure in here]
    for remarks in REMARKS:
        lines = _laid(found, notation, width, remarks)
        if len(lines) <= most:
            break
    return _no_more_than(most, lines, len(here), notation, width)


def _laid(
    found: Sequence[Compared], notation: Notation, width: int, remarks: tuple[int, int]
) -> list[tuple[Line, int]]:
    """The lines of figures, each with how many figures end in it or before. remarks: lines of a reason, of a note.

    Without any, neither is told what was computed where a figure holds.
    """
    lines: list[tuple[Line, int]] = []
    done, hidden = 0, ""
    for from_source in (True, False):
        label = f"{words.SOURCE if from_source else words.EXPECTED}  "
        said: list[Piece] = [(label, "quiet")]
        for compared in (each for each in found if each.figure.expectation.from_source is from_source):
            for whole in _entries(compared, notation):
                pieces = whole if any(remarks) or whole[1][0] != notation.sign(NEARLY) else whole[:2]
                if len(said) > 1 and Line((*said, (APART, "space"), *pieces)).width > width:
                    lines += [(line, done) for line in folded_pieces(said, width, len(label))]
                    said = [(" " * len(label), "space")]
                said += [(APART, "space"), *pieces] if len(said) > 1 else pieces
            done += 1
            told, reason = remark(compared, notation), bool(compared.figure.expectation.disagrees)
            most = remarks[0 if reason else 1]
            if told and not most:
                hidden = words.THE_REASON if reason else hidden or words.THE_NOTE
            elif told:
                lines += [(line, done) for line in folded_pieces(said, width, len(label))]
                key = words.THE_REASON if reason else words.THE_NOTE
                lines += [(line, done) for line in _remark_lines(told, key, notation, width, len(label), most)]
                said = [(" " * len(label), "space")]
        if len(said) > 1:
            lines += [(line, done) for line in folded_pieces(said, width, len(label))]
    if hidden and lines[-1][0].width + len(APART) + cell_len(hidden) <= width:
        lines[-1] = Line((*lines[-1][0].pieces, (APART, "space"), (hidden, "quiet"))), done
    return lines


def _remark_lines(told: str, key: str, notation: Notation, width: int, indent: int, most: int) -> list[Line]:
    """What belongs to a figure below it, in so many lines; of what does not fit it is said which key shows it."""
    lines = folded(" " * indent + told, width, "quiet", indent)
    if len(lines) <= most:
        return lines
    mark = f" {notation.sign('…')}  {key}"
    text = "".join(piece for piece, _ in lines[most - 1].pieces)
    if width < indent + cell_len(mark):
        return lines[:most]
    while text and cell_len(text) + cell_len(mark) > width:
        text = text.rpartition(" ")[0] if text.strip().count(" ") else text[:-1]
    return [*lines[: most - 1], Line(((f"{text.rstrip()}{mark}", "quiet"),))]


def _entries(compared: Compared, notation: Notation) -> list[Pieces]:
    """A figure's numbers one by one, or all in one where they are many."""
    found = list(elements(compared, notation))
    if len(found) <= WRITTEN_OUT:
        return found
    return [figure_pieces(compared.figure, Figures((), {compared.figure.number: compared}), notation)]


def _no_more_than(
    most: int, lines: Sequence[tuple[Line, int]], total: int, notation: Notation, width: int
) -> tuple[Line, ...]:
    """The first lines, and in the last of them what is left out."""
    if len(lines) <= most:
        return tuple(line for line, _ in lines)
    if lines[:most]:
        (last, done), more = lines[most - 1], words.MORE
        left = [(APART, "space"), (notation.sign(f"… {more(total - done)}"), "quiet")] if total > done else []
        if left and (line := Line((*last.pieces, *left))).width <= width:
            return (*(line for line, _ in lines[: most - 1]), line)
    kept = lines[: max(0, most - 1)]
    left = total - (kept[-1][1] if kept else 0)
    said = f"… {words.MORE(left)}" if left else "…"
    return (*(line for line, _ in kept), clipped([(notation.sign(said), "quiet")], width))


# ── the badge, the message ───────────────────────────────────────────────────────────────────────────────────


def badge(tally: Tally, notation: Notation, *, expected: Tally = NO_TALLY, long: bool = True) -> Pieces:
    """How many figures the source prints, and how many of them hold, differ and fail so far; where the source has none,
    of what else is expected. Nothing where there are none at all.

    Its width changes only when one differs, fails or is of a fork for the first time. The total stands first: behind a
    word a count is read as the number of a figure.
    """
    name = words.BADGE(tally.total)
    if not tally.total:
        tally, expected = expected, tally
        name = words.BADGE_EXPECTED.format(count=tally.total)
    if not tally.total:
        return ()
    cells = len(f"{tally.total:,}")
    counted = [(tally.holds, HOLDS, True), (tally.differs, DIFFERS, tally.differs), (tally.fails, FAILS, tally.fails)]
    pieces: list[Piece] = []
    for count, sign, is_shown in counted:
        if is_shown:
            between = "  " if pieces else ""
            pieces.append((notation.sign(f"{between}{count:>{cells},} {sign}"), STYLES[sign]))
    if not long:
        pieces.append((f" {words.BADGE_OF.format(total=tally.total)}", "quiet"))
    if expected.fails:
        pieces.append((notation.sign(f"  {words.EXPECTED} {expected.fails:,} {FAILS}"), STYLES[FAILS]))
    return (*(((f"{name} ", "quiet"),) if long else ()), *pieces)


def called(figure: Figure, figures: Figures) -> str:
    """figure 3 of 20; what the source does not print, and the scenario claims, is called so."""
    place, count = figures.place(figure), len(figures.of_source)
    if figure.expectation.from_source:
        return words.FIGURE_OF.format(number=place, total=count)
    return words.EXPECTED_OF.format(number=place, total=len(figures.all) - count)


def told(figure: Figure, figures: Figures, notation: Notation) -> str:
    """A figure in words, with what belongs to it: for a message."""
    text = "".join(piece for piece, _ in figure_pieces(figure, figures, notation))
    compared = figures.compared.get(figure.number)
    if compared is None or not (more := remark(compared, notation)):
        return text
    return words.WITH_REMARK.format(figure=text, remark=more)
