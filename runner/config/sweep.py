"""Run every combination of a sweep (`-m`) through Hydra's sweeper, after validating them all."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.hydra import Hydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn
from hydra.types import RunMode
from omegaconf import DictConfig

from connectors.model.errors import ConfigError
from runner.config.compose import compose, load
from runner.config.loader import CONFIG, Loader

MULTIRUN = "hydra.mode=MULTIRUN"
SWEPT_MODES = ("replay", "calibrate")
_WORST_FIRST = (1, 2, 3, 4, 130)


def validate(loader: Loader, overrides: Sequence[str]) -> DictConfig:
    """Compose and validate every job of a sweep; return the frame that they have in common.

    Raises ConfigError for the first job that cannot be meant, and for a mode that is not swept.
    """
    frame = load(loader, [*overrides, MULTIRUN], RunMode.MULTIRUN)
    for job in _jobs(frame, overrides):
        settings = compose(loader, [*job, MULTIRUN]).settings
        if settings.mode.name not in SWEPT_MODES:
            raise ConfigError(
                f"mode: expected {' or '.join(SWEPT_MODES)} with -m, was {settings.mode.name};"
                f" several of the same orders at once are not meant"
            )
        if settings.explain is not None:
            raise ConfigError("explain: expected one configuration, was a sweep; leave out -m")
    return frame


def run(loader: Loader, overrides: Sequence[str], task: Callable[[DictConfig], int]) -> int:
    """Run every job of a validated sweep; return the worst exit code."""
    hydra = Hydra(task_name="mmrunner", config_loader=loader)
    returned = hydra.multirun(CONFIG, task, [*overrides, MULTIRUN])
    return worst(job.return_value for job in _returns(returned))


def worst(codes: Iterable[int]) -> int:
    """Return the worst of several exit codes: 1, then 2, 3, 4, 130, and 0 last."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), 0)


def _jobs(frame: DictConfig, overrides: Sequence[str]) -> list[list[str]]:
    """Return each job's overrides. Only the basic sweeper knows them all beforehand."""
    sweeper = frame.hydra.sweeper
    if not str(sweeper.get("_target_", "")).endswith(".BasicSweeper"):
        return []
    lines = [f"{key}={value}" for key, value in (sweeper.params or {}).items()]
    parsed = OverridesParser.create().parse_overrides([*lines, *overrides])
    return [job for batch in BasicSweeper.split_arguments(parsed, None) for job in batch]


def _returns(returned: Any) -> list[JobReturn]:
    """Flatten what a sweeper returns: batches of jobs, or nothing at all."""
    return [job for batch in returned or () for job in batch if isinstance(job, JobReturn)]
