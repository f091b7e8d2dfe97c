"""Take secrets out of what leaves the machine: by value, and by the names they go under."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

REDACTED = "[redacted]"
LEAST = 6
"""A shorter value is no secret worth the name, and stands in every text."""
_PAIR = re.compile(
    rb"(?i)([\w-]*(?:secret|passphrase|password|passwd|private[_-]?key|api[_-]?key|token|mnemonic"
    rb"|signature|authorization|listenkey)[\"']?\s*[=:]\s*[\"']?)([^\s\"',;&}]{6,})"
)
_KEY = re.compile(rb"(?<![0-9A-Za-z])(?:0x)?[0-9a-fA-F]{64,}(?![0-9A-Za-z])")
_HASHES = re.compile(rb"(?i)(sha256|hash|digest)[\w\"' ]*[:= ]+[\"']?$")
_URL = re.compile(rb"(\w+://)[^\s/@\"']+:[^\s/@\"']+@")


@dataclass(frozen=True, slots=True)
class Redactor:
    """What is taken out of every file: these values, and whatever looks like a secret."""

    values: tuple[bytes, ...]

    @classmethod
    def of(cls, environment: Mapping[str, str], names: Iterable[str]) -> "Redactor":
        """Return one for the secrets that the configuration names."""
        found = {environment.get(name, "").strip() for name in names}
        parts = {part for value in found for part in [value, *re.split(r"[\s,]+", value)]}
        longest_first = sorted((v for v in parts if len(v) >= LEAST), key=len, reverse=True)
        return cls(tuple(value.encode() for value in longest_first))

    def text(self, content: bytes) -> bytes:
        """Return a text without secrets. References such as ``key_env: NAME`` stay."""
        for value in self.values:
            content = content.replace(value, REDACTED.encode())
        content = _URL.sub(rb"\1" + REDACTED.encode() + b"@", content)
        content = _PAIR.sub(rb"\1" + REDACTED.encode(), content)
        return _KEY.sub(_key, content)

    def holds_secret(self, content: bytes) -> bool:
        """Tell whether bytes that cannot be rewritten have one of the values."""
        return any(value in content for value in self.values)


def _key(found: "re.Match[bytes]") -> bytes:
    before = found.string[max(0, found.start() - 40) : found.start()]
    return found.group() if _HASHES.search(before) else REDACTED.encode()


def secret_names(config: object) -> Iterator[str]:
    """Yield the names of environment variables that a configuration takes secrets from."""
    if isinstance(config, Mapping):
        for key, value in config.items():
            if str(key).endswith("_env") and isinstance(value, str):
                yield value
            else:
                yield from secret_names(value)
    elif isinstance(config, (list, tuple)):
        for item in config:
            yield from secret_names(item)
