"""Colours by their meaning, and the keys that pieces of text carry: "text", "bold backward on written backward".

A key is read from left to right: perhaps "bold", "underline" or "reverse", a colour of the text, behind "on" a ground.
"ink" is the colour of text or of the ground, whichever is read better there. What just happened has the colour of its
phase; a negative and a positive number differ by the ground of their cell; curves in one picture, and classes, have
those of a series; nothing else is coloured. A `Palette` gives every colour its value; where there are no colours, bold,
underlined and reversed text say what must be said, and characters the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rich.color import Color, blend_rgb
from rich.color_triplet import ColorTriplet
from rich.style import Style

PHASES = ("draw", "forward", "loss", "backward", "update", "measure")
LEVELS = 16  # of the ground of a cell on either side of 0
SERIES = 6  # colours of curves in one picture, and of classes
WRITTEN, CHOSEN = 0.2, 0.4  # how much of a phase's colour is in the ground of what was written, and of what is picked
ATTRIBUTES = ("bold", "underline", "reverse")

# The colours of a theme; the grounds of phases and of levels are made of these.
DARK = {
    "ground": "#0e1320", "panel": "#121929", "bar": "#16203a", "frame": "#2b3752", "focus": "#71809b",
    "text": "#d8e1f0", "quiet": "#8695b0", "faint": "#546482", "label": "#54b8ff",
    "forward": "#54b8ff", "loss": "#ffd166", "backward": "#ff9154", "update": "#62d99a", "draw": "#9aa7c0",
    "measure": "#9aa7c0", "holds": "#62d99a", "fails": "#ff6b81",
    "read": "#1b2740", "chosen": "#2c5a92", "negative": "#4696ff", "zero": "#1b2438", "positive": "#ff785a",
    "series 1": "#54b8ff", "series 2": "#ff9154", "series 3": "#62d99a", "series 4": "#d59bff", "series 5": "#ffd166",
    "series 6": "#ff7fb0",
}  # fmt: skip
LIGHT = {
    "ground": "#eef1f6", "panel": "#fbfcfe", "bar": "#dfe6f1", "frame": "#b9c4d6", "focus": "#5a6a86",
    "text": "#1d2636", "quiet": "#5b6880", "faint": "#98a4b9", "label": "#0b62b0",
    "forward": "#0b62b0", "loss": "#8a5f00", "backward": "#b8480d", "update": "#127a46", "draw": "#566279",
    "measure": "#566279", "holds": "#127a46", "fails": "#c21f3d",
    "read": "#e6ecf6", "chosen": "#a9cdf3", "negative": "#3f86dd", "zero": "#f3f5f9", "positive": "#e8643f",
    "series 1": "#0b62b0", "series 2": "#b8480d", "series 3": "#127a46", "series 4": "#7a3fb5", "series 5": "#8a5f00",
    "series 6": "#b02a6a",
}  # fmt: skip

# What a piece of text is, where its look follows from that.
ROLES = {
    "space": "text", "number": "text", "title": "bold text", "heading": "quiet", "missing": "faint", "dim": "quiet",
    "formula": "bold text", "connector": "quiet", "fresh": "bold loss", "changed": "bold loss",
    "selected": "bold text on chosen", "lit": "bold text on chosen", "nonfinite": "bold underline fails",
    "positive": "text", "caption": "text", "axis": "quiet", "curve": "loss", "cursor": "bold text",
    "key": "bold label", "warn": "loss",
}  # fmt: skip


# What stands for a colour where there are sixteen, whose values only the terminal knows.
TERMINAL = {
    "forward": "bright_blue", "label": "cyan", "loss": "yellow", "backward": "magenta", "update": "green",
    "holds": "green", "fails": "red", "faint": "bright_black", "frame": "bright_black",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Palette:
    """The values of the colours. name: of the theme; dark: whether its ground is; plain: there are no colours; sixteen:
    there are those of the terminal.
    """

    name: str
    colours: Mapping[str, str]
    dark: bool = True
    plain: bool = False
    sixteen: bool = False

    @cached_property
    def _styles(self) -> dict[str, Style]:
        return {}

    def style(self, key: str) -> Style:
        """The look of a key; ValueError for one that is nothing."""
        known = self._styles.get(key)
        if known is None:
            known = self._styles[key] = self._made(key)
        return known

    def _made(self, key: str) -> Style:
        attributes, name, ground = _read(key)
        bold, underline, reverse = (attribute in attributes for attribute in ATTRIBUTES)
        behind = self.colour(ground or "panel")
        text = self.ink(behind) if name == "ink" else self.colour(name)
        if self.plain or self.sixteen:
            reverse = reverse or ground.startswith("chosen")
            name = "" if self.plain else TERMINAL.get(name, "")
            return Style(color=name or None, bold=bold or None, underline=underline or None, reverse=reverse or None)
        return Style(
            color=Color.from_triplet(text),
            bgcolor=Color.from_triplet(behind),
            bold=bold,
            underline=underline,
            reverse=reverse,
        )

    def colour(self, name: str) -> ColorTriplet:
        """A colour of the theme or one made of them; ValueError where it is neither.

        "written backward", "chosen backward": grounds of what a phase wrote, and of what is picked in it; "heat -3": a
        number as a share of the largest magnitude, in sixteenths; "grey 3": the same of text on a panel; "class 2 3":
        of the second class's colour.
        """
        if name in self.colours:
            return _triplet(self.colours[name])
        kind, _, of = name.partition(" ")
        match kind:
            case "written" | "chosen":
                share = WRITTEN if kind == "written" else CHOSEN
                return blend_rgb(self.colour("panel"), self.colour(of), share)
            case "heat":
                level = int(of) / LEVELS
                return blend_rgb(
                    self.colour("zero"), self.colour("negative" if level < 0 else "positive"), min(1.0, abs(level))
                )
            case "grey":
                return blend_rgb(self.colour("panel"), self.colour("text"), int(of) / LEVELS)
            case "class":
                number, sure = map(int, of.split())
                series = self.colour(f"series {(number - 1) % SERIES + 1}")
                return blend_rgb(self.colour("panel"), series, sure / LEVELS)
        raise ValueError(name)

    def ink(self, ground: ColorTriplet) -> ColorTriplet:
        """The colour of text or of the ground, whichever stands out more from another ground."""
        return max(self.colour("text"), self.colour("ground"), key=lambda colour: _contrast(colour, ground))

    def without_colours(self) -> Palette:
        """The same where there are none."""
        return Palette(self.name, self.colours, self.dark, plain=True)

    def of_sixteen(self) -> Palette:
        """The same in the colours that a terminal of sixteen calls its own, on its own ground."""
        return Palette(self.name, self.colours, self.dark, sixteen=True)


def _read(key: str) -> tuple[set[str], str, str]:
    """The attributes, the colour and the ground of a key; those of a role, and the ground that the key says."""
    front, _, ground = key.partition(" on ")
    words = front.split()
    attributes = {word for word in words if word in ATTRIBUTES}
    name = " ".join(word for word in words if word not in ATTRIBUTES) or "text"
    if name not in ROLES:
        return attributes, name, ground
    more, name, usual = _read(ROLES[name])
    return attributes | more, name, ground or usual


def _contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """How much two colours differ, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: ColorTriplet) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _triplet(text: str) -> ColorTriplet:
    return ColorTriplet(*(int(text[at : at + 2], 16) for at in (1, 3, 5)))


GRADSTEP_DARK = Palette("gradstep-dark", DARK)
GRADSTEP_LIGHT = Palette("gradstep-light", LIGHT, dark=False)
OURS = {palette.name: palette for palette in (GRADSTEP_DARK, GRADSTEP_LIGHT)}

MIXED = {"quiet": 0.62, "faint": 0.36, "frame": 0.25, "focus": 0.6, "read": 0.1, "bar": 0.1, "zero": 0.08}


def palette_of(name: str, colours: Mapping[str, str], *, dark: bool) -> Palette:
    """The palette of a theme that is not ours. colours: some of ours, as #rrggbb, "text" and "ground" among them."""
    text, ground = _triplet(colours["text"]), _triplet(colours["ground"])
    mixed = {each: blend_rgb(ground, text, share).hex for each, share in MIXED.items()}
    own = {"panel": colours["ground"], "draw": mixed["quiet"], "measure": mixed["quiet"]}
    return Palette(name, (DARK if dark else LIGHT) | mixed | own | dict(colours), dark)
