"""How the page and the text of a surface call what is drawn: its title, its axes, the numbers at their ends."""

from __future__ import annotations

from rich.cells import cell_len

from engine.timeline import Moment
from tui.surface.forward import INPUTS
from tui.surface.output import CLASSES, kind_of, softmax_of
from tui.wording import Wording


def title_of(moment: Moment, wording: Wording, output: int) -> str:
    """What is drawn, over what, and with which parameters."""
    axis = axis_names(wording, moment)
    return f"{_name(moment, wording, output)} over {axis[0]} and {axis[1]}{_which_parameters(moment, wording)}"


def _name(moment: Moment, wording: Wording, output: int) -> str:
    """What is drawn: an output by its label, or by its column; the class of the largest of them."""
    symbol, softmax = moment.scenario.network.output, softmax_of(moment)
    rows, columns = moment.program.symbols[symbol].shape
    if kind_of(moment) == CLASSES:
        return f"class of the largest {wording.symbol(softmax or symbol)}"
    if columns == 1:
        return wording.symbol(symbol)
    column = output % columns
    label = wording.label(symbol, (0, column)) if rows == 1 else ""
    return f"{label or f'{wording.symbol(symbol)}[:,{column}]'} (output {column + 1} of {columns})"


def _which_parameters(moment: Moment, wording: Wording) -> str:
    """Whether the parameters are the updated ones, or which of them are."""
    carried = {name: becomes for name, becomes in moment.program.carried.items() if becomes != name}
    done = [wording.symbol(becomes) for becomes in carried.values() if becomes in moment.values]
    if not carried:
        return ""
    if len(done) in (0, len(carried)):
        return f", {'after' if done else 'before'} the update of iteration {moment.position.iteration:,}"
    return f", with {', '.join(done)}; the other parameters not yet updated"


def axis_names(wording: Wording, moment: Moment) -> tuple[str, str]:
    """x0 and x1, or their labels where an iteration sees a single row."""
    labels = [wording.label("x", (0, column)) for column in range(INPUTS)]
    if moment.program.symbols["x"].shape[0] > 1 or not all(labels) or max(map(cell_len, labels)) > 12:
        return "x0", "x1"
    return labels[0], labels[1]


def brief(number: float) -> str:
    """A number at an axis or in the text."""
    return f"{number:.4g}"
