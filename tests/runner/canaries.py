"""Plant secrets that are easy to recognise, and find them however they are spelled."""

import tarfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote


def spellings(secret: str) -> set[bytes]:
    """Return a secret plain, in hex, quoted for a URL, and in base64 wherever it may stand."""
    raw = secret.encode()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode(), quote(secret, safe="").encode()}
    for before in range(3):
        first, beyond = -(-8 * before // 6), 8 * (before + len(raw)) // 6
        for encode in (b64encode, urlsafe_b64encode):
            found.add(encode(bytes(before) + raw)[first:beyond])
    return found


def leaks(secrets: Mapping[str, str], told: Mapping[str, bytes]) -> list[str]:
    """Return where one of the secrets, by name, stands in what was told, by place."""
    spelled = {name: spellings(secret) for name, secret in secrets.items()}
    return [
        f"{name} in {place}"
        for place, content in told.items()
        for name, words in spelled.items()
        if any(word in content for word in words)
    ]


def contents(home: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a directory by its path, and what is packed in its archives."""
    for path in home.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield str(path), path.read_bytes()
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as packed:
                for entry in packed:
                    held = packed.extractfile(entry)
                    yield f"{path}: {entry.name}", held.read() if held else b""


def command_lines(process: int) -> Iterator[tuple[str, bytes]]:
    """Yield the arguments of a process and of those that it has started."""
    for number in [process, *_children(process)]:
        line = Path(f"/proc/{number}/cmdline").read_bytes()
        yield f"arguments of {number}", line


def _children(process: int) -> Iterable[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        for word in (task / "children").read_text().split():
            yield int(word)
            yield from _children(int(word))
