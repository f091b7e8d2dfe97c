"""Plan a sweep (`-m`): compose and validate every job before any of them has an effect."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hydra._internal.config_loader_impl import get_overrides_dirname
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.hydra import Hydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, ListConfig, OmegaConf

from connectors.model.errors import ConfigError
from runner.collector import resting
from runner.config.companions import with_companions
from runner.config.compose import load
from runner.config.errors import first_line
from runner.config.loader import CONFIG, Loader
from runner.config.overrides import KnownGroups
from runner.config.saved import Saved, Saver, new_lines
from runner.config.template import Template
from runner.config.words import Dictionary, Word, is_plain
from runner.places import require_directory
from runner.settings import Settings
from runner.wiring.screen import require_read

MULTIRUN = "hydra.mode=MULTIRUN"
SWEPT_MODES = ("replay", "calibrate")
GRID = "grid"
OPTUNA = "optuna"
RAY = "ray"
TIER, SURVIVORS = "replay.tier", "sweep.survivors"
_WORST_FIRST = (1, 2, 3, 4, 130)
_MOST_TEMPLATES = 64


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a sweep: its number, the words that are its own, its settings and its place."""

    number: int
    words: tuple[str, ...]
    settings: Settings
    directory: Path
    saved: Saved

    @property
    def told(self) -> str:
        """The words that set this job apart."""
        return " ".join(self.words)


Exactly = Callable[[Sequence[int]], "tuple[Job, ...]"]
"""Takes the numbers of screened jobs; returns the same jobs, to be replayed exactly."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole sweep, validated. `jobs` is empty where another sweeper of Hydra's will ask."""

    directory: Path
    jobs: tuple[Job, ...]
    sweeper: str
    launcher: str
    planner: "Planner"
    exactly: Exactly

    @property
    def is_grid(self) -> bool:
        """Whether the project runs the jobs as they are."""
        return self.sweeper == GRID


def plan(loader: Loader, overrides: Sequence[str]) -> Plan:
    """Compose and validate every job of a sweep.

    Raises ConfigError for the first job that cannot be meant, and for a mode that is not swept.
    """
    frame = load(loader, [*overrides, MULTIRUN], RunMode.MULTIRUN)
    directory = Path(frame.hydra.sweep.dir).absolute()
    sweeper = _sweeper(frame)
    is_grid = sweeper == GRID
    require_directory(directory, "hydra.sweep.dir")
    launcher = str(frame.hydra.runtime.choices["hydra/launcher"])
    _require_launcher(sweeper, launcher)
    planner = Planner(loader, frame, directory)
    with resting():
        jobs = tuple(planner.job(number, texts) for number, texts in enumerate(planner.texts()))
    if is_grid:
        _require_places(jobs)
        _require_one_tier(jobs)
    exactly = partial(_exactly, loader, overrides, directory)
    return Plan(directory, jobs, sweeper, launcher, planner, exactly)


def _exactly(
    loader: Loader, overrides: Sequence[str], directory: Path, numbers: Sequence[int]
) -> tuple[Job, ...]:
    """Return jobs of a screen as they are with tier=exact, in a directory beside the screened."""
    words = [word for word in overrides if _key(word) not in (TIER, SURVIVORS)]
    places = [k for k, word in enumerate(overrides) if _key(word) == TIER]
    words.insert(places[0] if places else len(words), f"{TIER}=exact")
    frame = load(loader, [*words, MULTIRUN], RunMode.MULTIRUN)
    planner = Planner(loader, frame, directory / "exact")
    texts = planner.texts()
    return tuple(planner.job(number, texts[number]) for number in numbers)


def _key(word: str) -> str:
    return word.lstrip("+").partition("=")[0]


def run_basic(loader: Loader, overrides: Sequence[str], task: Callable[[DictConfig], int]) -> int:
    """Run every job of a planned sweep through Hydra's sweeper; return the worst exit code."""
    hydra = Hydra(task_name="mmrunner", config_loader=loader)
    returned = hydra.multirun(CONFIG, task, [*overrides, MULTIRUN])
    return worst(job.return_value for job in _returns(returned))


