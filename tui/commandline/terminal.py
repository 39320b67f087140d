"""The standard output: the signs that it can show, and JSON."""

from __future__ import annotations

import sys

from gradstep.engine.strictjson import dumps


def speaks(text: str) -> bool:
    """Whether stdout can show these signs."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def print_json(found: object, *, indent: int | None = None) -> None:
    """A value as JSON, in one line unless it is indented."""
    print(dumps(found, indent=indent, ascii_only=not speaks("✓½η総")), flush=True)
