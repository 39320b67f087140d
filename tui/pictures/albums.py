"""The pictures that there are of a moment: the net, heat maps, what it learned, norms, images; as panels and as text.

Each is drawn by a module of its own. Here it is said what they are called, how many there are of each, and why there is
none. The names are the same at every step; `which` counts the pictures of a name round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from gradstep.engine.analysis.trends import Trends
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures import heat_maps, images, norms, paths, surface
from gradstep.tui.pictures.net_and_weights import net_with_weights, net_with_weights_text
from gradstep.tui.text.drawing import Drawing, Panel, Pieces, drawn
from gradstep.tui.text.folding import folded
from gradstep.tui.words import paths as path_words
from gradstep.tui.words import pictures as words

Norms = Callable[[], Trends | None]  # None while they are being computed


@dataclass(frozen=True)
class Pictures:
    """Pictures of a kind. name: what it is called, and known by; count: of them; reason: why there is none just now."""

    name: str
    count: int
    reason: str = ""


class Draw(Protocol):
    """One of the pictures of a kind, or its text."""

    def __call__(self, moment: Moment, view: View, width: int, height: int, which: int, trends: Norms) -> Drawing:
        """In exactly width × height cells."""


class Tell(Protocol):
    """The same as text."""

    def __call__(self, moment: Moment, view: View, which: int, trends: Norms) -> Sequence[str]:
        """Lines of any length."""


@dataclass(frozen=True, eq=False)
class _Kind:
    pictures: Pictures
    draw: Draw
    tell: Tell
    title: Callable[[int], str] = lambda which: ""


def picture_names(moment: Moment, view: View) -> tuple[Pictures, ...]:
    """All kinds, in the order that one goes through them."""
    return tuple(kind.pictures for kind in _kinds(moment, view).values())


def next_picture(moment: Moment, view: View, name: str, by: int = 1) -> str:
    """The name after this one, or before it, of which there are pictures; after the last nothing, which is ""."""
    there = ["", *(each.name for each in picture_names(moment, view) if not each.reason)]
    return there[((there.index(name) if name in there else 0) + by) % len(there)]


def picture_panel(moment: Moment, view: View, name: str, which: int, width: int, height: int, trends: Norms) -> Panel:
    """A picture with an inside of exactly width × height cells; why there is none, where there is none.

    trends: the norms of the iterations so far, asked for only where they are drawn. KeyError for a name that is none.
    """
    kind = _kinds(moment, view)[name]
    pictures = kind.pictures
    step = moment.step
    hue = str(step.phase) if step is not None and name == words.HEAT_MAP else ""
    if pictures.reason:
        said = folded(view.notation.sign(pictures.reason), width, "quiet")
        return Panel(((name, "bold text"),), drawn([line.pieces for line in said], width, height))
    which %= max(1, pictures.count)
    about = kind.title(which)
    title: Pieces = ((name, "bold text"), *(((f": {about}", "quiet"),) if about else ()))
    several = words.ONE_OF_PICTURES.format(place=which + 1, count=pictures.count) if pictures.count > 1 else ""
    if name == words.NET:
        panel = _net_panel(moment, view, width, height, which)
        return replace(panel, aside=panel.aside or (((several, "quiet"),) if several else ()))
    inside = kind.draw(moment, view, width, height, which, trends)
    return Panel(title, inside, ((several, "quiet"),) if several else (), hue)


def picture_text(moment: Moment, view: View, name: str, which: int, trends: Norms) -> tuple[str, ...]:
    """A picture in words and numbers, lines of any length; why there is none, where there is none."""
    kind = _kinds(moment, view)[name]
    if kind.pictures.reason:
        return (view.notation.sign(kind.pictures.reason),)
    return tuple(map(view.notation.sign, kind.tell(moment, view, which % max(1, kind.pictures.count), trends)))


def _kinds(moment: Moment, view: View) -> dict[str, _Kind]:
    kinds = [
        _net(moment),
        _heat(moment, view),
        _learned(moment),
        *_path(moment, view),
        _norms(moment),
        *_images(moment, view),
    ]
    return {kind.pictures.name: kind for kind in kinds}


def _net(moment: Moment) -> _Kind:
    def draw(moment: Moment, view: View, width: int, height: int, which: int, trends: Norms) -> Drawing:
        return _net_panel(moment, view, width, height, which).inside

    def tell(moment: Moment, view: View, which: int, trends: Norms) -> Sequence[str]:
        return net_with_weights_text(moment, view, which)

    rows = moment.program.symbols["x"].shape[0] if moment.scenario.network.layered else 1
    return _Kind(Pictures(words.NET, rows if "x" in moment.values else 1), draw, tell)


def _net_panel(moment: Moment, view: View, width: int, height: int, which: int) -> Panel:
    """The net for a row of the batch: that of the picked element, or another one."""
    if which and moment.program.by_row("x"):
        view = replace(view, picked=("x", (which, 0)))
    return net_with_weights(moment, view, width, height)


def _heat(moment: Moment, view: View) -> _Kind:
    def draw(moment: Moment, view: View, width: int, height: int, which: int, trends: Norms) -> Drawing:
        return heat_maps.heat_maps(moment, view, width, height, which)

    def tell(moment: Moment, view: View, which: int, trends: Norms) -> Sequence[str]:
        return heat_maps.heat_maps_text(moment, view, which)

    sheets = heat_maps.sheets(moment.program)
    return _Kind(
        Pictures(words.HEAT_MAP, len(sheets)), draw, tell, lambda which: heat_maps.sheet_title(sheets[which], view)
    )


def _learned(moment: Moment) -> _Kind:
    def draw(moment: Moment, view: View, width: int, height: int, which: int, trends: Norms) -> Drawing:
        return surface.surface_drawing(moment, view, width, height, which)

    def tell(moment: Moment, view: View, which: int, trends: Norms) -> Sequence[str]:
        return surface.surface_text(moment, view.notation, which)

    return _Kind(Pictures(words.LEARNED, surface.outputs(moment), surface.why_not(moment)), draw, tell)


def _path(moment: Moment, view: View) -> list[_Kind]:
    """The path of two numbers, where a net trains just these."""
    if paths.numbers_of(moment) is None:
        return []

    def draw(moment: Moment, view: View, width: int, height: int, which: int, trends: Norms) -> Drawing:
        return paths.path_drawing(moment, view, width, height)

    def tell(moment: Moment, view: View, which: int, trends: Norms) -> Sequence[str]:
        return paths.path_text(moment, view.notation)

    return [_Kind(Pictures(path_words.PATH, 1, paths.why_not(moment, view.notation)), draw, tell)]


def _norms(moment: Moment) -> _Kind:
    def draw(moment: Moment, view: View, width: int, height: int, which: int, trends: Norms) -> Drawing:
        return norms.norms_drawing(moment, trends(), view, width, height, which)

    def tell(moment: Moment, view: View, which: int, trends: Norms) -> Sequence[str]:
        found = trends()
        return (words.COMPUTING,) if found is None else norms.norms_text(moment, found, view.notation)

    groups = norms.groups(moment.program)
    return _Kind(Pictures(words.NORMS, len(groups), "" if groups[0] else words.NOTHING_TRAINED), draw, tell)


def _images(moment: Moment, view: View) -> list[_Kind]:
    """A kind for each symbol whose rows or columns are images; one that says why, where inputs are no images."""
    names = images.image_symbols(moment.program, moment.scenario.image)
    if not names:
        return [_Kind(Pictures(words.IMAGES_OF_NONE, 0, words.NO_IMAGES), _nothing, lambda *_: ())]
    return [_images_of(moment, view, name) for name in names]


def _images_of(moment: Moment, view: View, symbol: str) -> _Kind:
    found = images.images_of(moment, view.notation, symbol)

    def draw(moment: Moment, view: View, width: int, height: int, which: int, trends: Norms) -> Drawing:
        assert found is not None, "a reason is given where there are none"
        return images.images_drawing(moment, view, found, which, width, height)

    def tell(moment: Moment, view: View, which: int, trends: Norms) -> Sequence[str]:
        assert found is not None, "a reason is given where there are none"
        return images.image_text(moment, found, which, view.notation)

    name = words.IMAGES.format(symbol=view.notation.symbol(symbol))
    if found is None:
        return _Kind(Pictures(name, 0, words.NOT_YET.format(symbol=view.notation.symbol(symbol))), draw, tell)
    return _Kind(Pictures(name, found.count), draw, tell)


def _nothing(moment: Moment, view: View, width: int, height: int, which: int, trends: Norms) -> Drawing:
    return drawn([], width, height)
