"""A dialog that is closed once, however much that closes it waits."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.message_pump import MessagePump


class ClosedOnce(MessagePump):
    """A screen. Textual closes whatever is on top each time: another dialog, or the debugger's screen."""

    is_current: bool

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close it, if it is on top."""
        closed: AwaitComplete = super().dismiss(result) if self.is_current else AwaitComplete()  # type: ignore[misc]
        return closed
