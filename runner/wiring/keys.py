"""Read the keys of an exchange from the environment: nothing else ever holds them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from connectors.model.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.ccxt.library import Keys

WORDS = {
    "key_env": "a half of the API key",
    "secret_env": "a half of the API key",
    "passphrase_env": "the API key's passphrase",
}
"""What variables hold, by the keys of the configuration that name them."""


def keys_of(market: str, variables: Mapping[str, str | None]) -> Keys:
    """Return a key; raise ConfigError where a part of it is not there.

    `variables` are the names of the environment's by keys of `WORDS`, None where there is no such
    part.
    """
    from connectors.ccxt.library import Keys

    found = []
    for field, what in WORDS.items():
        variable = variables.get(field)
        if variable is None:
            continue
        value = os.environ.get(variable)
        if not value:
            raise ConfigError(
                f"markets.{market}.venue.{field}: expected the environment variable {variable} to"
                f" hold {what}, was not set"
            )
        found.append(value)
    return Keys(*found)
