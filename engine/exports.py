"""Writes symbols over a range of positions to a CSV or NPZ file.

A row (or the first index of an array) is an iteration: the values that a symbol has once all of that iteration has
run, so that `W1` is what it began with and `W1_next` what it came to. Iterations that do not measure have NaN for
what is measured.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gradstep.engine.arrays import Array, Shape, subscript
from gradstep.engine.data.files.writing import check_not_read, check_writable, write_whole
from gradstep.engine.errors import Problem, reason_of
from gradstep.engine.program.names import Names, Reference
from gradstep.engine.program.positions import Course
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.timeline import Timeline
from gradstep.engine.words import exports as words
from gradstep.engine.words import phrases

MOST_BYTES = 2**31
ENDINGS = (".csv", ".npz")


class ExportError(Problem):
    """An export that cannot be made; the message says why."""


def references(known: Names, names: Sequence[str]) -> list[Reference]:
    """The symbols and elements that names and labels stand for. Raises ExportError."""
    try:
        return [known.element(name) for name in names]
    except KeyError as error:
        raise ExportError(str(error.args[0])) from None


def check_export(scenario: Scenario, path: Path, names: Sequence[str], first: int, last: int) -> None:
    """Raises ExportError where these iterations cannot be exported, as far as that can be told before they have run."""
    course = scenario.course
    if path.suffix not in ENDINGS:
        raise ExportError(words.ENDS_OTHERWISE.format(name=path.name, endings=phrases.OR.join(ENDINGS)))
    if not names:
        raise ExportError(words.NOTHING_TO_WRITE)
    if not 1 <= first <= last <= course.iterations:
        raise ExportError(words.NO_SUCH_ITERATIONS.format(first=first, last=last, most=course.iterations))
    taken = sorted({"file", "allow_pickle", "iteration"}.intersection(names))
    if taken and path.suffix == ".npz":
        raise ExportError(words.TAKEN_BY_NPZ.format(name=taken[0]))
    numbers = sum(int(np.prod(_shape(course, each))) for each in references(course.names, names))
    iterations = last - first + 1
    if 8 * iterations * numbers > MOST_BYTES:
        raise ExportError(words.TOO_LARGE.format(iterations=iterations, numbers=numbers))
    try:
        check_not_read(path, scenario.files)
        with tempfile.TemporaryFile(dir=check_writable(path).parent):
            pass  # so there is a folder that can be written to
    except OSError as error:
        raise _cannot_be_written(path, error) from None


def _cannot_be_written(path: Path, error: OSError) -> ExportError:
    return ExportError(f"{path}: {phrases.CANNOT_BE_WRITTEN.format(reason=reason_of(error).lower())}")


def _shape(course: Course, reference: Reference) -> Shape:
    """Of what is written of a reference in one iteration."""
    return () if reference.index is not None else course.program.symbols[reference.symbol].shape


def export(
    timeline: Timeline, path: Path, names: Sequence[str], first: int, last: int, progress: Progress | None = None
) -> bool:
    """Write symbols of iterations first to last; False, and no file, if `progress` stopped it. Raises ExportError."""
    course = timeline.course
    check_export(timeline.scenario, path, names, first, last)
    which = references(timeline.names, names)
    count = last - first + 1
    arrays = [np.full((count, *_shape(course, each)), np.nan) for each in which]
    for place in range(count):
        timeline.goto(str(first + place))
        values = timeline.values()
        for array, each in zip(arrays, which, strict=True):
            if each.symbol in values:
                array[place] = each.of(values)
        if progress is not None and not progress(place + 1, count):
            return False
    content = _csv(first, names, arrays) if path.suffix == ".csv" else _npz(first, last, names, arrays)
    try:
        write_whole(path, content)
    except OSError as error:
        raise _cannot_be_written(path, error) from None
    return True


def _csv(first: int, names: Sequence[str], arrays: Sequence[Array]) -> bytes:
    """A header, then a line an iteration; an array's elements are columns of their own. Doubles read back exactly."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    header = ["iteration"]
    for name, array in zip(names, arrays, strict=True):
        header += [name + subscript(index) for index in np.ndindex(*array.shape[1:])]
    writer.writerow(header)
    for place in range(len(arrays[0])):
        numbers = [repr(number) for array in arrays for number in array[place].ravel().tolist()]
        writer.writerow([first + place, *numbers])
    return text.getvalue().encode()


def _npz(first: int, last: int, names: Sequence[str], arrays: Sequence[Array]) -> bytes:
    content = io.BytesIO()
    named = dict(zip(names, arrays, strict=True))
    np.savez_compressed(content, iteration=np.arange(first, last + 1), **named)  # type: ignore[arg-type]
    return content.getvalue()
