"""How much work a function makes of an array: counted and not timed, it is the same on every machine, busy or idle."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import numpy as np
import pytest

SORTING = {"argsort", "lexsort", "median", "partition", "percentile", "quantile", "sort", "unique"}


@dataclass
class Work:
    """numbers: of arrays that NumPy's functions were given, each as often as it was; lines, calls: of Python."""

    numbers: float = 0.0
    lines: int = 0
    calls: int = 0

    def trace(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        """What `sys.settrace` calls."""
        self.lines += event == "line"
        return self.trace


class _Counted:
    """NumPy, or one of its functions with its methods: it counts what it is given. Sorting n numbers is n log n."""

    def __init__(self, counted: Any, work: Work) -> None:
        self._counted, self._work = counted, work

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._counted, name)
        return _Counted(found, self._work) if callable(found) and not isinstance(found, type) else found

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        size = max((np.size(each) for each in arguments if isinstance(each, np.ndarray)), default=0)
        sorts = getattr(self._counted, "__name__", "") in SORTING
        self._work.numbers += size * (np.log2(size + 1) if sorts else 1)
        return self._counted(*arguments, **options)


@contextmanager
def calls_of(*folders: Path) -> Iterator[Work]:
    """Counts the calls of functions that stand below these folders, in this thread and those that begin here."""
    work, begins = Work(), tuple(map(str, folders))

    def count(frame: FrameType, event: str, argument: object) -> None:
        work.calls += event == "call" and frame.f_code.co_filename.startswith(begins)

    sys.setprofile(count)
    threading.setprofile(count)
    try:
        yield work
    finally:
        threading.setprofile(None)
        sys.setprofile(None)


def work_of(job: Callable[[], object], module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Work:
    """The work of a job that makes it by one module's functions."""
    work, before = Work(), sys.gettrace()
    with monkeypatch.context() as patched:
        patched.setattr(module, "np", _Counted(np, work))
        sys.settrace(work.trace)
        try:
            job()
        finally:
            sys.settrace(before)
    return work
