"""The bundled nets of formulas in plain NumPy: forward, and backward by rules written out by hand.

Each function takes the values that an iteration starts from and gives those that it computes, by the scenario's own
names, a gradient as d and the name. Nothing here knows the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests import images

Values = dict[str, Any]


def sigmoid(u: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-u))


def softmax(u: Any) -> Any:
    powers = np.exp(u - u.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def normalized_back(dxhat: Any, xhat: Any, spread: Any, axis: int) -> Any:
    """The gradient of what was normalized along an axis: Ioffe & Szegedy (2015), section 3, all ways in one."""
    along = {"axis": axis, "keepdims": True}
    return (dxhat - dxhat.mean(**along) - xhat * (dxhat * xhat).mean(**along)) / spread


def layer_norm(v: Mapping[str, Any]) -> Values:
    a = v["x"] @ v["W"]
    mu, var = a.mean(axis=1, keepdims=True), a.var(axis=1, keepdims=True)
    xhat = (a - mu) / np.sqrt(var + v["epsilon"])
    y = v["gamma"] * xhat + v["beta"]
    dy = y - v["t"]
    da = normalized_back(dy * v["gamma"], xhat, np.sqrt(var + v["epsilon"]), 1)
    values = {"a": a, "mu": mu, "centred": a - mu, "var": var, "xhat": xhat, "y": y, "E": 0.5 * (dy**2).sum()}
    gradients = {"dy": dy, "da": da, "dgamma": (dy * xhat).sum(axis=0), "dbeta": dy.sum(axis=0), "dW": v["x"].T @ da}
    return values | gradients


def batch_norm(v: Mapping[str, Any]) -> Values:
    u = v["x"] @ v["W"] + v["b"]
    mu, var, rows = u.mean(axis=0), u.var(axis=0), len(u)
    xhat = (u - mu) / np.sqrt(var + v["epsilon"])
    y = v["gamma"] * xhat + v["beta"]
    dy = (y - v["t"]) / rows
    du = normalized_back(dy * v["gamma"], xhat, np.sqrt(var + v["epsilon"]), 0)
    loss = 0.5 * ((y - v["t"]) ** 2).sum() / rows
    values = {"u": u, "mu": mu, "centred": u - mu, "var": var, "xhat": xhat, "y": y, "E": loss}
    gradients = {"dy": dy, "du": du, "dgamma": (dy * xhat).sum(axis=0), "dbeta": dy.sum(axis=0), "dW": v["x"].T @ du}
    running = {
        "running_mu_next": 0.9 * v["running_mu"] + 0.1 * mu,
        "running_var_next": 0.9 * v["running_var"] + 0.1 * u.var(axis=0, ddof=1),
    }
    return values | gradients | running | {"db": np.zeros(2)}  # the mean takes the bias away


def batch_norm_measured(v: Mapping[str, Any]) -> float:
    """The loss of rows that are normalized by the running statistics."""
    u = v["x"] @ v["W"] + v["b"]
    y = v["gamma"] * (u - v["running_mu"]) / np.sqrt(v["running_var"] + v["epsilon"]) + v["beta"]
    return float(0.5 * ((y - v["t"]) ** 2).sum() / len(u))


def attention(v: Mapping[str, Any]) -> Values:
    x = v["x"]
    queries, keys, values = x @ v["w_query"], x @ v["w_key"], x @ v["w_value"]
    scores = queries @ keys.T
    weights = softmax(scores)
    outputs = weights @ values
    doutputs = outputs - v["t"]
    dweights, dvalues = doutputs @ values.T, weights.T @ doutputs
    dscores = np.stack([(np.diag(w) - np.outer(w, w)) @ d for w, d in zip(weights, dweights, strict=True)])
    dqueries, dkeys = dscores @ keys, dscores.T @ queries
    forward = {"queries": queries, "keys": keys, "values": values, "scores": scores, "weights": weights}
    forward |= {"outputs": outputs, "E": 0.5 * (doutputs**2).sum()}
    backward = {"doutputs": doutputs, "dweights": dweights, "dvalues": dvalues, "dscores": dscores}
    backward |= {"dqueries": dqueries, "dkeys": dkeys}
    gradients = {"dw_query": x.T @ dqueries, "dw_key": x.T @ dkeys, "dw_value": x.T @ dvalues}
    return forward | backward | gradients


def lstm_cell(v: Mapping[str, Any]) -> Values:
    found: Values = {}
    out, state = v["out0"], v["state0"]
    for step in (1, 2):
        pre = v[f"x{step}"] @ v["W"] + out * v["U"] + v["b"]
        u = dict(zip("aifo", pre, strict=True))
        gates = {"a": np.tanh(u["a"]), **{g: sigmoid(u[g]) for g in "ifo"}}
        state = gates["a"] * gates["i"] + gates["f"] * state
        out = np.tanh(state) * gates["o"]
        found |= {f"{name}{step}": value for name, value in gates.items()}
        found |= {f"u{step}": pre, f"state{step}": state, f"out{step}": out}
    gradients: Values = {f"d{name}": np.zeros_like(v[name]) for name in "WUb"}
    from_later, kept = 0.0, 0.0
    for step in (2, 1):
        now = {name: found[f"{name}{step}"] for name in "aifo"}
        before = {name: found.get(f"{name}{step - 1}", v.get(f"{name}{step - 1}")) for name in ("out", "state")}
        squashed = np.tanh(found[f"state{step}"])
        dout = found[f"out{step}"] - v[f"t{step}"] + from_later
        dstate = dout * now["o"] * (1 - squashed**2) + kept
        by_gate = (
            dstate * now["i"] * (1 - now["a"] ** 2),
            dstate * now["a"] * now["i"] * (1 - now["i"]),
            dstate * before["state"] * now["f"] * (1 - now["f"]),
            dout * squashed * now["o"] * (1 - now["o"]),
        )
        du = np.array(by_gate)
        from_later, kept = du @ v["U"], dstate * now["f"]
        gradients["dW"] += np.outer(v[f"x{step}"], du)
        gradients["dU"] += du * before["out"]
        gradients["db"] += du
        gradients |= {f"dout{step}": dout, f"dstate{step}": dstate, f"du{step}": du}
    errors = [found[f"out{step}"] - v[f"t{step}"] for step in (1, 2)]
    return found | gradients | {"E": 0.5 * sum(error**2 for error in errors)}


def rnn_hello(v: Mapping[str, Any]) -> Values:
    """As the program that it is after: over the steps, and back over them, each gradient gathered."""
    x, states = v["x"], [v["h0"]]
    for row in x:
        states.append(np.tanh(row @ v["Wxh"] + states[-1] @ v["Whh"] + v["bh"]))
    h = np.array(states[1:])
    y = h @ v["Why"] + v["by"]
    p = softmax(y)
    dy = p - v["t"]
    found: Values = {f"h{step}": state for step, state in enumerate(states) if step} | {"y": y, "p": p, "dy": dy}
    gathered = {name: np.zeros_like(v[name]) for name in ("Wxh", "Whh", "bh")}
    later = np.zeros(3)
    for step in range(4, 0, -1):
        dh = dy[step - 1] @ v["Why"].T + later
        du = dh * (1 - states[step] ** 2)
        found[f"dh{step}"] = dh
        gathered["Wxh"] += np.outer(x[step - 1], du)
        gathered["Whh"] += np.outer(states[step - 1], du)
        gathered["bh"] += du
        later = du @ v["Whh"].T
    found |= {f"d{name}": value for name, value in gathered.items()}
    return found | {"dWhy": h.T @ dy, "dby": dy.sum(axis=0), "loss": -(v["t"] * np.log(p)).sum()}


def simple_conv(v: Mapping[str, Any]) -> Values:
    """Convolution and pooling by loops over every number."""
    rows = len(v["x"])
    pictures = v["x"].reshape(rows, 1, 8, 8)
    a = images.conv2d(pictures, v["K"], v["b"])
    h = np.where(a > 0, a, 0.0)
    p = images.pool(h, 2, None, mean=False)
    flat = p.reshape(rows, -1)
    u = flat @ v["W"] + v["c"]
    y = softmax(u)
    du = (y - v["t"]) / rows
    dp = (du @ v["W"].T).reshape(p.shape)
    dh = images.pool_back(dp, h, 2, None, mean=False)
    da = np.where(a > 0, dh, 0.0)
    _, dK = images.conv2d_back(da, pictures, v["K"])
    values = {"images": pictures, "a": a, "h": h, "p": p, "u": u, "y": y, "E": -(v["t"] * np.log(y)).sum() / rows}
    gradients = {"du": du, "dp": dp, "dh": dh, "da": da, "dK": dK, "db": da.sum(axis=(0, 2, 3))}
    return values | gradients | {"dW": flat.T @ du, "dc": du.sum(axis=0)}


def dropout(v: Mapping[str, Any]) -> Values:
    rows = len(v["x"])
    z = np.tanh(v["x"] @ v["W1"] + v["b1"])
    h = z * v["h_mask"]
    y = sigmoid(h @ v["W2"] + v["b2"])
    du2 = (y - v["t"]) / rows  # through the sigmoid and the logarithms at once
    dh = du2 @ v["W2"].T
    dz = dh * v["h_mask"]
    du1 = dz * (1 - z**2)
    loss = -(v["t"] * np.log(y) + (1 - v["t"]) * np.log(1 - y)).sum() / rows
    gradients = {"dh": dh, "dz": dz, "dW2": h.T @ du2, "db2": du2.sum(axis=0)}
    return {"z": z, "h": h, "y": y, "E": loss} | gradients | {"dW1": v["x"].T @ du1, "db1": du1.sum(axis=0)}


# The nets of which an iteration draws something: rows, or a mask.
DRAWING: Mapping[str, Callable[[Mapping[str, Any]], Values]] = {"simple-conv": simple_conv, "dropout": dropout}

NETS: Mapping[str, Callable[[Mapping[str, Any]], Values]] = {
    "layer-norm": layer_norm,
    "batch-norm": batch_norm,
    "attention": attention,
    "lstm-cell": lstm_cell,
    "rnn-hello": rnn_hello,
}


def trained(name: str, start: Mapping[str, Any], parameters: list[str], rate: float, iterations: int) -> Values:
    """What the last of so many iterations of gradient descent starts from and computes."""
    values = dict(start)
    for _ in range(iterations - 1):
        found = NETS[name](values)
        values |= {each: values[each] - rate * found[f"d{each}"] for each in parameters}
        values |= {each.removesuffix("_next"): value for each, value in found.items() if each.endswith("_next")}
    return values | NETS[name](values)
