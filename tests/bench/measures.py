"""What the engine is measured by, with history on: training, going anywhere, walking and running back."""

from __future__ import annotations

import importlib.util
import os
import statistics
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from gradstep.engine import Scenario, Timeline, bundled, load_scenario
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.stops.trigger import parse_stop
from tests.bench import plain
from tests.bench.classifiers import BATCH, RATE, SAMPLES, classifier
from tests.bench.rows import Row, as_mebibytes, as_part, ratios, seconds

MEBIBYTE = 2**20
BUDGET = 64  # MiB, the default of a timeline
MAZUR = "mazur-2-2-2"
HAS_TORCH = importlib.util.find_spec("torch") is not None


def trained(scenario: Scenario, iterations: int) -> float:
    """The loss of an iteration, come to by a new timeline."""
    timeline = Timeline(scenario)
    timeline.goto(str(iterations))
    return float(timeline["E"])


def check_same(ours: float, theirs: float, tolerance: float) -> None:
    """Raises AssertionError where two loops do not compute the same, so that comparing them means nothing."""
    assert abs(ours - theirs) <= tolerance * abs(theirs), f"both compute the same: {ours} and {theirs}"


def against_loops_small(*, quick: bool) -> Iterator[Row]:
    """Rows 1 and 2: a network that is all overhead."""
    scenario, iterations = load_scenario(MAZUR), 10_000
    what = f"{MAZUR}, {iterations:,} iterations, against "
    ours = lambda: trained(scenario, iterations)  # noqa: E731
    check_same(ours(), plain.mazur(iterations), 1e-12)
    rounds = 5 if quick else 11
    yield Row(f"{what}a plain NumPy loop", 0.6, ratios(ours, lambda: plain.mazur(iterations), rounds))
    what += "PyTorch, eager"
    if not HAS_TORCH:
        yield Row(what, 0.13, (), reason="torch is not installed")
        return
    from tests.bench import torch_loops  # noqa: PLC0415 - only where it is installed

    check_same(ours(), torch_loops.mazur(iterations), 1e-9)
    yield Row(what, 0.13, ratios(ours, lambda: torch_loops.mazur(iterations), 2 if quick else 5))


