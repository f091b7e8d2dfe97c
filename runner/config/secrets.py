"""Refuse secrets given as values. The configuration holds only the name of where one is kept."""

import re
from collections.abc import Iterable

from connectors.model.errors import ConfigError
from runner.config.provenance import OVERRIDE, Provenance

_SECRET = re.compile(
    r"(^|_)(key|api_?keys?|(private|secret|signing|access)_?key|secrets?|password|passwd|pwd|passphrase"
    r"|tokens?|mnemonic|seed_phrase|credentials?|auth)$"
)
# The value is looked at but not consumed, so that pairs inside of it are found as well.
_PAIR = re.compile(r"([\w.@/+~'\"-]+)\s*[=:](?=\s*(\"[^\"]*\"|'[^']*'|[^,}\]\s]*))")
_PRIVATE_KEY = re.compile(
    r"(?<![0-9A-Za-z/._-])(0x)?[0-9a-fA-F]{64,}(?![0-9A-Za-z/._-])|-----BEGIN "
)
_LONGEST_NUMBER_BITS = 128
_NOTHING = ("", "null", "none", "~", "???", "''", '""')


def is_secret_name(key: str) -> bool:
    """Tell whether a key's last part names a secret itself, rather than where one is kept."""
    last = re.split(r"[.@/]", key.strip("'\"+~-"))[-1].strip("'\"")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).replace("-", "_").lower()
    return _SECRET.search(snake) is not None


def refuse_secrets(words: Iterable[str], where: str) -> None:
    """Raise ConfigError when a word gives a secret as a value. The message never has the value."""
    for word in words:
        for key, value in _PAIR.findall(word):
            if is_secret_name(key) and value.lower() not in _NOTHING:
                raise secret_error(key.strip("'\"+~-"), where)
        if word.startswith("-") and "=" not in word and is_secret_name(word):
            raise secret_error(word.lstrip("-"), where)
        if _PRIVATE_KEY.search(word):
            raise secret_error(word.split("=")[0] if "=" in word else "a word", where)


def refuse_written_secrets(provenance: Provenance) -> None:
    """Raise ConfigError when a file or an override wrote a secret, however it is spelled."""
    for path, writings in provenance.written.items():
        origin, value = writings[-1]
        if value is None or str(value).lower() in _NOTHING:
            continue
        if is_secret_name(path) or _is_private_key(value):
            raise secret_error(
                path, "the command line" if origin.layer == OVERRIDE else origin.text
            )


def _is_private_key(value: object) -> bool:
    """Tell whether a value looks like a private key; YAML reads 0x... as a number."""
    if isinstance(value, int):
        return value.bit_length() > _LONGEST_NUMBER_BITS
    return isinstance(value, str) and _PRIVATE_KEY.search(value) is not None


def secret_error(key: str, where: str) -> ConfigError:
    """Return the refusal of a secret; it names the key and the place, never the value."""
    return ConfigError(
        f"{key}: expected the name of an environment variable or keyring entry that holds it,"
        f" was a secret given as a value ({where}); nothing has been saved, but your shell's"
        f" history or the file may still have it"
    )
