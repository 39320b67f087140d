"""JSON that every reader takes: it has no numbers for NaN and infinities, so these are texts."""

from __future__ import annotations

import json
import math

NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def dumps(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """As json.dumps, with doubles that are read back exactly and with the texts of `NOT_FINITE`."""
    return json.dumps(_written(value), indent=indent, ensure_ascii=ascii_only, allow_nan=False)


def _written(value: object) -> object:
    match value:
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case dict():
            return {key: _written(each) for key, each in value.items()}
        case list() | tuple():
            return [_written(each) for each in value]
    return value
