"""Check what was typed against what can be set, before Hydra merges it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig

from connectors.model.errors import ConfigError
from runner.config.errors import unknown_choice, unknown_key

if TYPE_CHECKING:
    from hydra._internal.config_repository import IConfigRepository


class Groups(Protocol):
    """What knows the groups of the configuration; Hydra's repository is one."""

    def group_exists(self, config_path: str) -> bool:
        """Tell whether there is a group of that name."""


class KnownGroups:
    """Groups that are looked up on the disk once."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._known: dict[str, bool] = {}

    def group_exists(self, config_path: str) -> bool:
        """Tell whether there is a group of that name."""
        if config_path not in self._known:
            self._known[config_path] = self._groups.group_exists(config_path)
        return self._known[config_path]


OPTIONAL = ("local",)
"""Groups whose file may be absent by default; one that is asked for may not."""


def is_choice(override: Override, groups: Groups) -> bool:
    """Tell whether an override chooses from a group (strategy=linear) rather than sets a value."""
    return not isinstance(override.value(), dict) and groups.group_exists(override.key_or_group)


def refuse_sweeps(overrides: Sequence[Override]) -> None:
    """Raise ConfigError for the first override that has several values."""
    for override in overrides:
        if override.is_sweep_override():
            key, values = override.get_key_element(), override.get_value_string()
            raise ConfigError(
                f"{key}: expected one value, was {values}; a list is written '{key}=[{values}]',"
                f" and -m with mode=replay runs each value in turn"
            )


def check_choice(override: Override, repository: "IConfigRepository") -> None:
    """Raise ConfigError for a choice that is no name of the group."""
    if override.is_delete() or override.is_sweep_override():
        return
    group, value = override.key_or_group, override.value()
    options = repository.get_group_options(group)
    if override.is_add() or override.is_force_add():
        raise ConfigError(
            f"{override.get_key_element()}: expected no '+' before a group,"
            f" was {override.input_line}"
        )
    if isinstance(value, str):
        if group in OPTIONAL and value not in options:
            raise unknown_choice(group, value, options)
        return
    if not isinstance(value, list) or group != "market":
        raise unknown_choice(group, override.get_value_string(), options)
    if not value:
        raise ConfigError(f"market: expected one or more of {', '.join(options)}, was none")
    for name in value:
        if not isinstance(name, str):
            raise unknown_choice(group, name, options)
        if value.count(name) > 1:
            raise ConfigError(
                f"market: expected each market once, was {name} {value.count(name)} times"
            )


def check_value(override: Override, config: DictConfig, repository: "IConfigRepository") -> None:
    """Raise ConfigError when an override names a key that is not there, or is not to be set."""
    path = override.key_or_group
    adds = override.is_add() or override.is_force_add()
    if override.package is not None:
        raise ConfigError(
            f"{override.get_key_element()}: expected a group before '@', was '{path}'"
        )
    if repository.group_exists(path) and config._get_node(path) is None:
        raise unknown_choice(path, "a block of keys", repository.get_group_options(path))
    parts = path.split(".")
    known = _siblings_where_lost(parts, config)
    if known is not None and not adds:
        raise _missing(parts[: known[0] + 1], known[1])
    if known is None and override.is_add() and not isinstance(override.value(), (dict, list)):
        raise ConfigError(f"{path}: expected no '+' before a key that is there, was '+{path}'")
    if len(parts) > 1 and parts[-1] == "name" and repository.group_exists(parts[-2]):
        choice = parts[0] if len(parts) == 2 else f"{parts[-2]}@{'.'.join(parts[:-1])}"
        raise ConfigError(f"{path}: expected the choice {choice}=NAME, was set as a key")


def _siblings_where_lost(parts: Sequence[str], config: DictConfig) -> tuple[int, list[str]] | None:
    """Return how deep a path leaves the configuration, and the keys there; None: it does not."""
    node: object = config
    for depth, part in enumerate(parts):
        if not isinstance(node, DictConfig) or node._is_none():
            return depth, []
        if part not in node.keys():  # noqa: SIM118 - `in node` leaves out keys that have no value yet
            return depth, [str(key) for key in node]
        node = node._get_node(part)
    return None


def _missing(parts: Sequence[str], known: Sequence[str]) -> ConfigError:
    if len(parts) == 2 and parts[0] == "markets":
        return ConfigError(
            f"markets.{parts[1]}: expected a market of this deploy ({', '.join(known)}),"
            f" was '{parts[1]}'; add it with 'market=[{','.join([*known, parts[1]])}]'"
        )
    return unknown_key(".".join(parts), [key for key in known if key != "hydra"])
