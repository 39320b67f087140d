"""Claims about what is extreme: names of forty characters, wide ones, huge, tiny and odd numbers, deep and large nets.

In terminals from 40×10 to 300×100 every screen has its size, and every number that can be clicked is the whole number
of its element, to all digits that are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from gradstep.engine.program.expression import Element
from gradstep.tui.text.cells import EXPONENT
from tests.screen import Still
from tests.strategies import scenario_of
from tests.tui.debugger.test_walk import agrees, cut

SIZES = ((40, 10), (47, 14), (66, 20), (80, 24), (100, 32), (120, 40), (170, 50), (200, 60), (300, 100))
HEAD = 'format = 1\ntitle = "extreme"\n'
LEARNS = '[loss]\nkind = "squared_error"\n[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\n[training]\niterations = 3\n'
AFFINE = '[[layer]]\nkind = "affine"\nunits = {}\ninit = "normal"\nscale = 1.0\n'
FORTY = "a_name_of_forty_characters_that_is_long_"
FORTY_CELLS = "総入力と重みの更新を一歩ずつ確かめる"
SYMBOLS = [
    "x",
    "t",
    "W1",
    "b1",
    "u1",
    "z1",
    "W2",
    "b2",
    "u2",
    "y",
    "E",
    "dy",
    "delta2",
    "dW2",
    "db2",
    "dz1",
    "delta1",
    "dW1",
    "db1",
]
NUMBER = re.compile(r"[-−]?(?:\d[\d,]*\.?\d*(?:e[+-]?\d+)?|inf|NaN)(?![\w\]])")
CUT = re.compile(r"\d\.\d*(?:e[+-]?\d*)?…")


def activated(units: int, activation: str) -> str:
    return AFFINE.format(units) + f'[[layer]]\nkind = "{activation}"\n'


def named(stem: str) -> str:
    """A net of six weights and six more, whose symbols, weights and inputs all have such names."""
    names = {symbol: f"{stem}{symbol}" for symbol in SYMBOLS}
    labels = [[f"{stem}_w{unit}_{weight}" for weight in range(3)] for unit in range(2)]
    return (
        HEAD
        + "[data]\nx = [[0.5, -1.0]]\nt = [[0.25, 1.0]]\n"
        + activated(3, "sigmoid")
        + activated(2, "sigmoid")
        + LEARNS
        + "[names]\n"
        + "".join(f'{symbol} = "{name}"\n' for symbol, name in names.items())
        + f'[labels]\nx = [["{stem}_i1", "{stem}_i2"]]\nW1 = {labels}\n'.replace("'", '"')
    )


HUGE = f"""{HEAD}
[data]
x = [[1e300, -1e-300, -0.0]]
t = [[0.25, -1e300]]
[[layer]]
kind = "affine"
W = [[1e-300, -1e300, 0.2], [1e300, -1e-300, -0.0], [-0.0, 1e300, -1e300]]
b = [-1e300, 1e-300, -0.0]
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = [[1e300, -1e-300], [-0.0, 1e300], [1e-300, 0.6]]
b = [-0.0, -1e300]
{LEARNS}"""
CASES: dict[str, Callable[[], str]] = {
    "names of forty characters": lambda: named(FORTY),
    "wide names": lambda: named(FORTY_CELLS),
    "a unit a layer": lambda: (
        HEAD + "[data]\nx = [[0.5]]\nt = [[0.25]]\n" + activated(1, "relu") + activated(1, "relu") + LEARNS
    ),
    "a single step": lambda: (
        HEAD + '[[node]]\nname = "y"\nkind = "multiply"\ninputs = ["a", "b"]\n[parameters]\na = 1e300\nb = -1e-300\n'
    ),
    "huge and tiny numbers": lambda: HUGE,
    "fifty layers": lambda: HEAD + "[data]\nx = [[0.5, 1]]\nt = [[0.25, 1]]\n" + activated(2, "tanh") * 50 + LEARNS,
    "two thousand by two thousand": lambda: (
        f'{HEAD}data = {{generate = ["x0"], inputs = 2000, samples = 1}}\n'
        + AFFINE.format(2000)
        + AFFINE.format(1)
        + LEARNS
    ),
}
FEW = (SIZES[0], SIZES[3], SIZES[5], SIZES[8])
EVERY = {"fifty layers": 41, "two thousand by two thousand": 5}  # so many steps from one that is looked at to the next


def check(still: Still) -> None:
    """The screen has its size, and no number in it is another one or is cut."""
    drawing, values = still.stage.drawing, still.bench.moment.values
    where = still.size, still.position
    assert len(drawing.lines) == still.size[1], where
    assert {sum(cell_len(text) for text, _ in line) for line in drawing.lines} == {still.size[0]}, where
    assert still.bench.view.notation.ascii or not CUT.search(still.text), where  # dots stand for what is to come, too
    for hit in drawing.hits:
        target = hit.target
        if not isinstance(target, Element) or target.symbol not in values or hit.area.width < EXPONENT:
            continue
        text = "".join(text for line in cut(drawing, hit.area) for text, _ in line).split("=")[-1].rstrip()
        shown = NUMBER.search(text)
        if shown and shown.end() == len(text) and not re.search(r"[\[|‖]", text):  # no index, no norm
            assert agrees(shown[0].replace(",", ""), float(values[target.symbol][target.index])), (where, text, target)


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_what_is_extreme_is_shown_whole_at_every_size(name: str, ascii: bool) -> None:
    still = Still(scenario_of(CASES[name]()), ascii_only=ascii)
    for count in range(still.bench.moment.length + 1):
        if count % EVERY.get(name, 3) == 0 or count == still.bench.moment.length:
            for size in FEW if name in EVERY else SIZES:
                check(still.resize(*size))
        still.do("step")


@pytest.mark.parametrize("value", ["nan", "inf", "-0.0", "-1e-308"])
def test_an_odd_number_goes_through_all_panels(value: str) -> None:
    still = Still("relu-softmax-2-3-2").press("s", "s").put("e", f"W1[0,0] = {value}")
    for _ in range(8):
        for size in SIZES:
            check(still.resize(*size))
        still.press("s", "s")


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
def test_norms_in_the_net_do_not_leave_the_range_of_numbers_with_their_squares(size: tuple[int, int]) -> None:
    text = Still(scenario_of(HUGE), size).goto("1:u1").text
    assert not re.search(r"‖\S*‖.? +inf", text)
    assert "‖W‖" not in text or re.search(r"‖W‖.? +2e300", text)  # of four weights of 1e300


@pytest.mark.parametrize("name", ["names of forty characters", "wide names"])
@pytest.mark.parametrize("size", [(80, 24), (100, 32), (120, 40), (200, 60)])
def test_long_names_are_told_apart_by_their_ends(name: str, size: tuple[int, int]) -> None:
    still = Still(scenario_of(CASES[name]()), size).goto("1:delta1")
    for end in ("dz1", "(?<!d)z1", "lta1"):
        assert re.search(rf"…\S*{end}[ )]", still.text), end
    begin = r"│[▌ ](\w{2,}…\w+) "
    rows = [match[1] for line in still.lines for match in re.finditer(begin, line)]
    assert len(rows) > 4
    assert len(rows) == len({*rows})


@pytest.mark.parametrize("size", [(100, 32), (120, 40), (150, 45), (200, 60)])
def test_no_text_in_the_net_runs_into_the_next(size: tuple[int, int]) -> None:
    still = Still(scenario_of(CASES["two thousand by two thousand"]()), size).goto("1:u1")
    net = still.panel("net")
    assert not re.search(r"2000×2(?!000(?!\S))", net)
