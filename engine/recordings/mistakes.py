"""The mistakes that people make in backpropagation by hand, each as a program with one or two steps replaced.

A mistake is an entry: the kind of step in which it is made, and the formula that stands there then, over the step's own
operands `{0}`, `{1}`, … and a few symbols of its layer. What does not fit a program, by its shapes or symbols, is no
variant of it. Formulas are those that people type, so that a mistake is run, shown and explained like any program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.names import Names
from gradstep.engine.program.program import Program, ProgramError, Role, Step
from gradstep.engine.program.replacing import with_replaced
from gradstep.engine.program.typing import typed
from gradstep.engine.words import mistakes as words


@dataclass(frozen=True)
class Slip:
    """One way to get a kind of step wrong. formula: over the operands and the names that `_Layer` gives.

    with_others: the same in every step of the kind at once is a mistake of its own, as where somebody forgets a
    derivative everywhere. beside: formulas of further kinds of steps that go wrong with it.
    """

    id: str
    formula: str
    with_others: bool = True
    beside: tuple[tuple[str, str], ...] = ()


ACTIVATIONS = ("sigmoid", "tanh", "relu")

# The kind of step, by the name of its operation → how it goes wrong.
SLIPS: Mapping[str, tuple[Slip, ...]] = {
    # ── forward ──────────────────────────────────────────────────────────────────────────────────────────────
    "affine": (
        Slip("bias-missing", "{0} @ {1}"),
        Slip("bias-subtracted", "{0} @ {1} - {2}"),
        Slip("bias-order", "{0} @ {1} + {2}[::-1]"),
        Slip("weights-transposed", "{0} @ {1}.T + {2}"),
    ),
    **{
        kind: (
            Slip("activation-missing", "{0}"),
            Slip("activation-twice", f"{kind}({kind}({{0}}))"),
            *(Slip("activation-other", f"{other}({{0}})") for other in ACTIVATIONS if other != kind),
        )
        for kind in ACTIVATIONS
    },
    "softmax": (
        Slip("softmax-over-batch", "softmax({0}, axis=0)"),
        Slip("softmax-over-batch", "exp({0}) / sum(exp({0}))"),
        Slip("softmax-unnormalized", "exp({0})"),
        Slip("softmax-twice", "softmax(softmax({0}))"),
    ),
    # ── the loss ─────────────────────────────────────────────────────────────────────────────────────────────
    "half_squared_error": (
        Slip("half-missing-in-loss", "sum(({0} - {1})**2)"),
        Slip("half-missing", "sum(({0} - {1})**2)", beside=(("difference", "2 * ({0} - {1})"),)),
        Slip("mean-over-outputs-in-loss", "0.5 * sum(mean(({0} - {1})**2, axis=1))"),
        Slip(
            "mean-over-outputs",
            "0.5 * sum(mean(({0} - {1})**2, axis=1))",
            beside=(("difference", "({0} - {1}) / K"),),
        ),
        Slip("mean-for-sum", "0.5 * sum(({0} - {1})**2) / N", beside=(("difference", "({0} - {1}) / N"),)),
        Slip("root-taken", "sqrt(sum(({0} - {1})**2))"),
        Slip("part-of-loss", "0.5 * sum((({0} - {1})**2)[:, 0])"),
        Slip("part-of-loss", "0.5 * sum((({0} - {1})**2)[0])"),
    ),
    "mean_half_squared_error": (
        Slip("half-missing-in-loss", "sum(({0} - {1})**2) / N"),
        Slip("half-missing", "sum(({0} - {1})**2) / N", beside=(("mean_difference", "2 * ({0} - {1}) / N"),)),
        Slip("sum-for-mean-in-loss", "0.5 * sum(({0} - {1})**2)"),
        Slip("sum-for-mean", "0.5 * sum(({0} - {1})**2)", beside=(("mean_difference", "{0} - {1}"),)),
        Slip("mean-over-outputs-in-loss", "0.5 * mean(({0} - {1})**2)"),
        Slip("mean-over-outputs", "0.5 * mean(({0} - {1})**2)", beside=(("mean_difference", "({0} - {1}) / N / K"),)),
        Slip("root-taken", "sqrt(sum(({0} - {1})**2) / N)"),
    ),
    "cross_entropy_from_logits": (
        Slip("sum-for-mean-in-loss", "-sum({1} * log_softmax({0}))"),
        Slip("sum-for-mean", "-sum({1} * log_softmax({0}))", beside=(("mean_difference", "{0} - {1}"),)),
        Slip("log-base", "-sum({1} * log_softmax({0})) / N / log(2)"),
        Slip("log-base", "-sum({1} * log_softmax({0})) / N / log(10)"),
        Slip("epsilon-in-log", "-sum({1} * log(softmax({0}) + 1e-7)) / N"),
    ),
    # ── the gradient of the output ───────────────────────────────────────────────────────────────────────────
    "difference": (
        Slip("error-sign", "{1} - {0}"),
        Slip("error-absolute", "abs({0} - {1})"),
    ),
    "mean_difference": (
        Slip("error-sign", "({1} - {0}) / N"),
        Slip("error-absolute", "abs({0} - {1}) / N"),
        Slip("batch-mean-missing", "{0} - {1}"),
        Slip("batch-mean-twice", "({0} - {1}) / N / N"),
        Slip("softmax-and-sigmoid-derivative", "({0} - {1}) / N * {0} * (1 - {0})"),
        Slip("label-only", "({0} - {1}) / N * {1}"),
    ),
    # ── through an activation ────────────────────────────────────────────────────────────────────────────────
    "sigmoid_gradient": (
        Slip("derivative-missing", "{0}"),
        Slip("derivative-at-activation", "{0} * sigmoid({1}) * (1 - sigmoid({1}))"),
        Slip("derivative-formula-on-input", "{0} * {u} * (1 - {u})"),
        Slip("activation-for-derivative", "{0} * {1}"),
        Slip("derivative-half", "{0} * (1 - {1})"),
        Slip("derivative-twice", "{0} * ({1} * (1 - {1}))**2"),
        Slip("derivative-other", "{0} * (1 - {1}**2)"),
    ),
    "tanh_gradient": (
        Slip("derivative-missing", "{0}"),
        Slip("derivative-at-activation", "{0} * (1 - tanh({1})**2)"),
        Slip("derivative-formula-on-input", "{0} * (1 - {u}**2)"),
        Slip("activation-for-derivative", "{0} * {1}"),
        Slip("derivative-half", "{0} * (1 - {1})"),
        Slip("derivative-twice", "{0} * (1 - {1}**2)**2"),
        Slip("derivative-other", "{0} * {1} * (1 - {1})"),
    ),
    "relu_gradient": (
        Slip("relu-mask-missing", "{0}"),
        Slip("relu-mask-inverted", "{0} * ({1} <= 0)"),
        Slip("relu-mask-of-gradient", "{0} * ({0} > 0)"),
        Slip("relu-at-zero", "{0} * ({1} >= 0)"),
        Slip("activation-for-derivative", "{0} * maximum(0, {1})"),
    ),
    # ── to the layer before ──────────────────────────────────────────────────────────────────────────────────
    "input_gradient": (
        Slip("early-update", "{0} @ {1}_next.T"),
        Slip("weights-untransposed", "{0} @ {1}"),
        Slip("weights-missing", "sum({0}, axis=1, keepdims=True) + 0 * ({0} @ {1}.T)"),
        Slip("weights-absolute", "{0} @ abs({1}).T"),
        Slip("one-output-flows-back", "{0}[:, :1] @ {1}[:, :1].T"),
        Slip("one-output-flows-back", "{0}[:, -1:] @ {1}[:, -1:].T"),
        Slip("error-flows-back", "{dz} @ {1}.T"),
        Slip("gradient-flows-back", "{0} @ {dW}.T"),
    ),
    # ── gradients of parameters ──────────────────────────────────────────────────────────────────────────────
    "weight_gradient": (
        Slip("preactivation-for-input", "{before}.T @ {1}"),
        Slip("own-output-for-input", "{z}.T @ {1}"),
        Slip("gradient-transposed", "({0}.T @ {1}).T"),
        Slip("last-row-only", "{0}[-1:].T @ {1}[-1:]"),
        Slip("first-row-only", "{0}[:1].T @ {1}[:1]"),
        Slip("product-of-means", "mean({0}, axis=0, keepdims=True).T @ mean({1}, axis=0, keepdims=True)"),
        Slip("gradient-zero", "0 * ({0}.T @ {1})"),
        Slip("stray-factor", "2 * ({0}.T @ {1})"),
        Slip("stray-factor", "0.5 * ({0}.T @ {1})"),
    ),
    "bias_gradient": (
        Slip("bias-gradient-mean", "mean({0}, axis=0)"),
        Slip("bias-gradient-one-number", "sum({0}) + 0 * sum({0}, axis=0)"),
        Slip("bias-gradient-times-bias", "sum({0}, axis=0) * {b}"),
        Slip("wrong-axis", "sum({0}, axis=1)"),
        Slip("last-row-only", "{0}[-1]"),
        Slip("first-row-only", "{0}[0]"),
        Slip("gradient-zero", "0 * sum({0}, axis=0)"),
    ),
    # ── updates ──────────────────────────────────────────────────────────────────────────────────────────────
    "descend": (
        Slip("ascent", "{0} + {2} * {1}"),
        Slip("rate-missing", "{0} - {1}"),
        Slip("rate-twice", "{0} - {2} * {2} * {1}"),
        Slip("rate-over-batch", "{0} - {2} * {1} / N"),
        Slip("weights-replaced", "-{2} * {1}"),
        Slip("layer-not-updated", "{0} + 0 * {1}"),
        Slip("sign-of-gradient", "{0} - {2} * (({1} > 0) - ({1} < 0))"),
    ),
    "keep": (Slip("frozen-updated", "{0} - learning_rate * d{0}"),),
}


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake in a program. at: the symbols whose steps are wrong. lines: those steps."""

    id: str
    at: tuple[str, ...]
    lines: tuple[str, ...]
    names: Names

    @property
    def says(self) -> str:
        """What was done, in a sentence, and where."""
        symbols = ", ".join(map(self.names.dressed_own, self.at))
        return words.AT.format(what=words.SAYS[self.id], symbols=symbols)

    @cached_property
    def program(self) -> Program:
        """The program with the mistake. Raises ProgramError where it does not fit after all."""
        return with_replaced(self.names, self.lines)


