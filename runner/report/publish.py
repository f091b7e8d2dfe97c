"""Write everything that a run directory promises, the summary last: where it stands, all stands."""

from pathlib import Path

from runner.report.decisions import Record, write_decisions
from runner.report.fills import write_fills
from runner.report.html import write_html
from runner.report.png import write_plots
from runner.report.reckoning import Reckoning, reckon
from runner.report.summary import write_summary
from runner.results import RunResult


def publish(
    directory: Path,
    result: RunResult,
    record: Record,
    *,
    page: bool = True,
    reckoning: Reckoning | None = None,
    durable: bool = True,
    png: bool = False,
) -> Reckoning:
    """Write fills.csv, decisions.parquet, report.html and summary.json into a run directory.

    Without `page`, report.html is left out; with `png` its charts are files beside it as well.
    Without `durable`, nothing waits for the disk. Return the figures that were written. Each file
    appears whole or not at all. Raises OSError when one cannot be written.
    """
    reckoning = reckoning or reckon(result, tear=page)
    write_fills(directory / "fills.csv", result, durable=durable)
    if record != "none":
        write_decisions(directory / "decisions.parquet", result)
    if page:
        write_html(directory / "report.html", result, reckoning)
        if png:
            write_plots(directory, result, reckoning)
    write_summary(directory / "summary.json", result, reckoning, durable=durable)
    return reckoning
