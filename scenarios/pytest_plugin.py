"""A pytest plugin: scenario files are tests, one item an expectation.

It does nothing until it is asked to: `--gradstep` collects every *.toml file given or found (pyproject.toml apart),
the ini option `gradstep_files` those that match one of its patterns. A scenario without expectations is one item:
its first iteration runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gradstep.engine.scenario.expectations import Expectation, Verdict
    from gradstep.engine.timeline.timeline import Timeline


def pytest_addoption(parser: pytest.Parser) -> None:
    """The flag and the ini option."""
    group = parser.getgroup("gradstep", "backpropagation scenarios")
    group.addoption("--gradstep", action="store_true", help="collect *.toml files as gradstep scenarios")
    parser.addini("gradstep_files", "patterns of scenario files, relative to the root directory", type="linelist")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for a scenario file, if such files are wanted."""
    if file_path.suffix != ".toml":
        return None
    config = parent.config
    wanted = config.getoption("--gradstep") and file_path.name != "pyproject.toml"
    if not wanted:
        patterns = config.getini("gradstep_files")
        try:
            place = file_path.relative_to(config.rootpath).as_posix()
        except ValueError:
            return None
        wanted = any(fnmatch(place, pattern) for pattern in patterns)
    return ScenarioFile.from_parent(parent, path=file_path) if wanted else None


class ScenarioFile(pytest.File):
    """A scenario file; its items share one timeline."""

    @cached_property
    def timeline(self) -> Timeline:
        """The scenario's run; raises ScenarioError."""
        from gradstep.engine import Timeline, load_scenario  # noqa: PLC0415 - nothing is imported unless asked for

        return Timeline(load_scenario(self.path))

    def collect(self) -> Iterator[pytest.Item]:
        """One item an expectation, in the order of the file."""
        from gradstep.engine import MissingDataError, ScenarioError  # noqa: PLC0415 - as above

        try:
            expectations = self.timeline.scenario.expectations
        except MissingDataError as error:
            yield NotHere.from_parent(self, name="data", reason=str(error))
            return
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None
        for expectation in expectations:
            name = f"{expectation.at} {expectation.spelling}"
            yield ExpectationItem.from_parent(self, name=name, expectation=expectation)
        if not expectations:
            yield FirstIteration.from_parent(self, name="first iteration")


class Disagreement(AssertionError):
    """An expectation that does not hold."""


class _Item(pytest.Item):
    @property
    def timeline(self) -> Timeline:
        assert isinstance(self.parent, ScenarioFile)
        return self.parent.timeline

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        if isinstance(excinfo.value, Disagreement):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class ExpectationItem(_Item):
    """One expectation of a scenario."""

    def __init__(self, *, expectation: Expectation, **more: Any) -> None:
        super().__init__(**more)
        self.expectation = expectation

    def runtest(self) -> None:
        """Go to the expectation's position and compare."""
        timeline = self.timeline
        timeline.goto(self.expectation.position)
        verdict = self.expectation.check(timeline.values(), timeline.names)
        if not verdict.passed:
            raise Disagreement(_explained(verdict))


class NotHere(_Item):
    """A scenario whose data files are not here: they are not the scenario's to ship.

    A failure would ask everyone for a download, a pass would claim what nobody looked at. Skipped, it is counted,
    with the folders that were looked in.
    """

    def __init__(self, *, reason: str, **more: Any) -> None:
        super().__init__(**more)
        self.reason = reason

    def runtest(self) -> None:
        """There is nothing to run it on."""
        pytest.skip(self.reason)


class FirstIteration(_Item):
    """A scenario that expects nothing: it must run at all."""

    def runtest(self) -> None:
        """Run one iteration."""
        self.timeline.goto("1")


def _explained(verdict: Verdict) -> str:
    from gradstep.engine.words import plugin as words  # noqa: PLC0415 - as above

    expectation = verdict.expectation
    lines = [
        words.EXPECTATION_AT.format(expectation=expectation.key, position=expectation.at),
        words.PRINTED.format(value=expectation.printed),
        words.COMPUTED.format(value=verdict.value),
    ]
    if expectation.disagrees and verdict.printed_holds:
        lines.append(words.AGREES_UNEXPECTEDLY.format(why=expectation.disagrees))
    elif expectation.disagrees:
        lines.append(words.DIFFERS_OTHERWISE.format(instead=expectation.instead, why=expectation.disagrees))
    if verdict.would_hold_as_text:
        lines.append(words.AS_TEXT)
    if expectation.note:
        lines.append(words.NOTE.format(note=expectation.note))
    return "\n".join(lines)
