"""Give a configuration one name that does not depend on the machine it runs on."""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from runner.settings.deploy import Settings


def config_hash(settings: Settings, besides: Iterable[str] = ()) -> str:
    """Return the sha256 of the settings in canonical JSON, less what only places, asks or ranks.

    Equal settings have equal hashes, in whatever file, order or spelling they were given. Secrets
    are not part of the settings. `besides` names blocks that are left out too.
    """
    apart = ("explain", "ray", "report", "search", "sweep", *besides)
    without: dict[str, Any] = {"tape": {"path"}, **dict.fromkeys(apart, True)}
    plain = settings.model_dump(exclude=without, serialize_as_any=True)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_text)
    return hashlib.sha256(text.encode()).hexdigest()


def _text(value: object) -> str:
    """Return one spelling of a number that JSON has no exact form for."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return str(value)
