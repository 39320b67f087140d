"""What has just moved in the net, in a phrase: for the edge of its panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.cells import cell_len

from gradstep.engine.program.operations.activations import identity
from gradstep.engine.program.operations.affine import affine, bias_gradient, input_gradient, weight_gradient
from gradstep.engine.program.program import Phase, Role, Step
from gradstep.tui.pictures.net.look import Look, brief
from gradstep.tui.text.cells import NARROWEST, cell
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.words import net as words

WIDEST = 12  # cells of a number
_Phrase = Callable[[Look, Step], str]


def what_moved(look: Look, room: int) -> Pieces:
    """The phrase of the step that has just run, in the colour of its phase; a shorter one where that is in the room."""
    step = look.moment.step
    if step is None:
        return ((words.BEFORE_FIRST_STEP, "quiet"),)
    phrases = [look.notation.sign(phrase) for phrase in _phrases(look, step)]
    fitting = next((phrase for phrase in phrases if cell_len(phrase) <= room), "")
    return ((fitting, look.phase),) if fitting else ()


def _phrases(look: Look, step: Step) -> Iterator[str]:
    """Phrases for a step, the best first."""
    told = _BY_OPERATION.get(step.operation.name, _BY_PHASE.get(step.phase))
    array = look.array(step.symbol)
    if told is not None:
        if step.symbol == look.program.loss and array is not None and array.ndim == 0:  # which is at no unit
            yield f"{told(look, step)} ={cell(float(array), WIDEST).rstrip()}"
            yield f"{told(look, step)} ={cell(float(array), NARROWEST).rstrip()}"
        yield told(look, step)
    formula = look.notation.formula(step)
    yield formula
    if array is not None and array.ndim == 0:
        yield f"{look.name(step.symbol)} ={cell(float(array), NARROWEST).rstrip()}"
        yield f"{look.name(step.symbol)} ={brief(float(array), 7).rstrip()}"
    yield formula.partition(" = ")[2]
    yield look.name(step.symbol)


def _wires(look: Look, parameter: str) -> str:
    """The wires of a matrix of weights: w5…w8, or its name."""
    symbol = look.program.symbols[parameter]
    known = look.program.symbols.get(symbol.of, symbol)
    if len(known.shape) != 2:
        return look.name(parameter)
    rows, columns = known.shape
    label = look.notation.label
    first, last = label(known.name, (0, 0)), label(known.name, (rows - 1, columns - 1))
    if not (first and last):
        return look.name(parameter)
    return first if first == last else words.FROM_TO.format(first=first, last=last)


def _goes_on(look: Look, step: Step) -> str:
    return words.GOES_ON.format(value=look.name(step.operands[0]), wires=_wires(look, step.operands[1]))


def _came_back(look: Look, step: Step) -> str:
    product = step.operation.formula.format(*(look.name(name) for name in step.operands))
    return words.CAME_BACK.format(product=product, wires=_wires(look, step.operands[1]))


def _meet(look: Look, step: Step) -> str:
    one, other = (look.name(name) for name in step.operands)
    return words.MEET.format(one=one, other=other, gradient=look.name(step.symbol))


def _summed(look: Look, step: Step) -> str:
    return words.SUMMED.format(delta=look.name(step.operands[0]), gradient=look.name(step.symbol))


def _in_forward(look: Look, step: Step) -> str:
    if look.program.symbols[step.symbol].role is Role.MEASURE or not look.moment.scenario.network.layered:
        return look.notation.formula(step)
    sign = step.operation.sign or step.operation.name
    return words.THROUGH.format(value=look.name(step.operands[0]), operation=sign, result=look.name(step.symbol))


def _in_loss(look: Look, step: Step) -> str:
    if len(step.operands) < 2:
        return look.notation.formula(step)
    value, target = (look.name(name) for name in step.operands[:2])
    return words.COMPARED.format(value=value, target=target, loss=look.name(step.symbol))


def _in_backward(look: Look, step: Step) -> str:
    program = look.program
    symbol = program.symbols[step.symbol]
    if not look.moment.scenario.network.layered:
        return look.notation.formula(step)
    read = [name for name in step.operands if program.symbols[name].role is Role.GRADIENT]
    if not read:
        return words.BEGINS.format(value=look.name(symbol.of), gradient=look.name(step.symbol))
    made = program.writers.get(_activation(look, symbol.of))
    operation = program.steps[made].operation if made is not None else identity
    sign = operation.sign or operation.name
    return words.BACK_THROUGH.format(gradient=look.name(read[0]), operation=sign)


def _activation(look: Look, pre_activation: str) -> str:
    """What is made of a pre-activation alone."""
    users = look.program.users(pre_activation)
    return next((step.symbol for step in users if step.operands == (pre_activation,)), "")


def _in_update(look: Look, step: Step) -> str:
    symbol = look.program.symbols[step.symbol]
    if step.operation.copies:
        return words.STAYS.format(parameter=look.name(symbol.of or step.symbol))
    if symbol.role is not Role.NEXT:
        return look.notation.formula(step)
    return words.UPDATED.format(wires=_wires(look, symbol.of), result=look.name(step.symbol))


_BY_OPERATION: dict[str, _Phrase] = {
    affine.name: _goes_on,
    input_gradient.name: _came_back,
    weight_gradient.name: _meet,
    bias_gradient.name: _summed,
}
_BY_PHASE: dict[Phase, _Phrase] = {
    Phase.DRAW: lambda look, step: words.DRAWN.format(symbol=look.name(step.symbol)),
    Phase.FORWARD: _in_forward,
    Phase.LOSS: _in_loss,
    Phase.BACKWARD: _in_backward,
    Phase.UPDATE: _in_update,
}
