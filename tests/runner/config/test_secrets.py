"""A secret given as a value is refused by every way in, and is never printed or written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.config.secrets import is_secret_name, refuse_secrets

CANARY = "c4n4ry-5h0uld-n0t-5h0w"

WORDS = [
    f"+venue.api_key={CANARY}",
    f"venue.api_secret={CANARY}",
    f"++venue.apiKey='{CANARY}'",
    f"+venue.private-key={CANARY}",
    f"+markets.btc.venue.password={CANARY}",
    f"+watch.token={CANARY}",
    f"+watch={{name: table, token: {CANARY}}}",
    f"+watch={{'api_key':'{CANARY}'}}",
    f"+hydra.job.env_set.API_KEY={CANARY}",
    f"hydra.job.env_set={{LIGHTER_PRIVATE_KEY:{CANARY}}}",
    f"+venue.passphrase=[{CANARY}]",
    f"--api-key={CANARY}",
    f"+venue.secret=${{oc.env:{CANARY}}}",
]


@pytest.mark.parametrize("word", WORDS)
def test_on_the_command_line(word: str, command: Callable) -> None:
    outcome = command("market=btc", word)
    assert outcome.code == 2
    assert "was a secret given as a value" in outcome.line
    assert CANARY not in outcome.err + outcome.out
    assert not outcome.home.exists()


def test_as_a_flag_of_its_own(command: Callable) -> None:
    outcome = command("--api-key", CANARY)
    assert "was a secret given as a value" in outcome.line
    assert CANARY not in outcome.err


@pytest.mark.parametrize("word", WORDS)
def test_in_the_environment(word: str, command: Callable) -> None:
    outcome = command(environment={"MMRUNNER_OVERRIDES": f'"{word}"'})
    assert outcome.code == 2
    assert CANARY not in outcome.err + outcome.out


@pytest.mark.parametrize("text", ["api_key: {}", "deeper:\n    auth: {}", "wallet: 0x" + "a1" * 32])
def test_in_a_file(text: str, command: Callable, checkout: Path) -> None:
    (checkout / "conf" / "local").mkdir()
    (checkout / "conf" / "local" / "default.yaml").write_text(
        "# @package _global_\nvenue:\n  " + text.format(CANARY) + "\n"
    )
    outcome = command()
    assert outcome.code == 2
    assert "was a secret given as a value (conf/local/default.yaml)" in outcome.line
    assert CANARY not in outcome.err
    assert "a1a1" not in outcome.err


@pytest.mark.parametrize("value", ["0x" + "ab" * 32, "AB" * 40, "'" + "0f" * 32 + "'"])
def test_what_looks_like_a_private_key_is_refused_under_any_name(
    value: str, command: Callable
) -> None:
    outcome = command(f"deploy={value}")
    assert outcome.line.startswith("deploy: ")
    assert "was a secret given as a value" in outcome.line
    assert value.strip("'") not in outcome.err


def test_a_word_alone_that_looks_like_a_private_key_is_not_printed(command: Callable) -> None:
    outcome = command("ab" * 32)
    assert "was a secret given as a value" in outcome.line
    assert "abab" not in outcome.err


@pytest.mark.parametrize(
    "word",
    [
        "+venue.api_key_env=LIGHTER_KEY",
        "+venue.private_key_keyring=mmrunner/lighter",
        "+venue.api_key_index=2",
        "venue.api_key=null",
        "market=btc",
        "tape.path=/data/keys:old/tokens",
        "hydra.run.dir=/runs/" + "ab" * 32,
    ],
)
def test_names_and_harmless_values_pass(word: str) -> None:
    refuse_secrets([word], "the command line")


@pytest.mark.parametrize("key", ["gamma", "market", "seed", "order_size_base", "keys", "monkey"])
def test_ordinary_names_are_not_secret(key: str) -> None:
    assert not is_secret_name(key)


def test_the_refusal_names_key_and_place() -> None:
    with pytest.raises(ConfigError, match=r"^venue\.api_key: .* \(MMRUNNER_OVERRIDES\)"):
        refuse_secrets([f"+venue.api_key={CANARY}"], "MMRUNNER_OVERRIDES")
