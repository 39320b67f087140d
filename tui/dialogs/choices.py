"""A list to choose from, with a key for each thing that can be done with an entry, and a line to add one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from gradstep.engine.errors import Problem
from gradstep.tui.widgets.entries import Entries

FAR = {"home": -(10**6), "end": 10**6, "pageup": -10, "pagedown": 10}  # keys that a line to type in may have first
DROP = ("delete", "ctrl+d")  # keys that drop an entry, also where letters are typed

T = TypeVar("T")


@dataclass(frozen=True)
class Choices:
    """A list and its keys. entries: asked for again after every key. sign: writes a text as the screen can show it.

    keys: key → what it does with the entry at a place; it gives None to close the list, else what to say, or raises
    Problem. add: takes a typed line in the same way. about: what the keys are, in one line.
    """

    title: str
    entries: Callable[[], Sequence[str]]
    keys: Mapping[str, Callable[[int], str | None]]
    about: str
    sign: Callable[[str], str]
    add: Callable[[str], str | None] | None = None
    placeholder: str = ""


class ChoicesScreen(ModalScreen[None]):
    """Shows `Choices`. Enter on an empty line is the key "enter" on the chosen entry."""

    AUTO_FOCUS = ""  # a line that is not shown must not get the keys
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        *(Binding(key, f"move({by})", show=False) for key, by in FAR.items()),
    ]

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self._choices = choices

    def compose(self) -> ComposeResult:
        """The list, a line to type in where something can be added, what was said, and what the keys do."""
        with Vertical(classes="panel dialog") as box:
            box.border_title = self._choices.title
            yield Entries("choices")
            yield Input(placeholder=self._choices.placeholder, id="filter", compact=True)
            yield Static("", id="answer", markup=False)
            yield Static(self._choices.about, id="open-keys", markup=False)

    def on_mount(self) -> None:
        """Show what there is."""
        line = self.query_one(Input)
        line.display = self._choices.add is not None
        if line.display:
            line.focus()
        self._fill()

    def _fill(self) -> None:
        self.query_one(Entries).fill([Text(entry) for entry in self._choices.entries()])

    def on_key(self, event: events.Key) -> None:
        """A key for the chosen entry; keys that type do so only where there is a line to type in."""
        act = self._choices.keys.get(event.key)
        place = self.query_one(Entries).highlighted
        if act is None or place is None or (event.key == "enter" and self.query_one(Input).value):
            return
        event.stop()
        event.prevent_default()
        self._do(act, place)

    def _do(self, act: Callable[[T], str | None], given: T) -> bool:
        """Do it, and say what comes of it above the keys; whether that is no error."""
        line = self.query_one("#answer", Static)
        try:
            said, failed = act(given), False
        except Problem as error:
            said, failed = str(error), True
        if said is None:
            self.dismiss(None)
            return True
        line.set_class(failed, "-error")
        line.update(Text(self._choices.sign(said)))
        self._fill()
        return not failed

    def action_move(self, by: int) -> None:
        """Up and down the list."""
        self.query_one(Entries).move(by)

    @on(Input.Submitted)
    def _add(self, event: Input.Submitted) -> None:
        act, place = self._choices.keys.get("enter"), self.query_one(Entries).highlighted
        if event.value.strip():
            if self._choices.add is not None and self._do(self._choices.add, event.value):
                event.input.value = ""
        elif act is not None and place is not None:
            self._do(act, place)
