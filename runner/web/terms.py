"""Say where a web view listens, for whom, and on what it looks: all that its process is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from runner.settings.web import Web

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a web view is started with. `names` are hosts without a port, addresses as in a URL."""

    home: str
    host: str
    port: int
    names: Sequence[str]
    certificate_file: str | None
    private_key_file: str | None
    session_s: float

    @classmethod
    def of(cls, web: Web, home: Path) -> Self:
        """Return the terms that a configuration asks for."""
        return cls(
            home=str(home),
            host=web.host,
            port=web.port,
            names=tuple(web.names),
            certificate_file=_text(web.certificate_file),
            private_key_file=_text(web.private_key_file),
            session_s=web.session_h * 3600,
        )

    @property
    def has_tls(self) -> bool:
        """Whether it speaks https."""
        return self.certificate_file is not None

    def origins(self, port: int) -> frozenset[str]:
        """Return every origin that is this view's own; `port` is the one it has."""
        scheme, usual = ("https", 443) if self.has_tls else ("http", 80)
        own = () if _is_any(self.host) else (_in_url(self.host),)
        hosts = {*own, *self.names, *LOOPBACK}
        return frozenset(
            origin
            for host in hosts
            for origin in (
                f"{scheme}://{host}:{port}",
                *([f"{scheme}://{host}"] if port == usual else []),
            )
        )

    def address(self, port: int) -> str:
        """Return the address to open, without a path."""
        scheme = "https" if self.has_tls else "http"
        host = (self.names[0] if self.names else "localhost") if _is_any(self.host) else self.host
        return f"{scheme}://{_in_url(host)}:{port}"


def _is_any(host: str) -> bool:
    """Tell whether an address means all of this machine's."""
    return host != "localhost" and ip_address(host).is_unspecified


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path.expanduser().absolute())
