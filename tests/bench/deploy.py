"""Compose settings as a command line does."""

from runner.config.compose import compose, new_loader
from runner.settings import Settings
from tests.bench.places import CHECKOUT


def settings_of(*overrides: str) -> Settings:
    """Return what the given words compose."""
    return compose(new_loader(CHECKOUT), list(overrides)).settings
