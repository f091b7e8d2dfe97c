"""Both legs stay within one clip, or the book says that it unwinds; also across restarts."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.funding.book import (
    FIRST,
    SECOND,
    Book,
    Leg,
    Limits,
    Phase,
    Take,
    aim,
    step,
)

LIMITS = Limits(clip_lots=3, follow_ns=1_000)


@dataclass
class Venue:
    """One leg's venue: at most one order out, which may fill in parts, late, or not at all."""

    position: int = 0
    out: int = 0
    is_up: bool = True

    def leg(self) -> Leg:
        return Leg(self.position, self.out, self.is_up)

    def fill(self, lots: int) -> None:
        part = min(lots, abs(self.out)) * (1 if self.out > 0 else -1)
        self.position += part
        self.out -= part


@dataclass
class World:
    """A book between two venues."""

    book: Book = field(default_factory=Book)
    venues: tuple[Venue, Venue] = field(default_factory=lambda: (Venue(), Venue()))
    now_ns: int = 0
    thinner: int = FIRST
    touched: bool = False

    @property
    def apart(self) -> int:
        return sum(venue.position for venue in self.venues)

    def ask(self) -> Take | None:
        legs = (self.venues[FIRST].leg(), self.venues[SECOND].leg())
        self.book, take = step(self.book, legs, LIMITS, self.thinner, self.now_ns)
        if take is not None:
            venue = self.venues[take.leg]
            assert venue.is_up
            assert venue.out == 0
            assert take.lots
            venue.out = take.lots
        return take

    def fill_all(self, *, turns: int = 60) -> None:
        for _ in range(turns):
            self.ask()
            for venue in self.venues:
                venue.fill(99)


def test_a_clip_begins_with_the_thinner_leg_and_the_other_follows_what_filled() -> None:
    world = World(book=aim(Book(), -7), thinner=SECOND)
    assert world.ask() == Take(SECOND, 3)
    assert world.ask() is None
    world.venues[SECOND].fill(2)
    assert world.ask() == Take(FIRST, -2)
    world.venues[FIRST].fill(2)
    assert world.ask() is None
    world.venues[SECOND].out = 0
    assert world.ask() == Take(SECOND, 3)


@pytest.mark.parametrize(
    ("held", "clip_lots", "least_lots", "lots"),
    [
        ((-4, 3), 6, 2, -5),  # what is left over is part of the clip
        ((-3, 4), 6, 2, -6),  # and of the other side it is mended by it
        ((-5, 3), 4, 3, -4),  # no order is smaller than the venue takes
    ],
)
def test_what_is_too_small_to_mend_is_part_of_the_next_clip(
    held: tuple[int, int], clip_lots: int, least_lots: int, lots: int
) -> None:
    legs = (Leg(held[FIRST], 0, True), Leg(held[SECOND], 0, True))
    limits = Limits(clip_lots, 1_000, least_lots)
    assert step(aim(Book(), -20), legs, limits, FIRST, 0)[1] == Take(FIRST, lots)


