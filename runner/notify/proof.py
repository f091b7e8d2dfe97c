"""Remember that a letter has arrived: an armed deploy on real money asks for that.

Kept is when, and a salted digest of the addresses, so that other addresses have to be tried again
and nobody reads them from the file.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from connectors.model.errors import ConfigError
from runner.report.files import write_text

DAY_NS = 86_400_000_000_000


@dataclass(frozen=True, slots=True)
class Proof:
    """That every address has taken a letter at a moment."""

    salt: str
    digest: str
    tested_ns: int

    def is_of(self, urls: list[str]) -> bool:
        """Tell whether it speaks of these addresses."""
        return hmac.compare_digest(self.digest, _digest(self.salt, urls))


def write_proof(path: Path, urls: list[str], now_ns: int) -> None:
    """Write down that a letter has arrived at all addresses."""
    salt = secrets.token_hex(16)
    proof = {"salt": salt, "digest": _digest(salt, urls), "tested_ns": now_ns}
    write_text(path, json.dumps(proof) + "\n")


def read_proof(path: Path) -> Proof | None:
    """Return what was written down; None where there is nothing, or nothing that can be read."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return Proof(str(plain["salt"]), str(plain["digest"]), int(plain["tested_ns"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def require_proof(path: Path, urls: list[str], within_d: float, now_ns: int) -> None:
    """Raise ConfigError unless a letter has arrived at these addresses so many days ago at most."""
    proof = read_proof(path)
    if proof is None or not proof.is_of(urls):
        found = "none has been tried" if proof is None else "others were tried"
        raise ConfigError(
            f"notify: expected addresses that have been tried, with real money, {found}:"
            " run mmrunner mode=notify with this configuration"
        )
    age_d = (now_ns - proof.tested_ns) / DAY_NS
    if not 0 <= age_d <= within_d:
        raise ConfigError(
            f"notify.tested_within_d: expected addresses tried within {within_d:g} days, was"
            f" {age_d:.1f} days ago: run mmrunner mode=notify"
        )


def _digest(salt: str, urls: list[str]) -> str:
    return hashlib.sha256("\n".join((salt, *sorted(urls))).encode()).hexdigest()
