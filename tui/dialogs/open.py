"""Choosing a scenario: the bundled ones and the files under the current directory, each with title and size.

The list is made in a worker thread, since every file is read; a file that cannot be used is listed with the reason.
Any path may be typed, that of a session, too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.worker import get_current_worker

from gradstep.engine import Position, Timeline, bundled, load_scenario
from gradstep.engine.data.files.opening import open_regular
from gradstep.engine.errors import Problem
from gradstep.engine.scenario.files import current_folder
from gradstep.engine.scenario.loading import Summary, summary
from gradstep.tui.text.glyphs import plain
from gradstep.tui.widgets.entries import Entries
from gradstep.tui.widgets.forgetting import Forgotten
from gradstep.tui.widgets.line import Line
from gradstep.tui.words import dialogs as words

DEEPEST = 4  # folders below the current one
MOST_FILES = 200

SKIPPED = {"node_modules", "__pycache__", "venv", "site-packages", "build", "dist"}
LARGEST = 1_000_000  # bytes of a file that is looked into


def found_files(folder: Path) -> Iterator[Path]:
    """TOML files under a folder that look like scenarios, the bundled ones apart, nearest first within a folder."""
    count = 0
    known = {os.path.realpath(path) for path in bundled().values()}
    for place, folders, names in os.walk(folder):
        here = Path(place)
        depth = len(here.relative_to(folder).parts)
        folders[:] = sorted(
            name for name in folders if depth < DEEPEST and not name.startswith(".") and name not in SKIPPED
        )
        for name in sorted(names):
            path = here / name
            if name.endswith(".toml") and os.path.realpath(path) not in known and _looks_like_a_scenario(path):
                yield path.relative_to(folder)
                count += 1
                if count == MOST_FILES:
                    return


def _looks_like_a_scenario(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return False
        with open_regular(path) as file:
            content = file.read().decode(errors="replace")
    except OSError:
        return False
    return any(line.replace(" ", "").startswith(("format=", "[[layer]]", "[[node]]")) for line in content.splitlines())


@dataclass
class Listed(Message):
    """One more scenario for the list."""

    entry: Summary


@dataclass(frozen=True)
class Opened:
    """A run that was chosen. session: the file of the session that it is from; position: where that was left."""

    timeline: Timeline
    session: Path | None = None
    position: Position | None = None


def opened(name: str, data: Sequence[Path], history_bytes: int) -> Opened:
    """A scenario by name or path, or a session by its path. Raises Problem."""
    name = name if name in bundled() else os.path.expanduser(name)
    if name in bundled() or not _names_a_session(Path(name)):
        return Opened(Timeline(load_scenario(name, data), history_bytes=history_bytes))
    from gradstep.engine.sessions import read_session  # noqa: PLC0415 - only here

    timeline, position = read_session(Path(name), data, history_bytes=history_bytes)
    return Opened(timeline, Path(name), position)


def _names_a_session(path: Path) -> bool:
    from gradstep.engine.sessions import ENDING, looks_like_session  # noqa: PLC0415 - only here

    try:
        return path.name.endswith(ENDING) or (path.is_file() and looks_like_session(path))
    except (OSError, ValueError):
        return False  # reading it as a scenario will say why not


class OpenScreen(Forgotten, ModalScreen[Opened | None]):
    """Gives what was chosen, None for nothing; what cannot be opened is said, and may be corrected."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "turn(1)", show=False, priority=True),
        Binding("pageup", "turn(-1)", show=False, priority=True),
    ]

    def __init__(self, data: Sequence[Path], history_bytes: int, *, ascii_only: bool) -> None:
        super().__init__()
        self._sign = plain if ascii_only else str
        self._data = tuple(data)
        self._history_bytes = history_bytes
        self._entries: list[Summary] = []
        self._shown: list[Summary] = []
        self._moved = False  # whether an entry was chosen since something was typed

    def compose(self) -> ComposeResult:
        """A line to type in, the list, and what the keys do."""
        with Vertical(id="open", classes="panel dialog") as box:
            box.border_title = words.OPEN
            yield Line(placeholder=words.OPEN_SUCH_AS, id="filter", compact=True)
            yield Entries("choices")
            yield Static("", id="answer", classes="-error", markup=False)
            yield Static(words.OPEN_KEYS, id="open-keys", markup=False)

    def on_mount(self) -> None:
        """Begin to look."""
        self.query_one("#filter").focus()
        self.run_worker(self._look, thread=True)

    def _look(self) -> None:
        worker = get_current_worker()
        for name in (*bundled(), *(str(path) for folder in current_folder() for path in found_files(folder))):
            if worker.is_cancelled:
                return
            self.post_message(Listed(summary(name, self._data)))

    @on(Listed)
    def _add(self, message: Listed) -> None:
        self._entries.append(message.entry)
        self._filter()

    @on(Input.Changed, "#filter")
    def _on_typed(self) -> None:
        self._say("")
        self._moved = False
        self._filter()

    @property
    def _typed(self) -> str:
        return self.query_one("#filter", Input).value.strip()

    def _filter(self) -> None:
        wanted, entries = self._typed.casefold().split(), self.query_one(Entries)
        self._shown = [e for e in self._entries if all(w in f"{e.name} {e.title}".casefold() for w in wanted)]
        entries.fill([self._written(each) for each in self._shown], entries.highlighted if self._moved else 0)
        if not self._moved:
            self._choose_what_is_typed()

    def _choose_what_is_typed(self) -> None:
        """An entry of exactly that name goes before others that have it in theirs; before a path goes no other."""
        path = os.path.expanduser(self._typed)
        names = [each.name for each in self._shown]
        if self._typed in names:
            self.query_one(Entries).highlighted = names.index(self._typed)
        elif names and (os.path.isfile(path) or ("/" in path and os.path.exists(path))):
            self.query_one(Entries).highlighted = None

    def _written(self, found: Summary) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(found.name, "bold")
        text.append(f"  {self._sign(found.size)}\n", "dim" if found.usable else "bold")
        text.append(f"  {self._sign(found.title)}")
        return text

    def action_move(self, by: int) -> None:
        """Choose the next or the previous."""
        entries = self.query_one(Entries)
        entries.move(by if entries.highlighted is not None else 0)
        self._moved = True

    def action_turn(self, pages: int) -> None:
        """Move by as many entries as are seen."""
        self.action_move(pages * self.query_one(Entries).page)

    @on(Input.Submitted, "#filter")
    def _open_highlighted(self) -> None:
        place = self.query_one(Entries).highlighted
        if self._shown and place is not None:
            self._open(self._shown[place].name)
        elif self._typed:
            self._open(self._typed)

    @on(OptionList.OptionSelected)
    def _open_clicked(self, event: OptionList.OptionSelected) -> None:
        self._open(self._shown[event.option_index].name)

    def _open(self, name: str) -> None:
        if not self.is_current:  # Enter again, while it closes
            return
        try:
            self.dismiss(opened(name, self._data, self._history_bytes))
        except Problem as error:
            self._say(str(error))

    def _say(self, text: str) -> None:
        """One line above the keys."""
        self.query_one("#answer", Static).update(Text(self._sign(text)))
