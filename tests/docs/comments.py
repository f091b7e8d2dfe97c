"""Read what the files of conf/ say about each key in the comment above it."""

import re
from pathlib import Path

_LINE = re.compile(r"(\s*)(\w+):")


def comments(path: Path) -> dict[str, str]:
    """Return the comment that stands directly over each key of a YAML file, by dotted path."""
    found: dict[str, str] = {}
    above: list[str] = []
    parents: list[tuple[int, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip().startswith("#"):
            above.append(line.strip().removeprefix("#").strip())
            continue
        match = _LINE.match(line)
        if match:
            indent, key = len(match[1]), match[2]
            parents = [(depth, name) for depth, name in parents if depth < indent]
            parents.append((indent, key))
            if above:
                found[".".join(name for _, name in parents)] = " ".join(above)
        above = []
    return found
