"""What was sent is dead only once that is proven."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.lighter.commands import KEPT_NS, SKEW_NS, Command, Commands
from connectors.lighter.proofs import TX_LIFE_NS
from connectors.lighter.transactions import MOST_NONCE, Cancel, SignedTx
from connectors.numbered import Bound

START_NS = 1_795_000_000_000_000_000
SECOND_NS = 1_000_000_000


def sent(commands: Commands, client_id: int, now_ns: int) -> Command:
    """Keep a command and let it leave."""
    wanted = Cancel(0, client_id)
    command = Command("eth", client_id, 0, 1, 1, wanted, now_ns)
    commands.keep(command)
    expires_ms = (now_ns + TX_LIFE_NS) // 1_000_000
    tx = SignedTx(wanted, "{}", f"AB{client_id}", client_id, expires_ms)
    commands.leave([command], [tx], 5, now_ns)
    return command


def test_what_a_former_process_sent_dies_of_age() -> None:
    commands = Commands(START_NS)
    end_ns = START_NS + TX_LIFE_NS + SKEW_NS
    assert commands.dead_since_ns(7, end_ns - 1) is None
    assert commands.dead_since_ns(7, end_ns) == end_ns


def test_what_was_sent_dies_with_its_transaction_or_by_the_venues_word() -> None:
    commands = Commands(START_NS)
    one, two = sent(commands, 1, START_NS), sent(commands, 2, START_NS)
    two.dead_ns = START_NS + SECOND_NS
    end_ns = START_NS + TX_LIFE_NS + SKEW_NS
    assert commands.dead_since_ns(1, end_ns - 1) is None
    assert commands.dead_since_ns(1, end_ns) == end_ns
    assert commands.dead_since_ns(2, START_NS + SECOND_NS) == START_NS + SECOND_NS
    assert commands.of_hash("0xab1") is one
    assert commands.of_key("2") == (two,)


def test_what_has_not_left_is_not_dead_while_it_may_leave() -> None:
    commands = Commands(START_NS)
    commands.keep(Command("eth", 1, 0, 1, 1, Cancel(0, 1), START_NS))
    assert commands.dead_since_ns(1, START_NS + 10 * KEPT_NS) is None
    commands.never(2, START_NS + 5)
    assert commands.dead_since_ns(2, START_NS + 5) == START_NS + 5


def test_what_has_long_been_dead_is_forgotten_and_stays_dead() -> None:
    commands = Commands(START_NS)
    for client_id in range(1, 1_000):
        now_ns = START_NS + client_id * 60 * SECOND_NS
        sent(commands, client_id, now_ns)
        commands.never(-client_id, now_ns)
    assert commands.create(1) is None
    assert commands.of_key("1") == ()
    assert commands.of_hash("ab1") is None
    assert commands.dead_since_ns(1, now_ns) is not None
    assert commands.dead_since_ns(-1, now_ns) is not None
    assert commands.create(999) is not None


def test_what_is_carried_out_passes_the_lower_nonces_of_its_key_alone() -> None:
    commands = Commands(START_NS)
    low, told, high = (sent(commands, client_id, START_NS) for client_id in (1, 2, 3))
    wanted = Cancel(0, 1)
    other = Command("eth", 1, 0, 1, 1, wanted, START_NS)
    commands.leave([other], [SignedTx(wanted, "{}", "CD1", 1, low.expires_ns)], 6, START_NS)
    commands.carried_out(told, START_NS + SECOND_NS)
    assert [c.passed_ns for c in (low, told, high, other)] == [START_NS + SECOND_NS, 0, 0, 0]
    commands.carried_out(high, START_NS + 2 * SECOND_NS)
    assert low.passed_ns == START_NS + SECOND_NS
    assert commands.dead_since_ns(1, START_NS + 3 * SECOND_NS) is None


@given(
    st.dictionaries(st.integers(1, 20), st.tuples(st.integers(4, 5), st.integers(1, 60))),
    st.lists(st.tuples(st.integers(4, 5), st.integers(0, 60)), max_size=12),
)
def test_a_former_order_is_dead_once_its_key_has_carried_out_all_that_it_may_have_had(
    left: dict[int, tuple[int, int]], carried: list[tuple[int, int]]
) -> None:
    commands = Commands(START_NS)
    commands.recall({i: Bound(*bound) for i, bound in left.items()})
    wanted = Cancel(0, 1)
    passed: dict[int, int] = {}
    for k, (key_index, nonce) in enumerate(carried):
        now_ns = START_NS + k * SECOND_NS
        command = Command("", 0, 0, 0, 0, wanted, now_ns)
        tx = SignedTx(wanted, "{}", f"EF{k}", nonce, (now_ns + TX_LIFE_NS) // 1_000_000)
        commands.leave([command], [tx], key_index, now_ns)
        commands.carried_out(command, now_ns)
        for i, (key, below) in left.items():
            # The last nonce that it may have had is the one below its bound.
            if key == key_index and nonce >= below - 1:
                passed.setdefault(i, now_ns)
    for i in left:
        assert commands.dead_since_ns(i, START_NS + 60 * SECOND_NS) == passed.get(i)
        assert commands.is_to_be_passed(i) is (i not in passed)


def test_an_order_keeps_its_promise_once_and_forgotten_ones_are_not_kept() -> None:
    commands = Commands(START_NS)
    for client_id in range(1, 100):
        commands.promise(client_id, 7, START_NS + client_id * 60 * SECOND_NS)
    assert (commands.promised(99), commands.promised(99)) == (7, MOST_NONCE + 1)
    assert commands.promised(1) == MOST_NONCE + 1
