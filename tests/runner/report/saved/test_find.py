from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.report.saved.find import MOST_RUNS, find_runs


def run(*parts: str, under: Path) -> Path:
    """Make what a run directory looks like."""
    path = under.joinpath(*parts)
    path.mkdir(parents=True)
    (path / "summary.json").write_text("{}", encoding="utf-8")
    return path


def test_runs_are_found_by_path_by_name_and_by_pattern(tmp_path: Path) -> None:
    one, two = run("2024-01", under=tmp_path), run("2024-02", under=tmp_path)
    assert find_runs([str(one)], None, tmp_path) == [one]
    assert find_runs(["2024-02"], None, tmp_path) == [two]
    assert find_runs([f"{tmp_path}/2024-*"], None, tmp_path) == [one, two]
    assert find_runs(["2024-*", str(two)], None, tmp_path) == [one, two]


def test_a_sweep_means_its_jobs_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    jobs = [run("sweep", str(number), under=tmp_path) for number in (0, 2, 10)]
    (tmp_path / "sweep" / "notes").mkdir()
    assert find_runs([str(tmp_path / "sweep")], None, tmp_path) == jobs


def test_the_last_runs_are_those_with_the_latest_names(tmp_path: Path) -> None:
    runs = [run(f"2024-0{k}", under=tmp_path) for k in range(1, 5)]
    (tmp_path / "2024-09").mkdir()
    assert find_runs([], 2, tmp_path) == runs[-2:]
    assert find_runs([str(runs[3])], 2, tmp_path) == [runs[3], runs[2]]


@pytest.mark.parametrize(
    ("words", "last", "says"),
    [
        ([], None, "expected run directories with mode=report, was none"),
        (["nowhere"], None, "expected a directory with summary.json, was nowhere"),
        (["empty"], None, "expected a directory with summary.json, was empty"),
        ([], 3, "report.last: expected runs in"),
    ],
)
def test_what_leads_to_no_run_is_refused(
    tmp_path: Path, words: list[str], last: int | None, says: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=says):
        find_runs(words, last, tmp_path)


def test_more_than_fit_side_by_side_are_refused(tmp_path: Path) -> None:
    for number in range(MOST_RUNS + 1):
        run("sweep", str(number), under=tmp_path)
    with pytest.raises(ConfigError, match=f"at most {MOST_RUNS} runs side by side"):
        find_runs(["sweep"], None, tmp_path)
