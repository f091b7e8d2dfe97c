"""Keep the tokens that people log in with, and the key that signs their sessions, in one file.

The file lies outside every run directory and is its owner's alone. Deleting it ends every login.
"""

import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path

from connectors.model.errors import ConfigError
from runner.web.roles import TOLD, Role

LEAST_CHARACTERS = 32
SIGNING = "sessions"
_NAMES = (*TOLD.values(), SIGNING)
MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Keys:
    """A token a role, and what signs sessions. Never shown: `repr` has none of it."""

    tokens: Mapping[Role, str]
    signing: bytes

    def __repr__(self) -> str:
        """Return nothing that could be used."""
        return "Keys(...)"

    def role_of(self, token: str) -> Role:
        """Return what a token lets one do; nothing where it is none of ours."""
        found = Role.ANYONE
        for role, own in self.tokens.items():
            if compare_digest(own.encode(), token.encode(errors="replace")):
                found = role
        return found


def keys_at(path: Path) -> Keys:
    """Return the keys of a file, which is made where there is none.

    Raises ConfigError where others may read it, or what is in it is too short to be safe.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.path.lexists(path):
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    words = {name: secrets.token_urlsafe(32) for name in _NAMES}
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as out:
        json.dump(words, out, indent=2)
        out.write("\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        # Another view has made them in between: those count.
        return
    finally:
        draft.unlink()


def _read(path: Path) -> Keys:
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise ConfigError(
            f"web: expected a file of tokens, cannot be read: {path}: {error.strerror}"
        ) from None
    with os.fdopen(file, "rb") as held:
        mode = stat.S_IMODE(os.fstat(held.fileno()).st_mode)
        if mode & 0o077:
            raise ConfigError(
                f"web: expected tokens that only their owner may read, was mode {mode:o}:"
                f" chmod 600 {path}, or delete it to have new ones"
            )
        return _keys(held.read(MOST_BYTES), path)


def _keys(text: bytes, path: Path) -> Keys:
    try:
        words = json.loads(text)
        found = [words[name] for name in _NAMES]
        is_safe = all(isinstance(w, str) and len(w) >= LEAST_CHARACTERS for w in found)
    except (ValueError, KeyError, TypeError):
        is_safe, found = False, []
    if not is_safe or len(set(found)) < len(_NAMES):
        raise ConfigError(
            f"web: expected {', '.join(_NAMES)} in {path}, each different and at least"
            f" {LEAST_CHARACTERS} characters long; delete the file to have new ones"
        )
    *tokens, signing = found
    return Keys(dict(zip(TOLD, tokens, strict=True)), signing.encode())
