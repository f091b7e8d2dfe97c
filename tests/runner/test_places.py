"""Directories of a deploy, made by several jobs at once."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from connectors.model.errors import ConfigError
from runner.places import make_directory, require_directory

JOBS = 8


def test_jobs_beside_each_other_make_their_directories_in_one_that_is_not_there_yet(
    tmp_path: Path,
) -> None:
    barrier = Barrier(JOBS)

    def make(job: int, sweep: int) -> Path:
        barrier.wait()
        directory = tmp_path / f"sweep{sweep}" / "jobs" / str(job)
        make_directory(directory, "hydra.run.dir")
        return directory

    with ThreadPoolExecutor(JOBS) as pool:
        for sweep in range(50):
            made = list(pool.map(make, range(JOBS), [sweep] * JOBS))
            assert all(directory.is_dir() for directory in made)


def test_a_parent_that_appears_while_it_is_looked_at_is_a_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = tmp_path / "runs"
    looks = {name: getattr(os.path, name) for name in ("isdir", "lexists")}

    def made_after_a_look(name: str, path: Path) -> bool:
        answer: bool = looks[name](path)
        if path == parent:
            parent.mkdir(exist_ok=True)
        return answer

    for name in looks:
        monkeypatch.setattr(os.path, name, partial(made_after_a_look, name))
    require_directory(parent / "0", "hydra.run.dir")


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"expected a directory, was a file: .*runs"):
        make_directory(tmp_path / "runs" / "0", "hydra.run.dir")