def against_loops_large(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Rows 3 and 4: a network that is nearly all arithmetic."""
    scenario, iterations = classifier(folder), 400 if quick else 1000
    dataset, draw, start = scenario.dataset, scenario.draw, scenario.program.start
    assert dataset is not None
    assert draw is not None
    rows = (np.asarray(draw.rows(iteration)) for iteration in range(1, 21))
    same = plain.classifier(dataset.x, dataset.t, start, 20, BATCH, RATE, lambda samples, batch: next(rows))
    check_same(trained(scenario, 20), same, 1e-4)
    what = f"784-50-10, {BATCH} of {SAMPLES:,} rows, {iterations:,} iterations, against "
    ours = lambda: trained(scenario, iterations)  # noqa: E731
    theirs = lambda: plain.classifier(dataset.x, dataset.t, start, iterations, BATCH, RATE)  # noqa: E731
    rounds = 3 if quick else 11
    yield Row(f"{what}a plain NumPy loop", 0.9, ratios(ours, theirs, rounds))
    if not HAS_TORCH:
        yield Row(f"{what}PyTorch, eager", 0.75, (), reason="torch is not installed")
        return
    from tests.bench import torch_loops  # noqa: PLC0415 - only where it is installed

    labels = dataset.t.argmax(axis=1)
    theirs = lambda: torch_loops.classifier(dataset.x, labels, start, iterations, BATCH, RATE)  # noqa: E731
    yield Row(f"{what}PyTorch, eager", 0.75, ratios(ours, theirs, rounds))


def goto_large(folder: Path) -> Iterator[Row]:
    """Row 5: how much of the run a goto recomputes. Small batches: history holds parameters, not rows."""
    timeline = Timeline(classifier(folder, samples=1000, batch=10))
    parts = _replayed(timeline, 7)
    what = f"784-50-10, {timeline.course.iterations:,} iterations, {BUDGET} MiB: a goto recomputes"
    yield Row(f"{what}, worst", 1 / 32, [max(parts)], as_part)
    yield Row(f"{what}, median", 1 / 128, [statistics.median(parts)], as_part)


def _replayed(timeline: Timeline, every: int) -> list[float]:
    """Once it has run to its end, which part of the run a goto recomputes; to every so manieth iteration."""
    timeline.goto("end")
    course = timeline.course
    return [timeline.replays(course.at(i, 1)) / course.iterations for i in range(1, course.iterations + 1, every)]


def goto_far(*, quick: bool) -> Iterator[Row]:
    """Row 6: the same of a very long run, which a process of its own makes so that its memory can be measured."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        worst, counted, grown = pool.submit(_long_run, 97 if quick else 7).result()
    what = f"{MAZUR}, 1,000,000 iterations, {BUDGET} MiB: "
    yield Row(f"{what}a goto recomputes, worst", 1 / 500, [worst], as_part)
    yield Row(f"{what}history, by its own count", BUDGET, [counted], as_mebibytes)
    reason = "there is no /proc here to ask"
    yield Row(f"{what}growth of the process", BUDGET, [grown] if grown is not None else (), as_mebibytes, reason)


def _long_run(every: int) -> tuple[float, float, float | None]:
    """The worst part recomputed, the bytes of history as it counts them, and by how much the process grew, in MiB."""
    text = bundled()[MAZUR].read_bytes().replace(b"iterations = 10001", b"iterations = 1000000")
    timeline = Timeline(parse_scenario(text, MAZUR, MAZUR))
    assert timeline.course.iterations == 1_000_000
    before = _resident()
    timeline.goto("end")
    after = _resident()
    grown = None if before is None or after is None else (after - before) / MEBIBYTE
    return max(_replayed(timeline, every)), timeline.restorer.bytes / MEBIBYTE, grown


def _resident() -> int | None:
    """Bytes of memory that this process has."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def walking_back(*, quick: bool) -> Row:
    """Row 7: step by step back over iterations, against step by step on over them."""
    scenario, iterations, found = load_scenario(MAZUR), 1000, []

    def walk(timeline: Timeline, steps: int, *, on: bool) -> None:
        move = timeline.step if on else timeline.back
        for _ in range(steps):
            move()

    for _ in range(2 if quick else 5):
        timeline = Timeline(scenario)
        steps = iterations * timeline.course.length(1)
        timeline.goto("4500")
        begin = timeline.position
        on = seconds(lambda: walk(timeline, steps, on=True))  # noqa: B023 - called at once
        back = seconds(lambda: walk(timeline, steps, on=False))  # noqa: B023
        assert timeline.position == begin
        found.append(back / on)
    return Row(f"{MAZUR}: walking back {iterations:,} iterations by steps, against walking on", 2, found)


CONDITIONS = ("E < 0", "W1[0,0] > 99", "isnan(E) or norm(W1) > 1000", "E > 100 and abs(b1[0]) < 3")


def conditions(*, quick: bool) -> Iterator[Row]:
    """Row 11: running on to the end with conditions that never hold, against plain running."""
    for name in (MAZUR, "two-layer-digits"):
        scenario = load_scenario(name)

        def asked(*texts: str) -> None:
            timeline = Timeline(scenario)  # noqa: B023 - called at once
            timeline.stops = [parse_stop(text, timeline.names) for text in texts]
            timeline.run_on()
            assert timeline.position == timeline.course.end

        iterations = scenario.course.iterations
        plainly = lambda: trained(scenario, iterations)  # noqa: B023, E731
        rounds = 2 if quick else 5
        what = f"{name}, {iterations:,} iterations, "
        one, four = lambda: asked(CONDITIONS[0]), lambda: asked(*CONDITIONS)
        yield Row(f"{what}one condition, against plain running", 2.5, ratios(one, plainly, rounds))
        yield Row(f"{what}four conditions, against plain running", 4, ratios(four, plainly, rounds))


def running_back(*, quick: bool) -> Row:
    """Row 10: looking backwards through the whole run for what never was, against looking forwards."""
    scenario, found = load_scenario(MAZUR), []
    for _ in range(3 if quick else 7):
        timeline = Timeline(scenario)
        timeline.stops = [parse_stop("E < 0", timeline.names)]
        on = seconds(timeline.run_on)
        assert timeline.position == timeline.course.end
        back = seconds(timeline.run_back)
        assert timeline.position == timeline.course.start
        found.append(back / on)
    what = f"{MAZUR}: reverse-continue over {scenario.course.iterations:,} iterations, against continue"
    return Row(what, 3, found)
