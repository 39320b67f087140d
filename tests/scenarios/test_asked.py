"""Nets that people asked about and that are no chain of layers: written as formulas, with values from elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradstep.engine import Timeline
from gradstep.engine.analysis.gradcheck import check
from tests.strategies import scenario_of

LEAKY = """
[data]
x = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
t = [[0], [0], [1], [1]]
[parameters]
W = [[-0.165955990594852], [0.4406489868843162], [-0.9997712503653102]]
[model]
forward = '''
u = x @ W
y = {formula}
'''
loss = "E = 0.5 * sum((y - t)**2)"
[optimizer]
kind = "sgd"
learning_rate = 0.01
[training]
iterations = 1000
"""
LEAKY_FIRST = {
    "y": [[-0.09997712503653103], [-0.055912226348099406], [-0.11657272409601623], [-0.0725078254075846]],
    "dW": [[-0.2189080549503601], [-0.11284200517556842], [-0.23449699008882313]],
    "E": 1.2050646431707377,
}
LEAKY_LAST = {"W_next": [[1.1328046882862], [0.017549510857657626], [-0.14192434083690364]]}

BOWL = """
[parameters]
w0 = 2
w1 = 2
[model]
forward = "L = 2 * w0**2 + w1**2"
loss = "E = L + 0"
[optimizer]
{optimizer}
[training]
iterations = 3
"""
HEAVY = 'kind = "momentum"\nlearning_rate = 0.1\nmomentum = 0.9'
AVERAGED = 'learning_rate = 0.1\nupdate = """\nv = 0.9 * v + 0.1 * g\np = p - learning_rate * v\n"""'

RECURRENT = """
[inputs]
x = [0.1, 0.2, 0.3]
t = [0.2, 0.4, 0.6]
h0 = 0.0
[parameters]
Wx = 0.5
Wh = 0.5
bh = 0.0
Wy = 1.0
by = 0.0
[model]
forward = '''
h1 = tanh(Wx * x[0] + Wh * h0 + bh)
h2 = tanh(Wx * x[1] + Wh * h1 + bh)
h3 = tanh(Wx * x[2] + Wh * h2 + bh)
y = Wy * stack([h1, h2, h3]) + by
'''
loss = "L = mean((y - t)**2)"
"""

WHOLE_BATCH = """
[data]
x = [[0.6, 0.9], [0.1, 0.4], [0.8, 0.2]]
t = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
[parameters]
W1 = [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]
b1 = [0.1, 0.2, 0.3]
W2 = [[0.1, 0.4, 0.2], [0.2, 0.5, 0.1], [0.3, 0.6, 0.7]]
b2 = [0.1, 0.2, 0.1]
[model]
forward = '''
z1 = sigmoid(x @ W1 + b1)
u2 = z1 @ W2 + b2
{softmax}
'''
loss = "E = -mean(sum(t * log(y), axis=1))"
"""

TOO_SMALL = "squared errors that are summed"  # gradients of 1e-18, which no difference tells from rounding
NETS: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "leaky ReLU as a maximum": (
        LEAKY.format(formula="maximum(u, 0.1 * u)"),
        {"1": LEAKY_FIRST, "1000": LEAKY_LAST},
    ),
    "leaky ReLU by cases": (
        LEAKY.format(formula="where(u > 0, u, 0.1 * u)"),
        {"1": LEAKY_FIRST, "1000": LEAKY_LAST},
    ),
    "momentum": (
        BOWL.format(optimizer=HEAVY),
        {
            "1": {"w0_next": 1.2, "w1_next": 1.6},
            "2": {"w0_next": -1.1102230246251565e-16, "w1_next": 0.92},
            "3": {"w0_next": -1.08, "w1_next": 0.124},
        },
    ),
    "a velocity that is an average": (
        BOWL.format(optimizer=AVERAGED),
        {
            "1": {"w0_next": 1.92, "w1_next": 1.96},
            "2": {"w0_next": 1.7712, "w1_next": 1.8848},
            "3": {"w0_next": 1.566432, "w1_next": 1.779424},
        },
    ),
    "one recurrent unit, three steps": (
        RECURRENT,
        {
            "1": {
                "L": 0.08378517767647224,
                "dWx": -0.16062445174417353,
                "dWh": -0.04615923298359283,
                "dbh": -0.8041053042318597,
                "dWy": -0.08233091265892165,
                "dby": -0.5444467220306203,
            }
        },
    ),
    "softmax over the whole batch": (
        WHOLE_BATCH.format(softmax="e = exp(u2)\ny = e / sum(e)"),
        {
            "1": {
                "y": [
                    [0.08038463987783839, 0.16279356358871025, 0.10783631050568342],
                    [0.07614982960970494, 0.14385480333527462, 0.09801851524921065],
                    [0.07785743323315432, 0.15106774485958685, 0.1020371597408366],
                ],
                "db2": [-0.09894143061263565, 0.1243827784502384, -0.025441347837602657],
            }
        },
    ),
    "a value that is used again and again": (
        "[inputs]\nx = 2\ny = 3\nz = 4\n[model]\nforward = 'f = (x * y) * (x * z)'",
        {"1": {"f": 48.0, "dx": 48.0, "dy": 16.0, "dz": 12.0}},
    ),
    "three products of one value": (
        "[inputs]\nx = 1\na = 1\n[model]\nforward = '''\nxa = x * a\nf = x * xa + x * xa + x * x * a\n'''",
        {"1": {"f": 3.0, "dx": 6.0}},
    ),
    "four dimensions": (
        "[parameters]\nW = [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]\n[model]\nforward = 'y = sum(W * W)'",
        {"1": {"y": 204.0, "dW": [[[[2, 4], [6, 8]], [[10, 12], [14, 16]]]]}},
    ),
    "the gradient of the inputs": (
        """