def mistakes(names: Names) -> Iterator[Mistake]:
    """Every mistake of the catalogue that can be made in a program, each step alone and all of a kind at once."""
    program = names.program
    by_kind: dict[str, list[Step]] = {}
    for step in program.steps:
        if step.phase != "measure":
            by_kind.setdefault(step.operation.name, []).append(step)
    for kind, steps in by_kind.items():
        for slip in SLIPS.get(kind, ()):
            alone = [made for step in steps if (made := _made(names, slip, step, by_kind))]
            yield from alone
            if len(alone) > 1 and slip.with_others:
                at = tuple(symbol for each in alone for symbol in each.at)
                together = Mistake(slip.id, at, tuple(line for each in alone for line in each.lines), names)
                if _fits(together):
                    yield together


def _made(names: Names, slip: Slip, step: Step, by_kind: Mapping[str, list[Step]]) -> Mistake | None:
    lines = [_line(names, step, slip.formula)]
    at = [step.symbol]
    for kind, formula in slip.beside:
        for other in by_kind.get(kind, ()):
            lines.append(_line(names, other, formula))
            at.append(other.symbol)
    if not all(lines):
        return None
    made = Mistake(slip.id, tuple(at), tuple(filter(None, lines)), names)
    return made if _fits(made) and not _changes_nothing(names, step, made) else None


