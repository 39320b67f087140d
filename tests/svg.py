"""Drawings as an SVG picture, or several as one that moves: nothing in it is fetched, and no script runs.

What several frames of a moving picture have in common is written once, and shown while one of them is. Where a reader
wants no motion, or a program knows no animation, one of the frames stands still.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from gradstep.tui.text.drawing import Drawing
from gradstep.tui.text.palette import Palette
from tests.ink import CELL, LINE, Box, Ink, Letters, Shape, inked, number

EDGE, ROUND = 10.0, 8.0  # around the drawing, and of its corners
FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"
SIZE = CELL / 0.6  # of a font whose characters are 0.6 of it wide
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # the other classes have small ones

Frames = tuple[int, ...]


def svg(drawings: Sequence[Drawing], palette: Palette, *, seconds: float = 0.9, still: int = 0) -> str:
    """A picture of one drawing, or of several of the same size in turn, each for so long. still: which one stands
    where nothing moves.
    """
    shown: dict[Ink, list[int]] = {}
    for frame, drawing in enumerate(drawings):
        for ink in dict.fromkeys(inked(drawing, palette)):
            shown.setdefault(ink, []).append(frame)
    parts: dict[Frames, list[Ink]] = {}
    for ink, when in shown.items():
        parts.setdefault(tuple(when), []).append(ink)
    names = {when: _name(place) for place, when in enumerate(parts)}
    looks = _looks(shown)
    width, height = drawings[0].width * CELL + 2 * EDGE, drawings[0].height * LINE + 2 * EDGE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width)}" height="{number(height)}" '
        f'viewBox="{number(-EDGE)} {number(-EDGE)} {number(width)} {number(height)}" xml:space="preserve">',
        f"<style>{''.join(_rules(looks, names, len(drawings), seconds, still))}</style>",
        f'<rect x="{number(0.5 - EDGE)}" y="{number(0.5 - EDGE)}" width="{number(width - 1)}" '
        f'height="{number(height - 1)}" rx="{number(ROUND)}" fill="{palette.colour("panel").hex}" '
        f'stroke="{palette.colour("frame").hex}"/>',
    ]
    for ground in (True, False):
        for when, inks in parts.items():
            inside = [*_written([ink for ink in inks if _is_ground(ink) == ground], looks)]
            if inside:
                moves = f' class="m {names[when]}"' if len(when) < len(drawings) else ""
                lines += [f"<g{moves}>", *inside, "</g>"]
    return "\n".join([*lines, "</svg>", ""])


def _is_ground(ink: Ink) -> bool:
    return isinstance(ink, Box) and ink.ground


def _name(place: int) -> str:
    """A short name that no other place has."""
    return f"k{place}"


def _looks(inks: Iterable[Ink]) -> dict[str, str]:
    """Colours and looks of text → the names of their classes."""
    colours = dict.fromkeys(ink.colour for ink in inks)
    return {
        colour: LETTERS[place % 26] + (str(place // 26) if place > 25 else "") for place, colour in enumerate(colours)
    }


def _rules(looks: dict[str, str], names: dict[Frames, str], count: int, seconds: float, still: int) -> Iterator[str]:
    """How it looks, and when each part is seen."""
    yield f"text{{font:{number(SIZE)}px {FONTS};white-space:pre}}.bold{{font-weight:bold}}"
    yield ".underline{text-decoration:underline}.s{fill:none;stroke-width:1}path{shape-rendering:crispEdges}"
    yield ".r{shape-rendering:auto}"
    for colour, name in looks.items():
        yield f".{name}{{fill:{colour}}}.s.{name}{{fill:none;stroke:{colour}}}"
    moving = {when: name for when, name in names.items() if len(when) < count}
    if not moving:
        return
    hidden = [f".{name}" for when, name in moving.items() if still not in when]
    yield f"{','.join(hidden)}{{visibility:hidden}}"
    yield f"@media not (prefers-reduced-motion:reduce){{.m{{animation:{number(count * seconds)}s step-end infinite}}"
    yield "".join(f".{name}{{animation-name:{name}}}" for name in moving.values()) + "}"
    for when, name in moving.items():
        yield f"@keyframes {name}{{{''.join(_turns(when, count))}}}"


def _turns(when: Frames, count: int) -> Iterator[str]:
    """From which share of the time on a part is seen or is not."""
    before = None
    for frame in range(count):
        seen = frame in when
        if seen != before:
            yield f"{number(100 * frame / count)}%{{visibility:{'visible' if seen else 'hidden'}}}"
        before = seen


def _written(inks: Sequence[Ink], looks: dict[str, str]) -> Iterator[str]:
    """Boxes of a colour in one path, shapes of a colour in one, and each text."""
    boxes: dict[str, list[Box]] = {}
    shapes: dict[tuple[str, bool], list[str]] = {}
    for ink in inks:
        if isinstance(ink, Box):
            boxes.setdefault(ink.colour, []).append(ink)
        elif isinstance(ink, Shape):
            shapes.setdefault((ink.colour, ink.stroked), []).append(ink.path)
    for colour, of_colour in boxes.items():
        path = "".join(
            f"M{number(box.x)} {number(box.y)}h{number(box.width)}v{number(box.height)}h{number(-box.width)}z"
            for box in _merged(of_colour)
        )
        yield f'<path class="{looks[colour]}" d="{path}"/>'
    for (colour, stroked), paths in shapes.items():
        yield f'<path class="r {"s " if stroked else ""}{looks[colour]}" d="{"".join(paths)}"/>'
    yield from (_text(ink, looks) for ink in inks if isinstance(ink, Letters))


def _merged(boxes: Sequence[Box]) -> Iterator[Box]:
    """Boxes of one colour, those in one row that meet as one."""
    last: Box | None = None
    for box in sorted(boxes, key=lambda each: (each.y, each.height, each.x)):
        if last is not None and (last.y, last.height) == (box.y, box.height) and box.x <= last.x + last.width + 0.01:
            last = Box(last.x, last.y, max(last.width, box.x + box.width - last.x), last.height, last.colour)
        else:
            if last is not None:
                yield last
            last = box
    if last is not None:
        yield last


def _text(ink: Letters, looks: dict[str, str]) -> str:
    """Text in just as many cells as it has in a terminal, whatever the font."""
    names = " ".join((looks[ink.colour], *ink.look))
    length = number(ink.cells * CELL)
    return (
        f'<text class="{names}" x="{number(ink.x)}" y="{number(ink.y)}" textLength="{length}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(ink.text, quote=False)}</text>'
    )
