"""The lines above and below the panels: where we are, what was just said, which keys there are."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.widgets import Static

from engine.timeline import Moment
from tui.commands import COMMANDS
from tui.numbers import byte_count, short
from tui.wording import Wording
from tui.words import status as words


def where(moment: Moment, wording: Wording, width: int) -> list[str]:
    """Where we are, in two lines of at most `width` cells: the scenario; iteration, step, phase and loss."""
    here, scenario = moment.position, moment.scenario
    title = _titled(moment, width)
    parts = [
        words.ITERATION.format(iteration=here.iteration, iterations=moment.iterations),
        words.STEP.format(step=here.step, steps=moment.length),
    ]
    if moment.step is None:
        parts.append(words.START)
    else:
        layer = moment.step.layer
        inside = f", {layer}" if layer not in (moment.step.phase, moment.step.symbol) else ""
        parts.append(f"{moment.step.phase}{inside}")
    parts.append(_loss(moment, wording))
    if scenario.draw is not None and scenario.draw.iterations_per_epoch > 1:
        parts.append(words.EPOCH.format(epoch=moment.epoch))
    line = parts[0]
    for part in parts[1:]:
        if cell_len(line) + 3 + cell_len(part) > width:
            break
        line += wording.sign(" · ") + part
    return [_fitted(wording.sign(title), width), _fitted(line, width)]


def _titled(moment: Moment, width: int) -> str:
    """The scenario and the fork, and at the right edge what history holds, as much of it as fits."""
    scenario = moment.scenario
    fork = f"  <{moment.branch}>" if moment.edits else ""
    for title in (f"{scenario.title}  [{scenario.name}]{fork}", f"{scenario.title}{fork}"):
        for remembered in (*_history(moment), ""):
            room = width - cell_len(title) - cell_len(remembered)
            if room >= (2 if remembered else 0):
                return title + " " * room + remembered
    return f"[{scenario.name}]{fork}" if fork else scenario.title


def _history(moment: Moment) -> list[str]:
    """The states that history keeps: from where to where, how far apart, how many bytes; long and short."""
    kept = moment.history
    if kept is None or not kept.bytes:
        return []
    size, most = byte_count(kept.bytes), byte_count(kept.budget)
    return [
        words.HISTORY.format(first=kept.first, last=kept.last, stride=kept.stride, size=size, most=most),
        words.HISTORY_SHORT.format(first=kept.first, last=kept.last, stride=kept.stride, size=size),
    ]


def _loss(moment: Moment, wording: Wording) -> str:
    """The loss; before this iteration has computed it, that of the iteration before."""
    symbol = moment.program.loss
    name = wording.symbol(symbol)
    value = moment.values.get(symbol)
    if value is not None:
        return f"{name} = {short(float(value), 9)}" if value.shape == () else words.LOSS_COMPUTED.format(loss=name)
    place = moment.position.iteration - 2
    if place >= 0 and place < len(moment.losses) and moment.known[place]:
        before = float(moment.losses[place])
        return words.LOSS_BEFORE.format(loss=name, before=short(before, 9) if np.isfinite(before) else before)
    return words.LOSS_NOT_YET.format(loss=name)


def _fitted(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 2)) + ".."


class StatusBar(Static):
    """Where we are."""

    DEFAULT_CSS = """
    StatusBar { height: 2; padding: 0 1; background: $panel; color: $foreground; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def show(self, moment: Moment, wording: Wording) -> None:
        """Replace both lines."""
        first, second = where(moment, wording, max(10, self.app.size.width - 2))
        self.update(Text(f"{first}\n{second}"))


class MessageBar(Static):
    """What was just said: an answer to a key, an error, how far a run is."""

    DEFAULT_CSS = """
    MessageBar { height: 1; padding: 0 1; color: $foreground; }
    MessageBar.-error { height: auto; max-height: 3; color: $text-error; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def say(self, text: str, *, error: bool = False) -> None:
        """Replace the message; an empty one clears it. Only an error may take more than a line."""
        self.set_class(error, "-error")
        line = " ".join(text.split())
        self.update(Text(line if error else _fitted(line, max(10, self.app.size.width - 2))))


def keys_line(width: int) -> list[tuple[str, str]]:
    """The footer's keys and labels, by rank, as many as fit in `width` cells."""
    shown: list[tuple[str, str]] = []
    used = 0
    for command in sorted((c for c in COMMANDS if c.footer), key=lambda command: command.footer):
        size = cell_len(command.shown.split()[0]) + 1 + cell_len(command.label) + 2
        if used + size > width:
            break
        shown.append((command.shown.split()[0], command.label))
        used += size
    return shown


class KeyBar(Static):
    """The keys, as many as fit; the help screen has them all."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def on_resize(self) -> None:
        """Other keys fit."""
        line = Text(no_wrap=True, overflow="crop")
        for key, label in keys_line(self.size.width):
            line.append(key, style="bold underline")
            line.append(f" {label}  ")
        self.update(line)
