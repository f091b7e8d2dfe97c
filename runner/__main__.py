"""Start mmrunner: compose and validate, then run the mode. `mmrunner` = `python -m runner`."""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.model.errors import MmrunnerError
from runner.interrupts import Interrupt, Interrupts, is_asked

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from runner.config.arguments import Arguments
    from runner.config.loader import Loader
    from runner.places import Places
    from runner.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
CRASHED = 1
INTERRUPTED = 130

Mode = Callable[["Settings", "Places"], int]
"""What a run does with a valid configuration; it returns the exit code."""


def main() -> int:
    """Run the command line and return the exit code."""
    if threading.current_thread() is threading.main_thread():
        Interrupts().listen()
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
        return _dispatch(argv, environment, mode or _run_mode, checkout)
    except MmrunnerError as error:
        _complain(error)
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
    loader: "Loader"
    mode: Mode
    home: Path
    checkout: Path


def _dispatch(
    argv: Sequence[str], environment: Mapping[str, str], mode: Mode, checkout: Path
) -> int:
    from runner.config.arguments import parse

    arguments = parse(argv, environment)
    if arguments.flags.version:
        return _print_version()
    from runner.config.compose import new_loader
    from runner.places import home_of

    extra = arguments.flags.config_dir
    loader = new_loader(checkout, Path(extra) if extra else None, arguments.from_environment)
    if arguments.flags.completion:
        from runner.config.show import complete

        _name_places(checkout)
        complete(loader, arguments.overrides)
        return 0
    home = home_of(environment, checkout)
    _name_places(home)
    command = _Command(arguments, loader, mode, home, checkout)
    return _sweep(command) if arguments.flags.multirun else _single(command)


def _single(command: _Command) -> int:
    """Validate one run and run it, or show it."""
    from runner.config.compose import compose, refuse_unread_hydra_keys
    from runner.config.save import run_path, save
    from runner.places import Places, RunDirectory, require_directory

    arguments, loader = command.arguments, command.loader
    composed = compose(loader, arguments.overrides)
    if arguments.shows:
        from runner.config.show import show

        show(arguments, loader)
        return 0
    if composed.settings.explain == "config":
        from runner.config.explain import explain

        print("\n".join(explain(composed, loader)), flush=True)
        return 0
    refuse_unread_hydra_keys(arguments.overrides)
    run = RunDirectory(run_path(composed.config), partial(save, composed.config))
    require_directory(run.path, "hydra.run.dir")
    places = Places(command.home, command.checkout, run)
    try:
        return _guarded(command.mode, composed.settings, places)
    finally:
        if run.opened:
            print(f"run directory: {run.path}", flush=True)


def _sweep(command: _Command) -> int:
    """Validate every job of a sweep, then run them; return the worst exit code."""
    from hydra.core.hydra_config import HydraConfig

    from runner.config import sweep
    from runner.config.compose import settings_of
    from runner.places import Places, RunDirectory, require_directory

    def job(config: "DictConfig") -> int:
        directory = RunDirectory(Path(HydraConfig.get().runtime.output_dir))
        places = Places(command.home, command.checkout, directory)
        return _guarded(command.mode, settings_of(config, command.loader), places)

    overrides = command.arguments.overrides
    directory = Path(sweep.validate(command.loader, overrides).hydra.sweep.dir).absolute()
    require_directory(directory, "hydra.sweep.dir")
    try:
        return sweep.run(command.loader, overrides, job)
    finally:
        print(f"run directory: {directory}", flush=True)


def _run_mode(settings: "Settings", places: "Places") -> int:
    from runner import modes

    return modes.run(settings, places)


def _guarded(mode: Mode, settings: "Settings", places: "Places") -> int:
    """Run a mode; what it raises becomes an exit code and one line. Only an interrupt passes."""
    if is_asked():
        raise Interrupt
    try:
        return mode(settings, places)
    except MmrunnerError as error:
        _complain(error)
        return error.exit_code
    except Exception as crash:  # noqa: BLE001 - the last resort: a crash is told and logged, not lost
        where = _log_crash(crash, places)
        _complain(f"crashed: {type(crash).__name__}: {crash} ({where})")
        return CRASHED


def _log_crash(crash: Exception, places: "Places") -> str:
    """Write the traceback to run.log, or to the terminal where that cannot be; tell where it is."""
    try:
        log = places.run.open() / "run.log"
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exception(crash, file=file)
    except (MmrunnerError, OSError):
        traceback.print_exception(crash)
        return "traceback above"
    return f"traceback in {log}"


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


def _complain(what: object) -> None:
    """Print one line, whatever the message has in it."""
    line = " ".join(str(what).split())
    print(f"mmrunner: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