def _fits(mistake: Mistake) -> bool:
    try:
        return bool(mistake.program)
    except (ExpressionError, ProgramError):
        return False


def _changes_nothing(names: Names, step: Step, mistake: Mistake) -> bool:
    """Whether the formula is the step's own."""
    return len(mistake.lines) == 1 and mistake.lines[0] == typed(names, step)


def _line(names: Names, step: Step, formula: str) -> str:
    """`SYMBOL = FORMULA` with the names put in; "" where the program lacks one of them."""
    program, plain = names.program, [*step.operands]
    known = _of_layer(program, step)
    try:
        return f"{step.symbol} = {formula.format(*plain, **known)}".replace(" K", f" {_outputs(program)}")
    except (KeyError, IndexError):
        return ""


def _outputs(program: Program) -> int:
    """K, the number of outputs."""
    found = [symbol.shape for symbol in program.symbols.values() if symbol.role is Role.OUTPUT and symbol.shape]
    return found[-1][-1] if found else 1


def _of_layer(program: Program, step: Step) -> dict[str, str]:
    """The names that formulas may use of a step's layer: u, z its pre-activation and output, before the pre-activation
    of the layer before it, dz the gradient of its output, dW and b of its weights and bias.
    """
    symbols, known = program.symbols, dict[str, str]()
    symbol = symbols[step.symbol]
    match step.operation.name:
        case "sigmoid_gradient" | "tanh_gradient":
            known["u"] = symbol.of
        case "input_gradient":
            delta, weights = step.operands[:2]
            affine = symbols[delta].of
            known |= {"dW": program.gradient_of(weights) or ""}
            out = next((each.symbol for each in program.users(affine) if each.operands == (affine,)), "")
            known |= {"dz": program.gradient_of(out) or ""} if out else {}
        case "weight_gradient":
            x, delta = step.operands[:2]
            affine = symbols[delta].of
            made = program.writers.get(x)
            if made is not None and program.steps[made].operands and len(program.steps[made].operands) == 1:
                known["before"] = program.steps[made].operands[0]
            out = next((each.symbol for each in program.users(affine) if each.operands == (affine,)), "")
            known |= {"z": out} if out else {}
        case "bias_gradient":
            known["b"] = symbol.of
    return {name: value for name, value in known.items() if value}
