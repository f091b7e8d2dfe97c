"""What is searched is said in Hydra's own words, and what cannot be meant is refused."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from connectors.model.errors import ConfigError
from runner.search.space import Choice, Numbers, Space, corners_of, first_of, space_of


def space(*words: str) -> Space:
    """Return the space of some words."""
    return space_of(OverridesParser.create().parse_overrides(list(words)))


@pytest.mark.parametrize(
    ("word", "domain"),
    [
        ("x=interval(0.01,1)", Numbers(0.01, 1.0, None, False, False)),
        ("x=interval(1,10)", Numbers(1.0, 10.0, None, False, False)),
        ("x=int(interval(1,5))", Numbers(1, 5, None, True, False)),
        ("x=tag(log,interval(0.01,1))", Numbers(0.01, 1.0, None, False, True)),
        ("x=tag(log,int(interval(1,100)))", Numbers(1, 100, None, True, True)),
        ("x=range(1,10,2)", Numbers(1, 9, 2, True, False)),
        ("x=range(0.1,0.5,0.1)", Numbers(0.1, 0.4, 0.1, False, False)),
        ("x=choice(0.5,1,2)", Choice(("0.5", "1", "2"))),
        ("x=a,b", Choice(("a", "b"))),
        ("x=[a],[b,c]", Choice(("[a]", "[b,c]"))),
    ],
)
def test_each_kind_of_sweep_is_a_domain(word: str, domain: Numbers | Choice) -> None:
    assert space(word, "y=1") == {"x": domain}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("x=interval(5,1)", r"x: expected interval\(LOW,HIGH\)"),
        ("x=interval(1,1)", r"x: expected interval\(LOW,HIGH\)"),
        ("x=tag(log,interval(0,1))", "x: expected an interval above 0 with the tag log"),
        ("x=tag(cold,interval(1,2))", "x: expected interval"),
        ("x=tag(log,choice(1,2))", "x: expected interval"),
        ("x=range(9,1,-2)", "x: expected interval"),
        ("x=range(1,2)", "x: expected interval"),
        ("x=shuffle(range(1,9))", "x: expected interval"),
        ("x=glob(*)", "x: expected interval"),
        ("search.trials=1,2", "search.trials: expected one value"),
        ("sweep.split=0.2,0.4", "sweep.split: expected one value"),
        ("hydra.sweep.subdir=a,b", "hydra.sweep.subdir: expected one value"),
        ("x=1", "-m hydra/sweeper=optuna: expected something to search"),
    ],
)
def test_what_is_no_domain_is_refused_in_one_line(word: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        space(word)


def test_values_are_typed_as_short_as_they_matter_and_stay_inside() -> None:
    interval = Numbers(0.01234544, 1.0, None, False, False)
    assert interval.text(0.123456789) == "0.123457"
    assert interval.text(0.01234544) == "0.01234544"
    assert Numbers(1, 9, 2, True, False).text(3.0) == "3"
    assert Numbers(0.1, 0.4, 0.1, False, False).text(0.1 + 0.2) == "0.3"


def test_every_corner_is_looked_at_once() -> None:
    whole = space("a=interval(0.5,2)", "b=x,y,z")
    assert first_of(whole) == {"a": "0.5", "b": "x"}
    assert list(corners_of(whole)) == [
        ("a", {"a": "2.0", "b": "x"}),
        ("b", {"a": "0.5", "b": "y"}),
        ("b", {"a": "0.5", "b": "z"}),
    ]
