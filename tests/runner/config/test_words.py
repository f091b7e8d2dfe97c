"""Words are read as Hydra's parser reads each of them by itself."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from runner.config.words import Dictionary

TEXTS = (
    "gamma=0.05",
    "gamma=0.1",
    "gamma=00.10",
    "gamma=-0.0",
    "gamma=1e-3",
    "gamma=.5",
    "gamma=1_0.5",
    "gamma='0.2'",
    "gamma=3",
    "gamma=007.250",
    "gamma=123456789.123456789012345",
    "gamma=1234567890.5",
    "strategy.min_spread_bps=1.5",
    "strategy.min_spread_bps=2.5",
    "+gamma=0.1",
    "++gamma=0.2",
    "~gamma",
    "market=btc",
    "market@x=0.5",
    "gamma=nan",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_word_is_what_the_parser_makes_of_it(text: str) -> None:
    dictionary = Dictionary()
    dictionary.read(["gamma=0.75", "strategy.min_spread_bps=0.5"])
    (word,) = dictionary.read([text])
    expected = OverridesParser.create().parse_override(text)
    assert repr(word.override) == repr(expected)