def worst(codes: Iterable[int]) -> int:
    """Return the worst of several exit codes: 1, then 2, 3, 4, 130, and 0 last."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), 0)


class Planner:
    """Make the jobs of one sweep, from as few compositions as there are choices."""

    def __init__(self, loader: Loader, frame: DictConfig, directory: Path) -> None:
        self._loader = loader
        self._frame = frame
        self._directory = directory
        self._fixed: list[str] = list(_unresolved(frame.hydra.overrides.hydra))
        self._groups = KnownGroups(loader.repository)
        self._dictionary = Dictionary()
        self._templates: dict[tuple[str, ...], tuple[Template, Saver]] = {}
        self._lines = new_lines()
        self._varying: list[int] = []

    def texts(self) -> list[list[str]]:
        """Return each job's words. Only the grid and the basic sweeper know them beforehand."""
        if _sweeper(self._frame) not in (GRID, "basic"):
            return []
        params = self._frame.hydra.sweeper.params or {}
        lines = [f"{key}={value}" for key, value in params.items()]
        parsed = OverridesParser.create().parse_overrides([*lines, *self.typed])
        try:
            batches = BasicSweeper.split_arguments(parsed, None)
        except HydraException as error:
            raise ConfigError(
                f"-m: expected values to list, was not: {first_line(error)}"
            ) from None
        keys = list(dict.fromkeys(o.get_key_element() for o in parsed))
        swept = {o.get_key_element() for o in parsed if o.is_sweep_override()}
        self._varying = [k for k, key in enumerate(keys) if key in swept]
        return [job for batch in batches for job in batch]

    @property
    def typed(self) -> list[str]:
        """The words of the task, as they were typed."""
        return _unresolved(self._frame.hydra.overrides.task)

    def vary(self, positions: Sequence[int]) -> None:
        """Take the words at these positions for those that are a job's own."""
        self._varying = list(positions)

    def job(self, number: int, texts: Sequence[str]) -> Job:
        """Return one job, validated."""
        own = tuple(texts[k] for k in self._varying)
        try:
            return self._job(number, texts, own)
        except ConfigError as error:
            if not own:
                raise
            raise ConfigError(f"{error} (job {number}: {' '.join(own)})") from error

    def _job(self, number: int, texts: Sequence[str], own: tuple[str, ...]) -> Job:
        words = self._dictionary.read(with_companions([*self._fixed, *texts]))
        template, saver = self._template(words, len(words) - len(texts))
        settings = template.settings(words)
        _require_sweepable(settings)
        if settings.replay.tier == "screen":
            require_read(own)
        dirname = self._dirname([word for word in words if not word.override.is_hydra_override()])
        directory = Path(f"{self._directory}/{template.place(number, dirname)}").absolute()
        saved = saver.of(number, words, dirname, directory)
        return Job(number, own, settings, directory, saved)

    def _template(self, words: Sequence[Word], first: int) -> tuple[Template, Saver]:
        """Return the template of a job; the words that only set values do not choose it.

        The words that were typed as the task's begin at `first`.
        """
        plain = [
            k + first for k in self._varying if is_plain(words[k + first], words, self._groups)
        ]
        made = self._made(words, plain)
        return made if made[0].holds else self._made(words, [])

    def _made(self, words: Sequence[Word], swept: Sequence[int]) -> tuple[Template, Saver]:
        key = tuple(w.key if k in swept else w.text for k, w in enumerate(words))
        if key not in self._templates:
            self._keep(key, words, Template(self._loader, self._frame, words, swept))
        return self._templates[key]

    def _keep(self, key: tuple[str, ...], words: Sequence[Word], template: Template) -> None:
        if len(self._templates) >= _MOST_TEMPLATES:
            del self._templates[next(iter(self._templates))]
        self._templates[key] = template, Saver(template, words, self._lines)

    def _dirname(self, words: Sequence[Word]) -> str:
        """Return what Hydra calls `hydra.job.override_dirname`."""
        form = self._frame.hydra.job.config.override_dirname
        overrides = [word.override for word in words]
        return get_overrides_dirname(overrides, list(form.exclude_keys), form.item_sep, form.kv_sep)


def _unresolved(words: ListConfig) -> list[str]:
    """Return words as they were typed, with what they refer to not put in."""
    plain = OmegaConf.to_container(words)
    return [str(word) for word in plain] if isinstance(plain, list) else []


def _sweeper(frame: DictConfig) -> str:
    return str(frame.hydra.runtime.choices["hydra/sweeper"])


def _require_launcher(sweeper: str, launcher: str) -> None:
    """Refuse a launcher that would not be asked: our sweepers run jobs themselves, or Ray does."""
    if launcher == RAY and sweeper != GRID:
        raise ConfigError(f"hydra/launcher=ray: expected hydra/sweeper=grid, was {sweeper}")
    if sweeper in (GRID, OPTUNA) and launcher not in ("basic", RAY):
        raise ConfigError(
            f"hydra/launcher: expected none with hydra/sweeper={sweeper}, which runs jobs itself,"
            f" was {launcher}; add hydra/sweeper=basic"
        )


def _require_sweepable(settings: Settings) -> None:
    if settings.mode.name not in SWEPT_MODES:
        raise ConfigError(
            f"mode: expected {' or '.join(SWEPT_MODES)} with -m, was {settings.mode.name};"
            f" several of the same orders at once are not meant"
        )
    if settings.explain is not None:
        raise ConfigError("explain: expected one configuration, was a sweep; leave out -m")


def _require_places(jobs: Sequence[Job]) -> None:
    """Refuse two jobs that would write into one directory."""
    seen: dict[Path, Job] = {}
    for job in jobs:
        other = seen.setdefault(job.directory, job)
        if other is not job:
            raise ConfigError(
                "hydra.sweep.subdir: expected a directory of its own for each job, was"
                f" {job.directory} for {other.number} and {job.number}"
            )


def _require_one_tier(jobs: Sequence[Job]) -> None:
    """Refuse screened jobs among others, and survivors of no screen."""
    tiers = {job.settings.replay.tier for job in jobs}
    if "screen" in tiers and len(tiers) > 1:
        raise ConfigError(
            "replay.tier: expected screen for all jobs or for none, was both; use sweep.survivors"
        )
    if "screen" not in tiers and any(job.settings.sweep.survivors for job in jobs):
        raise ConfigError("sweep.survivors: expected replay.tier=screen, was without a screen")


def _returns(returned: Any) -> list[JobReturn]:
    """Flatten what a sweeper returns: batches of jobs, or nothing at all."""
    return [job for batch in returned or () for job in batch if isinstance(job, JobReturn)]
