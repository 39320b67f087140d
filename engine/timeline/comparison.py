"""Where two branches of a run part."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gradstep.engine.arrays import Array
from gradstep.engine.data.edits import Edit
from gradstep.engine.program.positions import Position
from gradstep.engine.progress import Progress
from gradstep.engine.timeline.branches import Branch
from gradstep.engine.timeline.restore import Restorer


def first_difference(restorer: Restorer, one: Branch, two: Branch, progress: Progress | None = None) -> Position | None:
    """The first position at which two branches differ; None where they never do, or where that was stopped."""
    common = 0
    while common < min(len(one.edits), len(two.edits)) and _same(one.edits[common], two.edits[common]):
        common += 1
    apart = (*one.edits[common:], *two.edits[common:])
    if not apart:
        return None
    first = min(apart, key=lambda edit: (edit.iteration, edit.step))
    last_edit = max(edit.iteration for edit in apart)
    begin, end = first.iteration, restorer.course.iterations
    for iteration in range(begin, end + 1):
        step = first.step if iteration == begin else 1
        for place in range(step, restorer.course.length(iteration) + 1):
            position = restorer.course.at(iteration, place)
            if _differ(*(restorer.computed(branch, position).at(place) for branch in (one, two))):
                return position
        same = restorer.state(one, iteration + 1)[1].tobytes() == restorer.state(two, iteration + 1)[1].tobytes()
        if same and iteration >= last_edit:
            return None
        if progress is not None and not progress(iteration - begin + 1, end - begin + 1):
            return None
    return None


def _same(one: Edit, other: Edit) -> bool:
    """Whether two edits set the same element to the same bits, at the same moment."""
    return one == other and math.copysign(1.0, one.value) == math.copysign(1.0, other.value)


def _differ(one: Mapping[str, Array], two: Mapping[str, Array]) -> bool:
    return any(one[name].tobytes() != two[name].tobytes() for name in one)
