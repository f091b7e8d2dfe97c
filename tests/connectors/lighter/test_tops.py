"""A book that is not the venue's is noticed by the venue's own top, and a sound one is not."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.lighter.tops import DOUBTED_NS, LOOK_NS, MOST, Tops

TOP, OTHER = (100, 101), (100, 102)


def looked(differing: list[bool], nonce: int = 7, told_nonce: int = 7) -> list[bool]:
    """Return what each look said of a book whose touch was another one, or not."""
    tops, now_ns = Tops(), 10 * LOOK_NS
    tops.take(*TOP, told_nonce)
    said = []
    for differs in differing:
        said.append(tops.differ(lambda differs=differs: OTHER if differs else TOP, nonce, now_ns))
        now_ns += LOOK_NS
    return said


@given(st.lists(st.booleans(), max_size=80))
def test_a_book_is_given_up_where_so_many_more_looks_differ_than_agree(looks: list[bool]) -> None:
    doubt, expected = 0, []
    for differs in looks:
        doubt = max(0, doubt + (1 if differs else -1))
        expected.append(doubt >= MOST)
    assert looked(looks) == expected


def test_a_side_that_stands_still_is_noticed_though_it_is_right_now_and_then() -> None:
    assert any(looked([True, True, True, False] * MOST))


def test_a_touch_that_is_behind_as_often_as_not_is_sound() -> None:
    assert not any(looked([True, False] * 100))


def test_a_top_of_a_later_state_says_nothing_until_nothing_has_come_for_a_while() -> None:
    tops, now_ns = Tops(), 10 * LOOK_NS
    tops.take(*TOP, 8)
    asked = []

    def touch() -> tuple[int, int]:
        asked.append(1)
        return OTHER

    tops.differ(touch, 7, now_ns)
    tops.differ(touch, 7, now_ns + LOOK_NS - 1)
    assert len(asked) == 1
    tops.differ(touch, 8, now_ns + DOUBTED_NS)
    assert (len(asked), tops.doubt) == (2, 2)


def test_without_a_top_nothing_is_said() -> None:
    tops = Tops()
    assert not tops.differ(lambda: OTHER, 7, 10 * LOOK_NS)
    tops.take(*TOP, 7)
    tops.forget()
    assert not tops.differ(lambda: OTHER, 7, 20 * LOOK_NS)
    assert tops.doubt == 0
