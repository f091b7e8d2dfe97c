"""Answer Hydra's own flags: --help, --cfg, --info, --hydra-help and shell completion."""

import os
from collections.abc import Sequence

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.hydra import Hydra
from hydra.errors import HydraException
from omegaconf.errors import OmegaConfBaseException

from connectors.model.errors import ConfigError
from runner.config.arguments import EXPLAIN_WORD, Arguments
from runner.config.errors import first_line
from runner.config.loader import CONFIG, Loader


def show(arguments: Arguments, loader: Loader) -> None:
    """Print what a flag asks for."""
    flags, overrides = arguments.flags, list(arguments.overrides)
    hydra = Hydra(task_name="mmrunner", config_loader=loader)
    if flags.help:
        hydra.app_help(CONFIG, arguments.parser, _with_overrides(arguments))
    elif flags.hydra_help:
        hydra.hydra_help(CONFIG, arguments.parser, _with_overrides(arguments))
    elif flags.cfg:
        hydra.show_cfg(CONFIG, overrides, flags.cfg, flags.package, flags.resolve)
    elif flags.info:
        hydra.show_info(flags.info, CONFIG, overrides)


def complete(loader: Loader, overrides: Sequence[str]) -> None:
    """Install, remove or answer shell completion. Half a word is no mistake: nothing is checked."""
    if "COMP_LINE" in os.environ:
        os.environ["COMP_LINE"] = os.environ["COMP_LINE"].replace(f" {EXPLAIN_WORD}", "", 1)
    plain = ConfigLoaderImpl(loader.get_search_path())
    hydra = Hydra(task_name="mmrunner", config_loader=plain)
    try:
        hydra.shell_completion(CONFIG, list(overrides))
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        raise ConfigError(
            f"-sc: expected install=SHELL, uninstall=SHELL or query=SHELL,"
            f" was not: {first_line(error)}"
        ) from None


def _with_overrides(arguments: Arguments) -> object:
    arguments.flags.overrides = list(arguments.overrides)
    return arguments.flags
