"""Give a configuration one name that does not depend on the machine it runs on."""

import hashlib
from collections.abc import Iterable

from runner.settings.deploy import Settings
from runner.settings.fields import canonical, joined

PLACED = ("tape", "funding")
"""Blocks whose `path` is left out."""


def config_hash(settings: Settings, besides: Iterable[str] = ()) -> str:
    """Return the sha256 of the settings in canonical JSON, less what places, asks, calls or ranks.

    Equal settings have equal hashes, in whatever file, order or spelling they were given. Secrets
    are not part of the settings. `besides` names blocks that are left out too.
    """
    asked = ("backup", "bundle", "calibrate", "explain", "report", "route", "search", "sweep")
    apart = {*asked, "notify", "ray", *besides}
    told = {key: canonical(item) for key, item in settings if key not in {*apart, *PLACED}}
    told |= {key: getattr(settings, key).placeless for key in PLACED if key not in apart}
    return hashlib.sha256(joined(told).encode()).hexdigest()
