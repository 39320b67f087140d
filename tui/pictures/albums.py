"""Albums of the pictures that there are of a moment: the net, heat maps, the surface, norms, images.

Each is drawn by a module of its own; here it is said how many there are of each, and which number shows which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradstep.engine.analysis.trends import Trends
from gradstep.engine.arrays import Index
from gradstep.engine.program.expression import Element
from gradstep.engine.program.positions import Position
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures import heat, images, net, norms, surface
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Page, text_line
from gradstep.tui.words import pictures as words


@dataclass(frozen=True)
class Album:
    """page(which, width, height) and text(which) are the picture and what can be read from it; `count` there are."""

    name: str
    count: int
    page: Callable[[int, int, int], Page]
    text: Callable[[int], Sequence[str]]


@dataclass(frozen=True, eq=False)
class Shelf:
    """All albums of a moment, where that is, and how names are written."""

    albums: Sequence[Album]
    position: Position
    notation: Notation


def albums(
    moment: Moment, notation: Notation, picked: tuple[str, Index] | None, trends: Callable[[], Trends | None]
) -> list[Album]:
    """All of them. picked: the element that the heat maps begin with; trends: norms, computed when asked for."""
    made = [_net(moment, notation), _heat(moment, notation, picked)]
    if not surface.why_not(moment):
        made.append(_surface(moment, notation))
    if norms.trained(moment.program):
        made.append(_norms(moment, notation, trends))
    pictures = images.pictures_of(moment, notation)
    return [*made, *(_images(name, of_symbol, notation) for name, of_symbol in pictures.items())]


def _net(moment: Moment, notation: Notation) -> Album:
    rows = len(moment.values["x"]) if "x" in moment.values and moment.scenario.network.layered else 1
    return Album(
        words.NET,
        rows,
        lambda which, width, height: net.net_page(moment, notation, width, height, which),
        lambda which: net.net_text(moment, notation, which),
    )


def _heat(moment: Moment, notation: Notation, picked: tuple[str, Index] | None) -> Album:
    names = list(moment.values)
    first = picked[0] if picked else moment.position.symbol or names[0]
    names = [first, *(name for name in names if name != first)] if first in names else names

    def selected(name: str) -> Index:
        if picked is not None and picked[0] == name:
            return picked[1]
        return tuple(0 for _ in moment.program.symbols[name].shape)

    def naming(name: str) -> Callable[[Index], str]:
        return lambda index: notation.element(Element(name, index))

    def page(which: int, width: int, height: int) -> Page:
        name = names[which]
        title, chosen = notation.symbol(name), selected(name)
        return heat.heat_page(
            moment.values[name], title, notation, width, selected=chosen, element_name=naming(name), height=height
        )

    def text(which: int) -> Sequence[str]:
        name = names[which]
        return (notation.symbol(name), *heat.heat_text(moment.values[name], notation, naming(name)))

    return Album(words.HEAT_MAP, len(names), page, text)


def _surface(moment: Moment, notation: Notation) -> Album:
    return Album(
        words.LEARNED,
        surface.outputs(moment),
        lambda which, width, height: surface.surface_page(moment, notation, width, height, which) or (),
        lambda which: surface.surface_text(moment, notation, which),
    )


def _norms(moment: Moment, notation: Notation, trends: Callable[[], Trends | None]) -> Album:
    def page(which: int, width: int, height: int) -> Page:
        found = trends()
        if found is None:
            return (text_line(words.COMPUTING, "dim"),)
        return norms.norms_page(moment, found, notation, width, which)

    def text(which: int) -> Sequence[str]:
        found = trends()
        return (words.COMPUTING,) if found is None else norms.norms_text(moment, found, notation)

    return Album(words.NORMS, max(1, len(norms.trained(moment.program))), page, text)


def _images(name: str, pictures: Sequence[images.Picture], notation: Notation) -> Album:
    return Album(
        words.IMAGES.format(symbol=name),
        len(pictures),
        lambda which, width, height: images.picture_lines(pictures[which], width, ascii=notation.ascii),
        lambda which: images.picture_text(pictures[which]),
    )
