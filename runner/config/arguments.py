"""Split what was typed into overrides and flags, and refuse what is neither."""

import argparse
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from connectors.model.errors import ConfigError
from runner.config.errors import nearest, one_line
from runner.config.secrets import refuse_secrets

OVERRIDES = "MMRUNNER_OVERRIDES"
EXPLAIN_WORD = "explain-config"
EXPLAIN = "explain=config"


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked for: overrides in order of precedence, lowest first, and Hydra's flags."""

    overrides: tuple[str, ...]
    from_environment: tuple[str, ...]
    flags: argparse.Namespace
    parser: argparse.ArgumentParser = field(repr=False)

    @property
    def typed(self) -> tuple[str, ...]:
        """The overrides of the command line alone."""
        return self.overrides[len(self.from_environment) :]

    @property
    def shows(self) -> bool:
        """Tell whether a flag only asks to be shown something."""
        flags = self.flags
        return bool(flags.help or flags.hydra_help or flags.cfg or flags.info or flags.completion)


class _Parser(argparse.ArgumentParser):
    """Raise instead of printing the usage and exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise ConfigError with argparse's complaint, without any value in it."""
        text = message.split("=", maxsplit=1)[0]
        raise ConfigError(f"flags: expected overrides KEY=VALUE or a flag of --help, was: {text}")


def parse(argv: Sequence[str], environment: Mapping[str, str]) -> Arguments:
    """Return what the command line and MMRUNNER_OVERRIDES ask for.

    Raises ConfigError for a secret, for an unknown flag and for a word that is no override.
    """
    given = _from_environment(environment)
    refuse_secrets(given, OVERRIDES)
    refuse_secrets(argv, "the command line")
    parser = _parser()
    flags = parser.parse_intermixed_args(list(argv))
    typed: list[str] = flags.overrides
    if typed[:1] == [EXPLAIN_WORD]:
        typed = [*typed[1:], EXPLAIN]
    if not flags.completion:
        for word in (*given, *typed):
            _check_word(word)
    return Arguments((*given, *typed), given, flags, parser)


def _from_environment(environment: Mapping[str, str]) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(environment.get(OVERRIDES, "")))
    except ValueError as error:
        raise ConfigError(
            f"{OVERRIDES}: expected words as a shell reads them, was not: {error}"
        ) from None


def _parser() -> argparse.ArgumentParser:
    """Return a parser of those of Hydra's flags that a deploy has a use for."""
    parser = _Parser(prog="mmrunner", add_help=False, allow_abbrev=False)
    parser.add_argument("overrides", nargs="*", help="KEY=VALUE, GROUP=CHOICE")
    parser.add_argument("--help", "-h", action="store_true", help="this text")
    parser.add_argument("--version", action="store_true", help="the version of mmrunner")
    parser.add_argument("--multirun", "-m", action="store_true", help="run every combination")
    parser.add_argument(
        "--cfg", "-c", choices=("job", "hydra", "all"), help="print the configuration"
    )
    parser.add_argument("--resolve", action="store_true", help="with --cfg: references resolved")
    parser.add_argument("--package", "-p", help="with --cfg: only this block")
    parser.add_argument("--config-dir", "-cd", help="one more directory of group files")
    parser.add_argument("--hydra-help", action="store_true", help="Hydra's own help")
    parser.add_argument(
        "--info", "-i", const="all", nargs="?", choices=_INFO, help="how it was composed"
    )
    parser.add_argument(
        "--shell-completion", "-sc", dest="completion", action="store_true", help="see above"
    )
    return parser


_INFO = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")
_WORDS = {
    "explain": EXPLAIN_WORD,
    "paper": "mode=paper",
    "replay": "mode=replay",
    "help": "--help",
    "version": "--version",
}


def _check_word(word: str) -> None:
    key, equals, _ = word.partition("=")
    if key == "hydra.mode":
        raise ConfigError("hydra.mode: expected the flag -m to run many, was set as a key")
    if equals and key.strip():
        return
    if word.startswith("~") and len(word) > 1:
        return
    meant = _WORDS.get(word)
    hint = f"; did you mean '{meant}'?" if meant else nearest(word, (EXPLAIN_WORD,))
    raise ConfigError(f"{one_line(word)}: expected KEY=VALUE, was a word alone{hint}")
