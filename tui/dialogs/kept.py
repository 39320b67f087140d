"""Whether the session is to be opened that was kept when an earlier run ended early: one key for each answer."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Static

from gradstep.tui.widgets.forgetting import Forgotten
from gradstep.tui.words import boundary as words

KEYS = {"y": True, "enter": True, "n": False, "escape": None, "ctrl+c": None, "ctrl+q": None}


class KeptScreen(Forgotten, ModalScreen[bool | None]):
    """Gives whether it is to be opened; None for neither opened nor dropped."""

    SHOWN: ClassVar[tuple[tuple[str, str], ...]] = (
        (words.KEY_OPENS, words.OPENS),
        (words.KEY_DROPS, words.DROPS),
        (words.KEY_LATER, words.LATER),
    )

    def compose(self) -> ComposeResult:
        """What has happened, the keys, and what is awaited after another key."""
        with Vertical(id="kept", classes="panel dialog") as box:
            box.border_title = words.ENDED_EARLY
            yield Static(words.KEPT, markup=False)
            yield Static("")
            for key, does in self.SHOWN:
                yield Static(Text.assemble((f"  {key:9}", "bold"), does))
            yield Static("", id="awaited", markup=False)

    def on_key(self, event: Key) -> None:
        """A key that is none of these does nothing, and is answered with what is awaited."""
        event.stop()
        event.prevent_default()
        if event.key in KEYS:
            self.dismiss(KEYS[event.key])
        else:
            self.query_one("#awaited", Static).update(words.AWAITED)
