"""One table of ratios, all measured in this run: python -m tests.bench [--quick]

Times are compared with those of others on the same machine, one right after the other, several times; `measured` is
the median. Nothing fails where a target is missed: the row says so.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import convolution, frames, measures
from tests.bench.classifiers import classifier
from tests.bench.rows import Row, heading


def rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Row by row, as they are measured."""
    yield from measures.against_loops_small(quick=quick)
    yield from measures.against_loops_large(folder, quick=quick)
    yield from convolution.against_loop(quick=quick)
    yield from measures.goto_large(folder)
    yield from measures.goto_far(quick=quick)
    yield measures.walking_back(quick=quick)
    yield from frames.key_to_frame(classifier(folder, samples=1000), quick=quick)
    yield from frames.first_frame(quick=quick)
    yield measures.running_back(quick=quick)
    yield from measures.conditions(quick=quick)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser("python -m tests.bench", description="How fast gradstep is, as ratios.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under a minute")
    quick = parser.parse_args().quick
    began = time.perf_counter()
    print(heading(), flush=True)
    with tempfile.TemporaryDirectory(prefix="gradstep-bench-") as folder:
        for row in rows(Path(folder), quick=quick):
            print(row, flush=True)
    print(f"{time.perf_counter() - began:.0f} seconds")


if __name__ == "__main__":
    main()
