"""The page on a step and why it is so: the entries of `words.steps` that belong to it, with its own names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradstep.engine.program.formulas import NAME as FORMULA
from gradstep.engine.program.program import GRADIENTS, Phase, Program, Role, Step
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pages.view import BLANK
from gradstep.tui.text.folding import folded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Band, Line, Page, text_line
from gradstep.tui.words.steps import CATALOGUE, Entry

SPREAD = "remark:spread"


def why_page(told: Sequence[str], notes: Sequence[str], notation: Notation, width: int) -> Page:
    """Words on a step: its name, sentences, the formula with its conditions, the source; and what is odd about it."""
    name, *sentences, formula, source = (notation.sign(text) for text in told)
    page: list[Band | Line] = [text_line(name, "title"), BLANK]
    for sentence in sentences:
        page += folded(sentence, width)
    for note in notes:
        page += [BLANK, *folded(notation.sign(f"⚠ {note}"), width, "changed")]
    page += [BLANK, *folded(formula, width, "formula"), BLANK, *folded(source, width, "dim")]
    return tuple(page)


def about(
    scenario: Scenario, step: Step, notation: Notation, catalogue: Mapping[str, Entry] = CATALOGUE
) -> tuple[str, ...]:
    """The texts on a step: its name, sentences on what it does and why, last but one its formula, last a source."""
    main, *remarks = (catalogue[key] for key in keys(scenario, step))
    fields = _filling(scenario, step, notation, main)
    sentences = [*main.sentences, *(sentence for remark in remarks for sentence in remark.sentences)]
    texts = (main.name, *sentences, main.formula, main.source)
    return tuple(notation.sign(text).format_map(fields) for text in texts)


def short_why(scenario: Scenario, step: Step, notation: Notation) -> str:
    """Why a step is as it is, in a few words."""
    main, *_ = told = keys(scenario, step)
    entry = CATALOGUE[SPREAD if SPREAD in told else main]
    numbers = not any(operand.shape for operand in scenario.program.operands(step))
    short = entry.of_numbers if numbers and entry.of_numbers else entry.short
    return notation.sign(short).format_map(_filling(scenario, step, notation, entry))


def _filling(scenario: Scenario, step: Step, notation: Notation, entry: Entry) -> dict[str, str]:
    """The values of an entry's placeholders."""
    operands = zip(entry.operands, map(notation.symbol, step.operands), strict=bool(entry.operands))
    return _fields(scenario, step, notation) | dict(operands)


def keys(scenario: Scenario, step: Step) -> tuple[str, ...]:
    """The keys of what is said of a step: that of its operation or a variant of it, then those of remarks."""
    name = (step.operation.terms or step.operation).name
    variants = (f"{name}:{variant}" for variant in _variants(scenario, step))
    return (next((key for key in variants if key in CATALOGUE), name), *_remarks(scenario, step))


def _variants(scenario: Scenario, step: Step) -> Iterator[str]:
    """Variants of the use of an operation, the most special first; few operations have words for it."""
    program, symbol = scenario.program, scenario.program.symbols[step.symbol]
    if not step.operands:
        yield symbol.role
        yield symbol.rows or (scenario.draw.kind if scenario.draw else "")
        return
    if _is_foreign(step):
        yield "foreign"
    if program.has_loss and symbol.of == program.loss:
        yield "loss"
    if _of_softmax(program, step):
        yield "softmax"
    if step.operation.share and program.symbols[step.operands[0]].shape[1] == 1:
        yield "column"
    if symbol.role in GRADIENTS and symbol.of not in step.operands:
        yield "output"


def _remarks(scenario: Scenario, step: Step) -> Iterator[str]:
    program, symbol = scenario.program, scenario.program.symbols[step.symbol]
    if step.operation.terms is not None:
        yield SPREAD
    if step.operation.share:
        if program.symbols[step.operands[0]].shape[1] > 1 and any(
            each.operation.distribution for each in program.steps
        ):
            yield "remark:logits"
    elif step.phase is Phase.MEASURE and step.operands:
        yield "remark:measure"
    elif symbol.role is Role.GRADIENT and _of_softmax(program, step) and _writer(program, program.loss).operation.exact:
        yield "remark:epsilon"
    if _is_foreign(step):
        yield "remark:foreign"
    elif not step.note and (culprits := program.not_derivatives(step.symbol)):
        yield "remark:behind" if all(map(_is_foreign, culprits)) else "remark:behind_formula"
    if symbol.role is Role.CONTRIBUTION:
        yield "remark:contribution"


def _is_foreign(step: Step) -> bool:
    """Whether a step takes another derivative than that of the forward pass, and is no formula of somebody's own."""
    return bool(step.note) and step.operation.name != FORMULA


def _of_softmax(program: Program, step: Step) -> bool:
    """Whether the first operand of a step is what a softmax makes of the value whose gradient the step is."""
    place = program.writers.get(step.operands[0]) if step.operands else None
    made = None if place is None else program.steps[place]
    return made is not None and made.operation.distribution and program.symbols[step.symbol].of in made.operands


def _fields(scenario: Scenario, step: Step, notation: Notation) -> dict[str, str]:
    """The values of the placeholders that are the same in every entry."""
    program, rows = scenario.program, scenario.draw.batch if scenario.draw else None
    symbol, goal = program.symbols[step.symbol], notation.symbol(program.loss)
    count = _rows_measured(program, step) if step.phase is Phase.MEASURE else rows
    fields = {
        "symbol": notation.symbol(step.symbol),
        "formula": notation.formula(step),
        "operands": ", ".join(map(notation.symbol, step.operands)),
        "count": str(len(step.operands)),
        "of": notation.symbol(symbol.of) if symbol.of else "",
        "layer": step.layer,
        "goal": notation.sign(f"Σ {goal}") if program.symbols[program.loss].shape else goal,
        "N": "N" if count is None else f"N = {count:,}",
    }
    if symbol.by:
        gradients = (each for each in program.symbols.values() if each.role is Role.GRADIENT)
        upstream = next(each.name for each in gradients if each.of == symbol.by)
        fields |= {"out": notation.symbol(symbol.by), "d": notation.symbol(upstream)}
    culprits = program.not_derivatives(step.symbol)
    if culprits:
        fields["culprit"] = ", ".join(notation.symbol(each.symbol) for each in culprits)
    if _is_foreign(step):
        fields["forward"] = notation.formula(_writer(program, program.symbols[step.operands[0]].of))
    return fields


def _writer(program: Program, symbol: str) -> Step:
    """The step that writes a symbol that is no data."""
    return program.steps[program.writers[symbol]]


def _rows_measured(program: Program, step: Step) -> int:
    """The rows of the set that a step of the measure phase belongs to."""
    first = next(other for other in program.steps if other.phase is Phase.MEASURE and other.layer == step.layer)
    return program.symbols[first.symbol].shape[0]  # a phase begins with the set's rows
