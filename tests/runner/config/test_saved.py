"""What is written for a value of a job is what YAML writes."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from runner.config.saved import new_lines

WORDS = st.text("ab1_.=/-:, #'é", max_size=90)


def dumped(value: object) -> str:
    """Return what OmegaConf writes behind a key."""
    return OmegaConf.to_yaml(OmegaConf.create({"key": value})).removeprefix("key: ").rstrip("\n")


@given(st.one_of(WORDS, st.floats(allow_nan=False), st.integers(), st.booleans()))
def test_a_value_is_written_as_yaml_writes_it(value: object) -> None:
    assert new_lines()(("key",), value) == dumped(value)


@pytest.mark.parametrize(
    "value", ["gamma=0.05", "market=btc", "/a/b1/c", "/a/1", "a=1e3", "a=", "yes", 0.05, 3, True]
)
def test_common_values(value: object) -> None:
    written = new_lines()(("key",), value)
    assert written == dumped(value)
    assert yaml.safe_load(f"key: {written}")["key"] == value
