"""The terminal as Textual drives it, with what its reader of keys lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.driver import Driver


def outliving(driver: type[Driver], gone: Callable[[], object]) -> type[Driver]:
    """A driver of this kind whose reader goes on after bytes that are no text, and says when the terminal is gone.

    gone: is called in the app then. A driver without a reader of that kind is given back as it is.
    """
    if not hasattr(driver, "_run_input_thread"):
        return driver

    class Outliving(driver):  # type: ignore[misc, valid-type]
        def _sigcont_application(self, *told: object) -> None:
            """What was only halted has its terminal as it was: there is nothing to take again."""
            if self._must_signal_resume:
                super()._sigcont_application(*told)

        def _run_input_thread(self) -> None:
            """What was read together with what is no text is lost."""
            app: Any = self._app
            while not self.exit_event.is_set():
                try:
                    self.run_input_thread()
                except OSError:
                    app.call_later(gone)
                    return
                except Exception:  # in whatever way it cannot be read
                    continue

    return Outliving
