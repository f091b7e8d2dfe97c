from runner.watch.tail import Tail


def test_what_was_taken_is_not_taken_twice_and_the_last_rows_stay() -> None:
    tail: Tail[str] = Tail(most=3)
    for _ in range(2):
        tail.add(lambda number: f"row {number}")
    assert tail.take() == ("row 1", "row 2")
    assert tail.take() == ()
    tail.add(lambda number: f"row {number}")
    assert (tail.take(), tail.all()) == (("row 3",), ("row 1", "row 2", "row 3"))


def test_only_so_many_rows_are_kept_and_their_numbers_tell_of_those_that_are_not() -> None:
    tail: Tail[int] = Tail(most=2)
    for _ in range(5):
        tail.add(int)
    assert tail.take() == (4, 5)
