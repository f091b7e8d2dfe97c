"""Do what a command line asks for: compose and validate, then run the mode."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.model.errors import MmrunnerError
from runner.guard import Ending, Mode, complain, guarded

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from runner.config.arguments import Arguments
    from runner.config.loader import Loader
    from runner.places import Places, RunDirectory
    from runner.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
INTERRUPTED = 130


def run() -> int:
    """Do what the process was started for; return the exit code."""
    # pydantic would read the metadata of every installed package to look for plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    return start(sys.argv[1:], os.environ)


def start(
    argv: Sequence[str],
    environment: Mapping[str, str],
    mode: Mode | None = None,
    checkout: Path = CHECKOUT,
) -> int:
    """Do what the words and the environment ask for; return the exit code. An error is one line."""
    try:
        return _dispatch(argv, environment, mode, checkout)
    except MmrunnerError as error:
        complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `mmrunner explain-config | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


@dataclass(frozen=True, slots=True)
class _Command:
    """One command line on its way: what was asked, and what it takes to do it."""

    arguments: "Arguments"
    mode: Mode | None
    home: Path
    checkout: Path


def _dispatch(
    argv: Sequence[str], environment: Mapping[str, str], mode: Mode | None, checkout: Path
) -> int:
    from runner.config.arguments import parse

    arguments = parse(argv, environment)
    if arguments.flags.version:
        return _print_version()
    from runner.places import home_of

    if arguments.flags.completion:
        from runner.config.show import complete

        _name_places(checkout)
        complete(_new_loader(arguments, checkout), arguments.overrides)
        return 0
    home = home_of(environment, checkout)
    _name_places(home)
    command = _Command(arguments, mode, home, checkout)
    return _sweep(command) if arguments.flags.multirun else _single(command)


def _new_loader(arguments: "Arguments", checkout: Path) -> "Loader":
    from runner.config.compose import new_loader

    extra = arguments.flags.config_dir
    return new_loader(checkout, Path(extra) if extra else None, arguments.from_environment)


def _single(command: _Command) -> int:
    """Validate one run and run it, or show it."""
    from runner.places import Places, require_directory

    validated = _validated(command)
    if validated is None:
        return 0
    settings, run = validated
    require_directory(run.path, "hydra.run.dir")
    places = Places(command.home, command.checkout, run, partial(_recompose, command))
    try:
        return _told(guarded(command.mode or _run_mode, settings, places))
    finally:
        if run.opened:
            print(f"run directory: {run.path}", flush=True)


def _validated(command: _Command) -> "tuple[Settings, RunDirectory] | None":
    """Return what is to run, and where to; None where it was only to be shown.

    Whoever runs it holds nothing of what it was composed from: megabytes, where markets are many.
    """
    from runner.config.compose import (
        compose,
        refuse_unread_hydra_keys,
        refuse_unread_sweep_keys,
    )
    from runner.config.save import run_path, save
    from runner.places import RunDirectory

    arguments = command.arguments
    loader = _new_loader(arguments, command.checkout)
    composed = compose(loader, arguments.overrides)
    if arguments.shows:
        from runner.config.show import show

        show(arguments, loader)
        return None
    if composed.settings.explain == "config":
        from runner.config.explain import explain

        print("\n".join(explain(composed, loader)), flush=True)
        return None
    refuse_unread_hydra_keys(arguments.overrides)
    refuse_unread_sweep_keys(arguments.typed)
    run = RunDirectory(run_path(composed.config), partial(save, composed.config))
    return composed.settings, run


def _recompose(command: _Command) -> "Settings":
    """Compose the same run from its files as they are now; raise ConfigError."""
    from runner.config.compose import compose

    loader = _new_loader(command.arguments, command.checkout)
    return compose(loader, command.arguments.overrides).settings


def _sweep(command: _Command) -> int:
    """Validate every job of a sweep, then run them; return the worst exit code."""
    from runner.config import sweep
    from runner.sweep.run import run_sweep

    overrides = command.arguments.overrides
    loader = _new_loader(command.arguments, command.checkout)
    plan = sweep.plan(loader, overrides)
    if plan.sweeper == sweep.OPTUNA:
        return _search(command, loader, plan.directory)
    try:
        if plan.is_grid:
            return run_sweep(plan, command.mode, command.home, command.checkout)
        return sweep.run_basic(loader, overrides, partial(_basic_job, command, loader))
    finally:
        print(f"run directory: {plan.directory}", flush=True)


def _search(command: _Command, loader: "Loader", directory: Path) -> int:
    """Search instead of running every combination; return the worst exit code."""
    from runner.search.run import run_search

    overrides = command.arguments.overrides
    try:
        return run_search(loader, overrides, command.home, command.checkout)
    finally:
        if directory.exists():
            print(f"run directory: {directory}", flush=True)


def _basic_job(command: _Command, loader: "Loader", config: "DictConfig") -> int:
    """Run one job that a sweeper of Hydra's has composed."""
    from hydra.core.hydra_config import HydraConfig

    from runner.config.compose import settings_of
    from runner.places import Places, RunDirectory

    directory = RunDirectory(Path(HydraConfig.get().runtime.output_dir))
    places = Places(command.home, command.checkout, directory)
    mode = command.mode or _run_mode
    return _told(guarded(mode, settings_of(config, loader), places))


def _run_mode(settings: "Settings", places: "Places") -> int:
    from runner import modes

    return modes.run(settings, places)


def _told(ending: Ending) -> int:
    """Return an ending's exit code after its one line, if it has any."""
    if ending.line:
        complain(ending.line)
    return ending.code


def _name_places(home: Path) -> None:
    """Let conf/ say ${mmrunner.runs:} and ${mmrunner.stamp:}."""
    from omegaconf import OmegaConf

    from runner.places import run_stamp, runs

    @cache
    def stamp() -> str:
        from runner.engine.clock import SystemClock

        return run_stamp(SystemClock().now_ns(), os.getpid())

    OmegaConf.register_new_resolver("mmrunner.runs", lambda: str(runs(home)), replace=True)
    OmegaConf.register_new_resolver("mmrunner.stamp", stamp, replace=True)


def _print_version() -> int:
    from importlib.metadata import version

    print(f"mmrunner {version('mmrunner')}")
    return 0
