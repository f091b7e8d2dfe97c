"""Run benches: `python -m tests.bench [NAME ...] [--save]`, all of them by default.

Each writes outputs/bench/NAME.json and prints the same as a table. `--save` makes what was measured
the committed baseline. The exit code tells of faults only: a slow day is no failure.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from connectors.model.errors import ConfigError, MmrunnerError
from tests.bench.figures import Figure, read_figures, write_figures
from tests.bench.places import BASELINES, CHECKOUT, results
from tests.bench.table import table
from tests.bench.timing import seconds

FAMILIES = (
    *("steps", "gates", "signals", "growth", "book", "lighter", "orders", "journal", "ledger"),
    *(
        "replay",
        "sweep",
        "screen",
        "scale",
        "merged",
        "hedge",
        "hedge_wire",
        "portfolio",
        "many",
        "oracle",
        "sets",
        "start",
        "live",
        "feeds",
        "control",
        "ccxt",
        "web",
    ),
)
SAVE = "--save"


def main(words: Sequence[str]) -> int:
    """Measure the named families; return the exit code."""
    try:
        names = chosen(words)
        if len(names) > 1:
            return max(_in_own_process(name, SAVE in words) for name in names)
        _run(names[0], SAVE in words)
    except MmrunnerError as error:
        print(f"bench: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def chosen(words: Sequence[str]) -> tuple[str, ...]:
    """Return the families that are asked for; raise ConfigError for a word that is none."""
    names = tuple(word for word in words if word != SAVE)
    for name in names:
        if name not in FAMILIES:
            raise ConfigError(f"expected any of {', '.join(FAMILIES)} and {SAVE}, was {name}")
    return names or FAMILIES


def _in_own_process(name: str, save: bool) -> int:
    """Measure one family in a process that has imported nothing for another; return its code."""
    command = [sys.executable, "-m", "tests.bench", name, *([SAVE] if save else [])]
    return subprocess.run(command, cwd=CHECKOUT, check=False).returncode


def _run(name: str, save: bool) -> None:
    """Measure one family, write its figures and show them."""
    measure: Callable[[], list[Figure]] = import_module(f"tests.bench.{name}").measure
    figures: list[Figure] = []
    print(f"== {name} ...", file=sys.stderr, flush=True)
    taken_s = seconds(lambda: figures.extend(measure()))
    baseline = BASELINES / f"{name}.json"
    print(table(f"{name} ({taken_s:.0f} s)", figures, read_figures(baseline)), flush=True)
    write_figures(results() / f"{name}.json", figures)
    if save:
        write_figures(baseline, figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