@pytest.mark.parametrize("goal", [7, -7, 1])
def test_a_goal_is_reached_and_left_again(goal: int) -> None:
    world = World(book=aim(Book(), goal))
    world.fill_all()
    assert [venue.position for venue in world.venues] == [goal, -goal]
    assert world.book.phase is Phase.HELD
    world.book = aim(world.book, goal // 3)
    world.fill_all()
    assert [venue.position for venue in world.venues] == [goal // 3, -(goal // 3)]
    world.book = aim(world.book, 0)
    world.fill_all()
    assert world.book == Book()


def test_a_clip_whose_other_leg_fails_is_unwound_and_not_tried_again() -> None:
    world = World(book=aim(Book(), 7))
    world.fill_all(turns=2)
    assert [venue.position for venue in world.venues] == [3, -3]
    world.ask()
    world.venues[FIRST].fill(3)
    world.venues[SECOND].is_up = False
    assert world.ask() is None
    world.now_ns += 1_000
    assert world.ask() == Take(FIRST, -3)
    assert world.book.phase is Phase.UNWINDING
    world.book = aim(world.book, 9)
    world.venues[FIRST].fill(3)
    world.venues[SECOND].is_up = True
    world.fill_all()
    assert [venue.position for venue in world.venues] == [3, -3]
    assert world.book == Book(3, Phase.HELD)


def test_a_leg_that_the_venue_has_reduced_takes_the_other_with_it() -> None:
    world = World(book=aim(Book(), 9))
    world.fill_all()
    world.venues[FIRST].position = 8
    assert world.ask() == Take(SECOND, 1)
    assert world.book.phase is Phase.UNWINDING
    world.fill_all()
    assert [venue.position for venue in world.venues] == [8, -8]
    assert world.book == Book(8, Phase.HELD)


def test_legs_further_apart_than_a_clip_are_unwound_whatever_was_wanted() -> None:
    world = World(book=aim(Book(), 9))
    world.fill_all(turns=4)
    assert [venue.position for venue in world.venues] == [6, -6]
    assert world.book.phase is Phase.MOVING
    world.venues[SECOND].position = -2
    assert world.ask() == Take(FIRST, -4)
    assert world.book.phase is Phase.UNWINDING


def test_nothing_is_sent_past_an_order_whose_outcome_is_not_known() -> None:
    world = World(book=aim(Book(), 6))
    world.ask()
    world.venues[FIRST].fill(3)
    world.ask()
    world.now_ns += 10_000
    assert world.ask() is None
    assert world.book.phase is Phase.UNWINDING
    world.venues[SECOND].fill(3)
    world.ask()
    assert world.book == Book(3, Phase.HELD)


def test_legs_that_match_again_while_an_order_is_out_ask_for_nothing() -> None:
    world = World(book=aim(Book(), 1))
    world.ask()
    world.venues[FIRST].fill(1)
    world.ask()
    world.now_ns += 1_000
    assert world.ask() is None
    world.venues[FIRST].position = 0
    assert world.ask() is None
    assert world.book.phase is Phase.UNWINDING
    world.venues[SECOND].fill(1)
    world.fill_all()
    assert [venue.position for venue in world.venues] == [0, 0]
    assert world.book == Book()


def test_legs_of_one_side_are_both_taken_out() -> None:
    world = World(venues=(Venue(3), Venue(2)))
    world.fill_all()
    assert [venue.position for venue in world.venues] == [0, 0]
    assert world.book == Book()


Deed = Callable[[World, int, int], None]


def _fill(world: World, leg: int, lots: int) -> None:
    world.venues[leg].fill(lots)


def _end(world: World, leg: int, lots: int) -> None:
    """End an order with what it has filled: an IOC, a refusal, or a proof that nothing came."""
    world.venues[leg].out = 0


def _toggle(world: World, leg: int, lots: int) -> None:
    world.venues[leg].is_up = not world.venues[leg].is_up


def _wait(world: World, leg: int, lots: int) -> None:
    world.now_ns += 300 * lots


def _want(world: World, leg: int, lots: int) -> None:
    world.book = aim(world.book, (lots * 2 - 5) * (1 if leg else -1))


def _turn(world: World, leg: int, lots: int) -> None:
    world.thinner = leg


def _restart(world: World, leg: int, lots: int) -> None:
    """Come back as a new process does: with the book as it was kept, by its plain values."""
    kept = (world.book.goal_lots, world.book.phase.name, world.book.apart_ns)
    world.book = Book(kept[0], Phase[kept[1]], kept[2])
    world.ask()


def _take_away(world: World, leg: int, lots: int) -> None:
    """Let somebody else reduce a position: a liquidation, or a hand."""
    held = world.venues[leg].position
    world.venues[leg].position = max(abs(held) - lots, 0) * (1 if held > 0 else -1)
    world.touched = True


DEEDS: tuple[Deed, ...] = (_fill, _fill, _end, _toggle, _wait, _want, _turn, _restart)
WALKS = st.lists(
    st.tuples(st.integers(0, len(DEEDS)), st.integers(0, 1), st.integers(1, 4)), max_size=120
)


@settings(max_examples=300)
@given(WALKS)
def test_legs_are_within_one_clip_or_the_book_says_that_it_unwinds(
    walk: list[tuple[int, int, int]],
) -> None:
    """After every event and every order, whatever fills, fails, is lost or is taken away."""
    world = World()
    for number, leg, lots in walk:
        (_take_away if number == len(DEEDS) else DEEDS[number])(world, leg, lots)
        world.ask()
        if not world.touched:
            assert abs(world.apart) <= LIMITS.clip_lots
        assert abs(world.apart) <= LIMITS.clip_lots or world.book.phase is Phase.UNWINDING
    for venue in world.venues:
        venue.is_up, venue.out = True, 0
    world.fill_all()
    assert world.apart == 0
    assert world.venues[FIRST].position == world.book.goal_lots
    assert world.book.phase in (Phase.HELD, Phase.FLAT)


@settings(max_examples=200)
@given(WALKS)
def test_a_position_never_grows_beyond_what_was_wanted(walk: list[tuple[int, int, int]]) -> None:
    world, most = World(), 0
    for number, leg, lots in walk:
        if number < len(DEEDS):
            DEEDS[number](world, leg, lots)
        most = max(most, abs(world.book.goal_lots))
        world.ask()
        assert all(abs(venue.position) <= most for venue in world.venues)


def test_a_book_that_is_kept_is_equal_to_itself() -> None:
    book = aim(Book(), 5)
    assert replace(book) == book
    assert aim(replace(book, phase=Phase.UNWINDING), 6).goal_lots == 5
    assert aim(replace(book, phase=Phase.UNWINDING), 2).goal_lots == 2
