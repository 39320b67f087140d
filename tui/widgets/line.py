"""A line to type in that takes keys in the order in which they come, however fast."""

from __future__ import annotations

from textual.events import Event, Key, Paste
from textual.widgets import Input


class Line(Input):
    """Textual's line does what letters say at once, and what other keys say after the letters that follow them."""

    async def on_event(self, event: Event) -> None:
        """What was typed and still waits when the app is about to end is not wanted."""
        if not (self.app._exit and isinstance(event, Key | Paste)):
            await super().on_event(event)

    async def _on_key(self, event: Key) -> None:
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            event.prevent_default()
            await self.app.run_action(binding.action, self)
            return
        await super()._on_key(event)
