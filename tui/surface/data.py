"""All rows of the data as they are at a moment: some numbers of them may have been set by hand."""

from __future__ import annotations

from engine.operation import Array
from engine.timeline import Moment


def data_of(moment: Moment) -> tuple[Array, Array]:
    """Inputs and targets, a row each; not to be written to."""
    dataset, draw, here = moment.scenario.dataset, moment.scenario.draw, moment.position
    assert dataset is not None, "there are data to draw"
    edits = [
        edit
        for edit in moment.edits
        if edit.symbol in ("x", "t") and (edit.iteration, edit.step) <= (here.iteration, here.step)
    ]
    if not edits:
        return dataset.x, dataset.t
    data = {"x": dataset.x.copy(), "t": dataset.t.copy()}
    for edit in edits:
        row, column = edit.index
        rows = draw.rows(edit.iteration) if draw is not None else None
        data[edit.symbol][row if rows is None else int(rows[row]), column] = edit.value
    return data["x"], data["t"]
