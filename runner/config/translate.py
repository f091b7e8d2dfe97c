"""Turn the exceptions of Hydra, OmegaConf and pydantic into one line for a person."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hydra.errors import MissingConfigException, OverrideParseException
from omegaconf.errors import (
    ConfigAttributeError,
    ConfigKeyError,
    MissingMandatoryValue,
    OmegaConfBaseException,
)

from connectors.model.errors import ConfigError
from runner.config.errors import first_line, one_line, unknown_choice, unknown_key, wrong_value
from runner.config.provenance import COMMAND_LINE, Provenance
from runner.settings.registry import ENTRY_POINTS

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Options = Callable[[str], Sequence[str]]


def translated(error: Exception, options: Options) -> ConfigError:
    """Return the one line for what went wrong while composing."""
    if isinstance(error, OverrideParseException):
        return ConfigError(
            f"{one_line(error.override)}: expected KEY=VALUE that can be read, was not:"
            f" {first_line(error)}"
        )
    if isinstance(error, MissingConfigException) and error.missing_cfg_file is not None:
        group, _, name = error.missing_cfg_file.rpartition("/")
        if group:
            return unknown_choice(group, name, options(group))
        return ConfigError(f"{name}: expected a file conf/{name}.yaml, was none")
    text = str(error)
    if match := re.match(r"\S+@markets\.([^.\s]+)\S* appears more than once", text):
        return ConfigError(f"market: expected each market once, was {match[1]} more than once")
    if match := re.search(r"Could not override '([^'@]+)@markets\.([^'.]+)", text):
        return ConfigError(
            f"{match[1]}@markets.{match[2]}.{match[1]}: expected a market of this deploy,"
            f" was '{match[2]}'; add it with market=[...]"
        )
    if match := re.match(r"In '([^']+)': (?:\w+ raised while composing config:)?(.*)", text, re.S):
        reason = one_line(match[2])
        return ConfigError(f"conf/{match[1]}.yaml: expected what fits the rest, was not: {reason}")
    cause = error.__cause__ if isinstance(error.__cause__, OmegaConfBaseException) else error
    if isinstance(cause, MissingMandatoryValue):
        return ConfigError(f"{cause.full_key}: expected {cause.full_key}=VALUE, was not given")
    if isinstance(cause, (ConfigKeyError, ConfigAttributeError)) and cause.full_key:
        return unknown_key(cause.full_key, ())
    if isinstance(cause, OmegaConfBaseException) and cause.full_key:
        return ConfigError(f"{cause.full_key}: expected a value, was none: {first_line(cause)}")
    return ConfigError(first_line(error) or type(error).__name__)


def missed_choice(error: Exception) -> tuple[str, str] | None:
    """Return group and name of a choice that has no file, where packages may bring choices."""
    if isinstance(error, MissingConfigException) and error.missing_cfg_file is not None:
        group, _, name = error.missing_cfg_file.rpartition("/")
        if group in ENTRY_POINTS:
            return group, name
    return None


def invalid(error: "ValidationError", provenance: Provenance) -> ConfigError:
    """Return the one line for the first value that the schema refuses."""
    found = error.errors(include_url=False, include_context=True)[0]
    path = ".".join(str(part) for part in found["loc"] if part != "[key]")
    return _told(found, path, provenance)


def _told(found: "ErrorDetails", path: str, provenance: Provenance) -> ConfigError:
    context: Mapping[str, Any] = found.get("ctx", {})
    match found["type"]:
        case "rule":
            return ConfigError(f"{path}: {context['message']}" if path else str(context["message"]))
        case "unknown_key":
            if not path and context["key"] in _PACKAGES:
                return _without_package(str(context["key"]), provenance)
            path = f"{path}.{context['key']}" if path else str(context["key"])
            return unknown_key(path, context["known"], _where(provenance, path))
        case "missing":
            return ConfigError(f"{path}: expected a value, was none{_hint(path)}")
        case kind:
            expected, where = _expected(kind, context), _where(provenance, path)
            return wrong_value(path, expected, found["input"], where)


_PACKAGES = {
    "experiment": "_global_",
    "local": "_global_",
    "market": "markets.NAME",
    "profile": "_global_",
    "rollout": "_global_",
}
"""Packages of the groups whose files say more than one block of that name."""


def _without_package(group: str, provenance: Provenance) -> ConfigError:
    """Return the error for a file whose keys ended up under the name of its group."""
    return ConfigError(
        f"{provenance.where(group) or group}: expected '# @package {_PACKAGES[group]}' as the first"
        f" line, was without"
    )


def _where(provenance: Provenance, path: str) -> str:
    """Return who wrote a value, unless it stands on the command line for everyone to see."""
    where = provenance.where(path)
    return "" if where.startswith(COMMAND_LINE) else where


def _hint(path: str) -> str:
    return "; choose one or more with market=NAME" if path == "markets" else ""


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    match kind:
        case "expected":
            return str(context["expected"])
        case "literal_error":
            return "one of " + str(context["expected"]).replace("'", "").replace(" or ", ", ")
        case "bool_type":
            return "true or false"
        case "model_type" | "model_attributes_type" | "mapping_type" | "dict_type":
            return "a block of keys"
        case _:
            return kind.replace("_", " ")
