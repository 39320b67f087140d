"""Claims about dialogs that are closed: once, however much that closes them waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradstep.tui.app import GradstepApp
from tests.screen import driven

DIALOGS: dict[str, Callable[[GradstepApp], object]] = {
    "palette": lambda app: app.action_command_palette(),
    "themes": lambda app: app.search_themes(),
    "open": lambda app: app.debugger.bench.do("scenario"),
}


@pytest.mark.parametrize("name", DIALOGS)
async def test_what_closes_a_dialog_closes_one(name: str) -> None:
    async with driven() as app:
        await app.press("s")
        DIALOGS[name](app.app)
        await app.pilot.pause()
        assert app.app.screen is not app.debugger
        dialog = app.app.screen
        for _ in range(3):  # as clicks beside it do that come faster than it goes
            dialog.dismiss()
        await app.pilot.pause()
        assert app.app.screen is app.debugger
        await app.press("s")
        assert app.bench.timeline.position.step == 2
