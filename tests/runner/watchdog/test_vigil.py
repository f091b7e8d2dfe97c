"""A deploy is rescued for its silence and its sudden end, and never after its goodbye."""

from hypothesis import given
from hypothesis import strategies as st

from runner.watchdog.post import BEAT, GOODBYE, Charge, Post
from runner.watchdog.vigil import Vigil
from tests.support import MS, SECOND_NS

SILENCE_NS = 5 * SECOND_NS


class Watched:
    """A vigil at which time passes in steps, as it does for the process."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.vigil = Vigil(SILENCE_NS, 0)

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            if not self.vigil.is_over:
                self.now_ns += 100 * MS
                self.vigil.look(self.now_ns)

    def say(self, said: bytes) -> None:
        self.vigil.hear(said, self.now_ns)


def test_silence_is_measured_from_the_last_word() -> None:
    watched = Watched()
    for _ in range(10):
        watched.wait(4.9)
        watched.say(BEAT)
    assert not watched.vigil.is_over
    watched.wait(5.0)
    assert not watched.vigil.is_over
    watched.wait(0.2)
    assert "silent for 5.1 s" in watched.vigil.reason


def test_the_end_of_the_process_needs_no_silence() -> None:
    watched = Watched()
    watched.say(BEAT)
    watched.say(b"")
    assert watched.vigil.reason == "the deploy ended without a goodbye"


def test_a_goodbye_among_beats_dismisses() -> None:
    watched = Watched()
    watched.say(BEAT * 3 + GOODBYE)
    assert (watched.vigil.is_dismissed, watched.vigil.reason) == (True, "")


def test_a_watchdog_that_stood_still_gives_the_deploy_its_time_again() -> None:
    watched = Watched()
    watched.now_ns = 600 * SECOND_NS
    watched.wait(4.9)
    assert not watched.vigil.is_over
    watched.wait(0.3)
    assert watched.vigil.is_over


words = st.dictionaries(st.text(), st.text() | st.integers())


@given(
    st.floats(1, 3600),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.builds(Charge, st.text(), st.text(), words, st.text()), max_size=3),
)
def test_a_post_comes_back_from_its_one_line(
    silence_s: float, log: str, charges: list[Charge]
) -> None:
    post = Post(silence_s, log, charges)
    line = post.line()
    assert line.count(b"\n") == 1
    assert Post.of(line) == post
