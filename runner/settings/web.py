"""Describe the web view: where it listens, and who it takes for itself."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import model_validator

from runner.settings.fields import Block, Checked, Place, Real, Text, Whole, rule

MOST_NAMES = 16
_NAME = Text("[A-Za-z0-9.-]{1,253}", "a host name")


@dataclass(frozen=True)
class HostNames(Checked):
    """A short list of host names."""

    def expected(self) -> str:
        """Return what the list is in words."""
        return f"a list of at most {MOST_NAMES} host names, without scheme and port"

    def check(self, value: object) -> Sequence[str]:
        """Return the names in small letters."""
        if not isinstance(value, (list, tuple)) or len(value) > MOST_NAMES:
            raise ValueError
        return tuple(_NAME.check(name).lower() for name in value)


class Web(Block):
    """The web view of the deploys on this machine."""

    host: Annotated[str, Text("[0-9a-fA-F.:]{2,45}|localhost", "an address, such as 127.0.0.1")]
    port: Annotated[int, Whole(0, 65_535)]
    names: Annotated[Sequence[str], HostNames()]
    certificate_file: Annotated[Path | None, Place(null=True)]
    private_key_file: Annotated[Path | None, Place(null=True)]
    session_h: Annotated[float, Real(0.1, 720)]

    @model_validator(mode="after")
    def _nobody_listens_in(self) -> Self:
        """Refuse to send logins in the clear over a network."""
        if (self.certificate_file is None) != (self.private_key_file is None):
            raise rule("certificate_file: expected both it and private_key_file, or neither")
        if self.certificate_file is None and not is_loopback(self.host):
            raise rule(
                f"host: expected 127.0.0.1 or ::1 without certificate_file and private_key_file,"
                f" was {self.host}: beyond this machine a login needs TLS"
            )
        return self


def is_loopback(host: str) -> bool:
    """Tell whether an address reaches this machine alone; what is no address does not."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
