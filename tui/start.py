"""Where the command begins. What it imports takes a moment, and who interrupts it then wants no traceback."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    try:
        from gradstep.tui.cli import main as run  # noqa: PLC0415 - what can be interrupted
    except KeyboardInterrupt:
        return 130
    return run(arguments)
