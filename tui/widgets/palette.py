"""Textual's palette of commands, with what it lacks."""

from __future__ import annotations

from contextlib import suppress

from textual.command import CommandPalette

from gradstep.tui.widgets.closing import ClosedOnce
from gradstep.tui.widgets.forgetting import Forgotten


class Palette(Forgotten, ClosedOnce, CommandPalette):
    """The palette, which a key reaches before its list has been laid out."""

    def _action_command_list(self, action: str) -> None:
        """No lines are known then to move over, and nothing is what the key does."""
        with suppress(LookupError):
            super()._action_command_list(action)
