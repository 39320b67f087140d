"""What is said of the end of an iteration: what becomes of each parameter."""

from __future__ import annotations

from tui.words.entry import Entry

UPDATE: dict[str, Entry] = {
    "descend": Entry(
        "Update: a step of gradient descent",
        (
            "{goal} rises fastest along its gradient, so {p} goes a little way against {gradient}.",
            "The learning rate {rate} says how far: too small is slow, too large overshoots and may diverge.",
            "{p} stays as it was until the iteration ends; the next one starts from {symbol}.",
        ),
        "{formula}, with one learning rate {rate} > 0 for all elements.",
        "Robbins & Monro, A Stochastic Approximation Method (1951); "
        "Goodfellow, Bengio & Courville, Deep Learning (2016), section 8.3.1.",
        ("p", "gradient", "rate"),
    ),
    "keep": Entry(
        "No update: a frozen parameter",
        (
            "{p} is frozen: the optimizer leaves it as it is, and the next iteration starts from the same numbers.",
            "Its gradient is computed all the same, but no update uses it.",
        ),
        "{formula}, for each element.",
        "Yosinski et al., How transferable are features in deep neural networks? (2014), on frozen layers.",
        ("p",),
    ),
}
