"""What Textual keeps of a dialog that has been closed, and need not."""

from __future__ import annotations

from textual._styles_cache import StylesCache
from textual.message_pump import MessagePump


class Forgotten(MessagePump):
    """A dialog that takes no memory once it has been closed.

    A cache of Textual's has the cache of each widget's lines as a part of its keys, and so keeps widgets, screens and
    what they refer to.
    """

    def on_unmount(self) -> None:
        """Let go of them."""
        StylesCache.get_inner_outer.cache_clear()