[inputs]
x = [[-1, -2], [-1, -2]]
t = [[1], [2]]
[parameters]
W = [[2], [3]]
b = [-3]
[model]
forward = "a = sigmoid(x @ W + b)"
loss = "E = mean((a - t)**2)"
""",
        {
            "1": {
                "dx": [
                    [-3.3401727955540676e-05, -5.010259193331102e-05],
                    [-6.680401377674754e-05, -0.00010020602066512132],
                ],
                "dW": [[5.010287086614411e-05], [0.00010020574173228821]],
                "db": [-5.010287086614411e-05],
            }
        },
    ),
    TOO_SMALL: (
        """
[data]
x = [[-1, -2], [-1, -2]]
t = [[1.23394576e-04, 9.82013790e-01], [1.23394576e-04, 9.82013790e-01]]
[parameters]
W = [[2, -3], [2, -3]]
b = [-3, -5]
[model]
forward = "y = sigmoid(x @ W + b)"
loss = "E = sum((y - t)**2)"
""",
        {
            "1": {
                "dW": [
                    [6.794887407352632e-18, -2.6782635548548028e-12],
                    [1.3589774814705264e-17, -5.3565271097096056e-12],
                ]
            }
        },
    ),
    "two over n": (
        """
[data]
x = [[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0]]
t = [[1], [0], [0]]
[parameters]
W = [[0.1], [-0.2]]
b = [0.0]
[model]
forward = "y = sigmoid(x @ W + b)"
loss = "E = mean((y - t)**2)"
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = 2
""",
        {
            "1": {"E": 0.3033228034139421},
            "2": {
                "E": 0.2942232621822798,
                "W_next": [[0.10357439996840352], [-0.14254395564702677]],
                "b_next": [-0.016719880375037206],
            },
        },
    ),
    "softmax and cross-entropy apart": (
        """
[data]
x = [[1.0]]
t = [[0, 1]]
[parameters]
W = [[1.75, 1.75]]
[model]
forward = '''
u = x @ W
y = softmax(u)
'''
loss = "E = -sum(t * log(y))"
""",
        {"1": {"E": 0.6931471805599453, "dy": [[0.0, -2.0]], "du": [[0.5, -0.5]]}},
    ),
    "XOR without biases": (
        """
[data]
x = [[1, 1]]
t = [[0]]
[parameters]
W1 = [[0.9, 0.1], [0.3, 0.5]]
W2 = [[0.8], [0.7]]
[model]
forward = '''
h = sigmoid(x @ W1)
y = sigmoid(h @ W2)
'''
loss = "E = 0.5 * sum((t - y)**2)"
""",
        {
            "1": {
                "E": 0.2767560471619806,
                "y": [[0.7439839341840395]],
                "dW1": [[0.020167250717991525, 0.02269438820422928]] * 2,
                "dW2": [[0.10890610138983241], [0.09149465659216577]],
            }
        },
    ),
    "a derivative of one's own": (
        """
[data]
x = [[1.0]]
t = [[2.0]]
[parameters]
W = [[0.5]]
[model]
forward = '''
u = x @ W
y = u
'''
loss = "E = 0.5 * sum((y - t)**2)"
[[replace]]
step = "du = dy * y * (1 - y)"
""",
        {"1": {"dy": [[-1.5]], "du": [[-0.375]], "dW": [[-0.375]]}},
    ),
    "batch normalization behind ReLU": (
        """
[data]
x = [[1.0], [2.0], [4.0]]
t = [[0.0], [1.0], [1.0]]
[parameters]
W = [[0.5]]
b = [0.0]
gamma = [1.0]
beta = [0.0]
[model]
forward = '''
z = relu(x @ W + b)
mu = mean(z, axis=0)
var = mean((z - mu)**2, axis=0)
xhat = (z - mu) / sqrt(var)
y = gamma * xhat + beta
'''
loss = "E = 0.5 * sum((y - t)**2)"
""",
        {
            "1": {
                "E": 1.4309550323503029,
                "xhat": [[-1.0690449676496978], [-0.2672612419124245], [1.3363062095621219]],
                "dgamma": [1.9309550323503033],
                "dbeta": [-2.0],
                "dW": [[0.0]],
                "db": [0.0],
            }
        },
    ),
}


@pytest.mark.parametrize("name", NETS)
def test_what_was_asked_for_can_be_written_and_has_the_values_that_it_should(name: str) -> None:
    text, expected = NETS[name]
    timeline = Timeline(scenario_of(f'format = 1\ntitle = "{name}"\n{text}'))
    for at, values in expected.items():
        timeline.goto(at)
        for symbol, value in values.items():
            np.testing.assert_allclose(timeline[symbol], value, rtol=1e-12, atol=1e-14, err_msg=f"{at}:{symbol}")


@pytest.mark.parametrize("name", sorted(NETS.keys() - {"a derivative of one's own", TOO_SMALL}))
def test_its_gradients_are_those_of_differences(name: str) -> None:
    timeline = Timeline(scenario_of(f'format = 1\ntitle = "{name}"\n{NETS[name][0]}'))
    timeline.goto("1")
    assert check(timeline).passed
