"""Claims about memory: what is opened and closed again leaves nothing behind, however often."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

from gradstep.tui.dialogs import open as dialog
from tests.screen import Driven, driven

OPENINGS = 3
MOST = 40 * 1024  # bytes an opening; what is pinned for each is some hundred KiB


async def grown(screen: Driven, keys: Sequence[str]) -> float:
    """Bytes that each opening and closing adds, once all that is kept for good has been kept."""
    for _ in range(2):
        await screen.press(*keys)
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(OPENINGS):
        await screen.press(*keys)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    return (after - before) / OPENINGS


@pytest.mark.parametrize(
    "keys",
    [("x", "x"), ("o", "escape"), ("ctrl+p", "escape")],  # a drawer, a dialog of ours, one of Textual's
)
async def test_what_is_opened_and_closed_grows_no_memory(
    keys: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(dialog, "bundled", lambda: {"apples": tmp_path})  # others take long to list
    async with driven("apples") as screen:
        await screen.press("s")
        tracemalloc.start()
        try:
            assert await grown(screen, keys) < MOST
        finally:
            tracemalloc.stop()
