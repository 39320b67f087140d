"""When an app under test has done everything that was asked of it.

Textual's driver of tests takes an app for idle when its process has used little of the processor for 20 ms. One that is
pushed aside by another process looks the same, and its screen is read before it is drawn. Here an app is idle when
nothing waits in it.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import textual.app
import textual.pilot
from textual.app import App
from textual.message_pump import MessagePump, active_message_pump
from textual.screen import Screen

TICK = 0.001  # seconds between two looks
LIMIT = 30.0  # seconds that an app may take to become idle


def is_idle(app: App[Any]) -> bool:
    """No message waits or is being handled, and the screen has nothing left to lay out, to draw or to call."""
    asleep = all(_sleeps(pump) for pump in (app, *app._registry))
    return asleep and app._resize_event is None and not _has_work(app.screen)


def _sleeps(pump: MessagePump) -> bool:
    queue = pump._message_queue
    asleep = any(not waiter.done() for waiter in queue.ready_event._waiters)  # type: ignore[attr-defined]
    return asleep and queue.empty() and not pump._next_callbacks


def _has_work(screen: Screen[Any]) -> bool:
    drawing = screen._layout_required or screen._scroll_required or screen._repaint_required
    return bool(drawing or screen._recompose_required or screen._dirty_widgets or screen._callbacks)


async def wait_for_idle(min_sleep: float = 0, max_sleep: float = LIMIT) -> None:
    """Wait until the app under test is idle, or has failed."""
    app = active_message_pump.get().app
    began = time.monotonic()
    while app.is_running and app._exception is None:
        await asyncio.sleep(TICK)
        if is_idle(app):
            return
        assert time.monotonic() - began < LIMIT, "the app did not become idle"
        app.screen._on_timer_update()


def use() -> None:
    """Let Textual's driver of tests wait so, in this process."""
    for module in (textual.app, textual.pilot):
        assert hasattr(module, "wait_for_idle"), "what waits there has another name now"
        module.wait_for_idle = wait_for_idle  # type: ignore[attr-defined]
