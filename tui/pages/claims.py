"""What the lines of somebody's own backward pass are, in words: a note at the step, a mark in the program, a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from gradstep.engine.machine.provenance import Values
from gradstep.engine.program.claims import RIGHT, Claim, Verdict, claims, first_wrong, origin
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Program
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.text.folding import folded_pieces
from gradstep.tui.text.glyphs import DIFFERS, DONE
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.text.page import Line, text_line
from gradstep.tui.words import claims as words

Claims = Mapping[str, Claim]


@lru_cache(2)  # of the moment that is shown
def claims_of(moment: Moment) -> Claims:
    """Of each own line that has run, what it is."""
    return {each.symbol: each for each in claims(moment.program, moment.values)}


def mark(claim: Claim, notation: Notation) -> tuple[str, str]:
    """The sign of a line and its colour."""
    if claim.verdict in RIGHT:
        right = claim.verdict is Verdict.AGREES
        return (DONE.drawn(ascii=notation.ascii), "holds") if right else (" ", "quiet")
    return DIFFERS.drawn(ascii=notation.ascii), "fails"


def claim_text(program: Program, found: Claims, symbol: str, notation: Notation) -> str:
    """What a line is, and where what is wrong with it begins."""
    claim = found[symbol]
    text = _text(program, claim, notation)
    begins = origin(program, found, symbol)
    if claim.verdict in RIGHT or not begins:
        return text
    return words.READS.format(text=text, others=", ".join(map(notation.symbol, begins)))


def _text(program: Program, claim: Claim, notation: Notation) -> str:
    if claim.verdict is Verdict.OTHER:
        return words.NONE.format(goal=notation.symbol(program.loss))
    gradient = notation.gradient(claim.of)
    match claim.verdict:
        case Verdict.AGREES:
            return words.EQUALS.format(gradient=gradient)
        case Verdict.UNUSED:
            return words.UNUSED.format(gradient=gradient, name=f"d{claim.of}")
        case Verdict.MULTIPLE:
            return words.MULTIPLE.format(gradient=gradient, ratio=plain_number(claim.ratio, 9))
        case Verdict.TRANSPOSED:
            return words.TRANSPOSED.format(gradient=gradient)
    if len(claim.index) != len(program.symbols[claim.symbol].shape):
        return words.OTHER_SHAPE.format(gradient=gradient)
    element = notation.element(Element(claim.symbol, claim.index))
    found, true = plain_number(claim.found, 9), plain_number(claim.true, 9)
    return words.DIFFERS.format(gradient=gradient, element=element, found=found, true=true)


def claim_lines(program: Program, values: Values, notation: Notation, width: int) -> Iterator[Line]:
    """All own lines with what they are, and the first that is wrong. Nothing where there is none."""
    found: Claims = {each.symbol: each for each in claims(program, values)}
    if not found:
        return
    yield text_line(words.LINES, "bold text")
    wide = max(len(notation.symbol(symbol)) for symbol in found)
    for symbol, claim in found.items():
        sign, key = mark(claim, notation)
        text = notation.sign(claim_text(program, found, symbol, notation))
        head = f"{notation.symbol(symbol):{wide}}  "
        yield from folded_pieces([(f"{sign} ", key), (head, "bold text"), (text, "text")], width, indent=wide + 4)
    wrong = first_wrong(program, found)
    said = words.ALL_RIGHT if wrong is None else words.FIRST_WRONG.format(symbol=notation.symbol(wrong))
    yield text_line(said, "text")
