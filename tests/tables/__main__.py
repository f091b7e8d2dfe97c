"""Reproduce the published tables: ``python -m tests.tables``; exit code 1 when a figure is out."""

import sys

from tests.tables.experiment import PUBLISHED, figures

PATHS = 20_000
SEED = 2008
MOST_ERRORS = 4.0


def main() -> int:
    """Print every figure as published, exact and drawn; return 1 when one is out of its error."""
    print("Avellaneda and Stoikov (2008), tables 1 to 3")
    print(f"published: 1,000 paths; drawn: {PATHS:,} paths; z = (drawn - exact) / standard error\n")
    print(
        f"{'gamma':>5}  {'strategy':9}  {'figure':12} {'published':>9} {'exact':>8} {'drawn':>8} z"
    )
    out = 0
    for number, row in enumerate(PUBLISHED):
        for figure in figures(row, PATHS, SEED + number):
            out += abs(figure.z) > MOST_ERRORS
            print(
                f"{row.gamma:>5g}  {row.strategy:9}  {figure.name:12} {figure.published:>9.2f}"
                f" {figure.exact:>8.3f} {figure.drawn:>8.3f} {figure.z:+.1f}"
            )
    print(f"\n{out} of {5 * len(PUBLISHED)} figures beyond {MOST_ERRORS:g} standard errors")
    return 1 if out else 0


if __name__ == "__main__":
    sys.exit(main())
