"""The same training with PyTorch: eager, float64, one thread, autograd for the gradients, updates by hand.

This is imported only where torch is installed.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

from gradstep.engine.arrays import Array

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def mazur(iterations: int) -> float:
    """The 2-2-2 example; gives the loss of its last forward pass."""
    x, t = torch.tensor([[0.05, 0.10]]), torch.tensor([[0.01, 0.99]])
    W1 = torch.tensor([[0.15, 0.25], [0.20, 0.30]], requires_grad=True)
    W2 = torch.tensor([[0.40, 0.50], [0.45, 0.55]], requires_grad=True)
    b1, b2 = torch.tensor([0.35, 0.35]), torch.tensor([0.60, 0.60])
    loss = torch.zeros(())
    for _ in range(iterations):
        hidden = torch.sigmoid(x @ W1 + b1)
        output = torch.sigmoid(hidden @ W2 + b2)
        loss = 0.5 * ((output - t) ** 2).sum()
        loss.backward()
        with torch.no_grad():
            for parameter in (W1, W2):
                parameter.sub_(0.5 * parameter.grad)
                parameter.grad = None
    return float(loss.item())


def classifier(
    x: Array, labels: Array, start: Mapping[str, Array], iterations: int, batch: int, learning_rate: float
) -> float:
    """A ReLU layer, then softmax with cross-entropy, on batches drawn with replacement; labels: the classes.

    start: W1, b1, W2, b2. Gives the loss of its last forward pass.
    """
    inputs, classes = torch.from_numpy(x), torch.from_numpy(labels)
    W1, b1, W2, b2 = (torch.tensor(start[name], requires_grad=True) for name in ("W1", "b1", "W2", "b2"))
    loss = torch.zeros(())
    for _ in range(iterations):
        rows = torch.randint(len(inputs), (batch,))
        hidden = torch.relu(inputs[rows] @ W1 + b1)
        loss = torch.nn.functional.cross_entropy(hidden @ W2 + b2, classes[rows])
        loss.backward()
        with torch.no_grad():
            for parameter in (W1, b1, W2, b2):
                parameter.sub_(learning_rate * parameter.grad)
                parameter.grad = None
    return float(loss.item())
