"""Remember which file or override wrote each value of a composed configuration."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

OVERRIDE = "override"
"""Layer of the command line and of MMRUNNER_OVERRIDES."""
COMMAND_LINE = "command line"
_ASKED_FOR = frozenset({OVERRIDE, "experiment", "local"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written. `layer` is the config group of its file, "" for config.yaml."""

    text: str
    layer: str

    @property
    def asked_for(self) -> bool:
        """Tell whether a person asked for this value now, rather than took it as a default."""
        return self.layer in _ASKED_FOR


@dataclass(slots=True)
class Provenance:
    """All writings of each key, oldest first. Keys are dotted paths of leaves."""

    written: dict[str, list[tuple[Origin, Any]]] = field(default_factory=dict)

    def write(self, path: str, value: Any, origin: Origin) -> None:
        """Note that `origin` wrote `value`, a leaf or a block of keys, at `path`."""
        if isinstance(value, Mapping) and value:
            for key, item in value.items():
                self.write(f"{path}.{key}" if path else str(key), item, origin)
            return
        self.written.setdefault(path, []).append((origin, value))

    def remove(self, path: str) -> None:
        """Forget a key and all under it."""
        for key in list(self.under(path)):
            del self.written[key]

    def under(self, path: str) -> Iterator[str]:
        """Yield the leaves at or under a path."""
        for key in self.written:
            if key == path or key.startswith(f"{path}."):
                yield key

    def origin(self, path: str) -> Origin | None:
        """Return who wrote a key last."""
        return self.written[path][-1][0] if path in self.written else None

    def where(self, path: str) -> str:
        """Return who wrote a key, or its nearest block, last; nothing when nobody did."""
        while path:
            for key in reversed(list(self.under(path))):
                return self.written[key][-1][0].text
            path = path.rpartition(".")[0]
        return ""
