"""The pictures that there are of a moment, each with its text: the net, heat maps, the surface, norms, images."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.expression import Element, Index
from engine.health import Trends, symptoms_of
from engine.timeline import Moment
from tui import heat, images, net, surface
from tui.numbers import short
from tui.screens.pictures import Album
from tui.widgets.curve import curve_lines
from tui.widgets.sheet import Line, Page
from tui.wording import Wording

CURVE_HEIGHT = 7
COMPUTING = "the norms of the iterations so far are being computed"


def albums(
    moment: Moment, wording: Wording, picked: tuple[str, Index] | None, trends: Callable[[], Trends | None]
) -> list[Album]:
    """All of them. picked: the element that the heat maps begin with; trends: norms, computed when asked for."""
    made = [_net(moment, wording), _heat(moment, wording, picked)]
    if not surface.why_not(moment):
        made.append(_surface(moment, wording))
    if any(symbol.role == "next" for symbol in moment.program.symbols.values()):
        made.append(_norms(moment, wording, trends))
    return [*made, *_images(moment, wording)]


def _net(moment: Moment, wording: Wording) -> Album:
    rows = next((len(moment.values[name]) for name in ("x",) if name in moment.values), 1)
    rows = rows if moment.scenario.network.layered else 1
    return Album(
        "net",
        rows,
        lambda which, width, height: net.net_page(moment, wording, width, height, which),
        lambda which: net.net_text(moment, wording, which),
    )


def _heat(moment: Moment, wording: Wording, picked: tuple[str, Index] | None) -> Album:
    names = list(moment.values)
    first = picked[0] if picked else moment.position.symbol or names[0]
    names = [first, *(name for name in names if name != first)] if first in names else names

    def selected(name: str) -> Index:
        if picked is not None and picked[0] == name:
            return picked[1]
        return tuple(0 for _ in moment.program.symbols[name].shape)

    def naming(name: str) -> Callable[[Index], str]:
        return lambda index: wording.element(Element(name, index))

    def page(which: int, width: int, height: int) -> Page:
        name = names[which]
        title, chosen = wording.symbol(name), selected(name)
        return heat.heat_page(
            moment.values[name], title, wording, width, selected=chosen, element_name=naming(name), height=height
        )

    def text(which: int) -> Sequence[str]:
        name = names[which]
        return (wording.symbol(name), *heat.heat_text(moment.values[name], wording, naming(name)))

    return Album("heat map", len(names), page, text)


def _surface(moment: Moment, wording: Wording) -> Album:
    return Album(
        "learned",
        surface.outputs(moment),
        lambda which, width, height: surface.surface_page(moment, wording, width, height, which) or (),
        lambda which: surface.surface_text(moment, wording, which),
    )


# ── norms ────────────────────────────────────────────────────────────────────────────────────────────────────


def _norms(moment: Moment, wording: Wording, trends: Callable[[], Trends | None]) -> Album:
    trained = [symbol.of for symbol in moment.program.symbols.values() if symbol.role == "next"]

    def page(which: int, width: int, height: int) -> Page:
        found = trends()
        if found is None:
            return (Line(((COMPUTING, "dim"),)),)
        names = [name for name in trained if name in found.parameters]
        lines = [line for text in _symptoms(moment, found, wording) for line in heat.folded(text, width)]
        if names:
            name = names[which % len(names)]
            trend, dressed = found.parameters[name], wording.symbol(name)
            for title, numbers in (
                (f"norm of ∂E/∂{dressed}", trend.gradient),
                (f"norm of the update of {dressed}", trend.update),
                (f"update to weight, of {dressed}", trend.ratio),
            ):
                lines += [Line(), *_curve(wording.sign(title), found, numbers, moment, width, wording)]
        return tuple(lines)

    def text(which: int) -> Sequence[str]:
        found = trends()
        if found is None:
            return (COMPUTING,)
        return (*_symptoms(moment, found, wording), "", *_table(found, wording))

    return Album("norms", max(1, len(trained)), page, text)


def _curve(
    title: str,
    found: Trends,
    numbers: np.ndarray[tuple[int], np.dtype[np.float64]],
    moment: Moment,
    width: int,
    wording: Wording,
) -> list[Line]:
    last = int(found.iterations[-1]) if len(found.iterations) else 1
    values, known = np.full(last, np.nan), np.zeros(last, dtype=bool)
    values[found.iterations - 1], known[found.iterations - 1] = numbers, True
    here = moment.position.iteration if moment.position.iteration <= last else None
    lines = curve_lines(
        values,
        width,
        CURVE_HEIGHT,
        here,
        ascii=wording.ascii,
        known=known,
        total=moment.iterations,
        symbol="",
        name=title,
    )
    keys = {"caption": "title", "axis": "dim", "curve": "number", "cursor": "fresh", "nonfinite": "nonfinite"}
    return [Line(tuple((text, keys.get(key, key)) for text, key in pieces)) for pieces in lines]


def _symptoms(moment: Moment, found: Trends, wording: Wording) -> list[str]:
    """What shows here, and what has shown on the way."""
    here = [symptom.text for symptom in symptoms_of(moment)]
    lines = ["at the cursor: " + ("; ".join(here) if here else "nothing vanishes, explodes, is dead or saturated")]
    for onset in found.onsets[:6]:
        until = f" to {onset.until:,}" if onset.until != onset.first else ""
        lines.append(f"{onset.kind}, {wording.symbol(onset.symbol)}: from iteration {onset.first:,}{until}")
    return [wording.sign(line) for line in lines]


def _table(found: Trends, wording: Wording) -> list[str]:
    """Some iterations of every parameter, in numbers."""
    lines: list[str] = []
    places = sorted({round(k * (len(found.iterations) - 1) / 5) for k in range(6)}) if len(found.iterations) else []
    for name, trend in found.parameters.items():
        lines.append(f"{wording.symbol(name)}: iteration, norm of the gradient, of the update, update to weight")
        for place in places:
            numbers = (trend.gradient[place], trend.update[place], trend.ratio[place])
            shown = "  ".join(short(float(number), 6) for number in numbers)
            lines.append(f"  {int(found.iterations[place]):>8,}  {shown}")
    return lines


def _images(moment: Moment, wording: Wording) -> list[Album]:
    made: list[Album] = []
    for name, pictures in images.albums(moment, wording).items():

        def page(which: int, width: int, height: int, shown: list[images.Picture] = pictures) -> Page:
            return images.picture_lines(shown[which], ascii=wording.ascii)

        def text(which: int, shown: list[images.Picture] = pictures) -> Sequence[str]:
            picture = shown[which]
            rows = [" ".join(f"{number:.3g}" for number in row) for row in picture.pixels.tolist()]
            return (picture.title, *rows, picture.below)

        made.append(Album(f"images of {name}", len(pictures), page, text))
    return made
