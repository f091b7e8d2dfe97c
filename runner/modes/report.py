"""Report: make the page of one run again, or hold several runs against each other."""

from collections.abc import Sequence

from runner.places import Places
from runner.report.closing import closing_lines
from runner.report.compare.comparison import Comparison, compare, split
from runner.report.compare.page import write_comparison
from runner.report.compare.png import write_comparison_plots
from runner.report.compare.table import comparison_lines
from runner.report.html import write_html
from runner.report.png import write_plots
from runner.report.reckoning import reckon
from runner.report.saved.find import find_runs
from runner.report.saved.read import SavedRun, read_run
from runner.settings import Settings


def run(settings: Settings, places: Places) -> int:
    """Read every run that is asked for, and only then write a page and print a table."""
    asked = settings.report
    runs = [read_run(path) for path in find_runs(asked.runs, asked.last, places.runs)]
    if len(runs) == 1 and asked.split is None:
        return _again(runs[0], settings, places)
    if asked.split is None:
        return _compare([compare(runs)], "Comparison", settings, places)
    parts = [split(run, asked.split) for run in runs]
    return _compare(parts, "In and out of sample", settings, places)


def _again(run: SavedRun, settings: Settings, places: Places) -> int:
    """Write the page of one run from its files."""
    reckoning = reckon(run.result)
    page = places.run.open() / "report.html"
    write_html(page, run.result, reckoning)
    if settings.report.png:
        write_plots(page.parent, run.result, reckoning)
    if settings.watch.name != "none":
        print(*closing_lines(run.result, reckoning), f"report: {page}", sep="\n", flush=True)
    return 0


def _compare(
    comparisons: Sequence[Comparison], title: str, settings: Settings, places: Places
) -> int:
    """Write the page of comparisons, and show their tables."""
    page = places.run.open() / "report.html"
    write_comparison(page, comparisons, title)
    if settings.report.png:
        for number, comparison in enumerate(comparisons, start=1):
            write_comparison_plots(page.parent, comparison, number)
    if settings.watch.name != "none":
        for comparison in comparisons:
            print(*comparison_lines(comparison), "", sep="\n", flush=True)
        print(f"report: {page}", flush=True)
    return 0
