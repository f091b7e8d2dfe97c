"""The reader notices a page that is not true."""

from pathlib import Path

import pytest

from tests.docs.pages import Block, blocks
from tests.docs.story import Story, commands_of, missing, shortened


def block(text: str, file: str | None = None, language: str = "") -> Block:
    return Block("page.md", 1, language, text, file)


class Answered(Story):
    """A reader for whom every command prints two lines; one with `bad` in it fails."""

    def type(self, *words: str, **environment: str) -> tuple[int, list[str]]:
        """Remember what was typed, and answer."""
        self.names.setdefault("typed", []).append((words, environment))
        if any("bad" in word for word in words):
            return 2, ["mmrunner: bad: 7"]
        return 0, ["net +1.5 USDT", "gamma  0.2  x"]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    (tmp_path / "outputs" / "tapes" / "first").mkdir(parents=True)
    return Answered(tmp_path, tmp_path, {}, str)


def test_what_is_shown_may_differ_in_spaces_and_numbers(story: Story) -> None:
    story.tell(block("$ mmrunner mode=replay\nnet  +2.75 USDT\n...\ngamma 0.3 x\n"))


def test_another_line_or_another_order_is_noticed(story: Story) -> None:
    for shown in ("net +1.5 USD\n", "gamma 0.2 x\nnet +1.5 USDT\n"):
        with pytest.raises(AssertionError, match=r"page\.md:2"):
            story.tell(block(f"$ mmrunner mode=replay\n{shown}"))


def test_explained_values_and_errors_are_exact(story: Story) -> None:
    story.tell(block("$ mmrunner explain-config | grep gamma\ngamma 0.2 x\n"))
    story.tell(block("$ mmrunner bad=1\nmmrunner: bad: 7\n"))
    for text in ("explain-config | grep gamma\ngamma 0.3 x\n", "bad=1\nmmrunner: bad: 8\n"):
        with pytest.raises(AssertionError):
            story.tell(block(f"$ mmrunner {text}"))


def test_an_unexpected_end_is_noticed(story: Story) -> None:
    with pytest.raises(AssertionError):
        story.tell(block("$ mmrunner bad=1\n"))
    with pytest.raises(AssertionError):
        story.tell(block("$ mmrunner fine=1\nmmrunner: fine: expected less\n"))


def test_names_are_filled_in_and_the_environment_is_given(story: Story) -> None:
    story.tell(block("$ A=b mmrunner mode=replay tape.path=outputs/tapes/RUN\n$ mmrunner x=DIR\n"))
    assert story.names["typed"] == [(("mode=replay", "tape.path=outputs/tapes/first"), {"A": "b"})]


def test_a_files_block_is_written_and_python_runs(story: Story) -> None:
    story.tell(block("a: 1\n", "conf/x/a.yaml"))
    story.tell(block("x = 1\n", language="python"))
    assert (story.checkout / "conf" / "x" / "a.yaml").read_text() == "a: 1\n"
    with pytest.raises(ZeroDivisionError):
        story.tell(block("1 / 0\n", language="python"))


def test_a_command_of_something_else_is_refused(story: Story) -> None:
    with pytest.raises(AssertionError, match="no command of mmrunner"):
        story.tell(block("$ sudo mmrunner\n"))


def test_runs_are_shortened() -> None:
    assert shortened(["duration_s=60"]) == ["duration_s=0.4"]
    assert shortened([]) == ["duration_s=0.4"]
    for word in ("mode=replay", "--help", "explain-config"):
        assert shortened([word]) == [word]


def test_three_dots_stand_for_anything() -> None:
    assert missing(["a", "...", "c"], ["a", "b", "c"], exactly=True) == []
    assert missing(["a", "d"], ["a", "b", "c"], exactly=True) == ["d"]


def test_commands_and_blocks_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(
        "In `conf/a.yaml`:\n\n```yaml\na: 1\n```\n\nx\n\n```\n$ mmrunner\nout\n```\n"
    )
    monkeypatch.setattr("tests.docs.pages.CHECKOUT", tmp_path)
    first, second = blocks("a.md")
    assert (first.file, first.language, first.text) == ("conf/a.yaml", "yaml", "a: 1\n")
    assert second.file is None
    (command,) = commands_of(second)
    assert (command.place, command.line, command.shown) == ("a.md:10", "mmrunner", ("out",))
