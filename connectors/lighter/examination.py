"""Hold what the venue has agreed with an account against what a deploy expects of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from connectors.examined import Remark, Weight
from connectors.lighter.account_terms import AccountTerms
from connectors.lighter.budgets import Caps
from connectors.lighter.expected import TIERS, Allowance, Expected, MarginTerms
from connectors.lighter.library import VERSION
from connectors.lighter.listing import Listed
from connectors.lighter.refusal_words import words

BPS = Decimal(10_000) / 1_000_000
CLOCK_WARN_S, CLOCK_MOST_S = 5.0, 30.0
NOT_ADMITTED = frozenset({401, 403, 451})
GOOD, WARNS, REFUSES = Weight.GOOD, Weight.WARNS, Weight.REFUSES


def of_keys(terms: AccountTerms, key_index: int) -> Iterator[Remark]:
    """Remark on the key that signs: whether it is there, alone and may take."""
    public = terms.keys.get(key_index)
    if public is None:
        known = ", ".join(map(str, sorted(terms.keys))) or "none"
        text = f"expected API key {key_index} to be registered, there are {known}: register it, or"
        yield Remark(REFUSES, "", f"{text} set venue.key_index")
        return
    twins = [index for index, key in terms.keys.items() if key == public and index != key_index]
    if twins:
        text = f"API key {key_index} is registered as {twins[0]} too: two programs would share"
        yield Remark(WARNS, "", f"{text} its nonces; register another one")
    else:
        signs = f"lighter-sdk {VERSION} signs with it, and the venue takes its tokens"
        yield Remark(GOOD, "", f"API key {key_index} is registered, {signs}")
    if terms.maker_only is None:
        yield Remark(GOOD, "", "the venue does not tell which keys are maker-only")
    elif key_index in terms.maker_only:
        text = f"API key {key_index} is maker-only: it cannot close a position by taking"
        yield Remark(WARNS, "", f"{text}; flatten with another key")


def of_cancel_key(terms: AccountTerms, key_index: int | None) -> Iterator[Remark]:
    """Remark on the key that cancels alone, where one is named."""
    if key_index is None:
        return
    if key_index in terms.keys:
        yield Remark(GOOD, "", f"API key {key_index}, which cancels, is registered")
        return
    known = ", ".join(map(str, sorted(terms.keys))) or "none"
    text = f"expected API key {key_index} to be registered, there are {known}: register it, or"
    yield Remark(REFUSES, "", f"{text} set venue.cancel_key_index")


def of_tier(terms: AccountTerms, caps: Caps) -> Iterator[Remark]:
    """Remark on the budgets: none may be above what the account's tier allows."""
    allowed = TIERS.get(terms.tier)
    if allowed is None:
        text = f"tier {terms.tier} is not known here: look up its limits, and hold venue.*_per_min"
        yield Remark(WARNS, "", f"{text} against them")
        return
    wrong = list(_beyond(terms.tier, allowed, caps))
    yield from wrong or [Remark(GOOD, "", f"tier {terms.tier}: the budgets are within its limits")]


def _beyond(tier: str, allowed: Allowance, caps: Caps) -> Iterator[Remark]:
    if caps.sends > allowed.sends:
        weight = REFUSES if caps.sends > allowed.most_sends else WARNS
        more = ", or more by what it stakes" if allowed.most_sends > allowed.sends else ""
        yield _too_high("sends_per_min", f"{allowed.sends}{more}", tier, caps.sends, weight)
    if caps.reads_have_weight and not allowed.reads_have_weight:
        yield Remark(
            REFUSES,
            "",
            f"venue.reads_have_weight: expected false for tier {tier}, with reads_per_min at most"
            f" {allowed.reads}, was true",
        )
    elif caps.reads > allowed.reads:
        yield _too_high("reads_per_min", str(allowed.reads), tier, caps.reads, REFUSES)


def _too_high(key: str, most: str, tier: str, was: int, weight: Weight) -> Remark:
    return Remark(weight, "", f"venue.{key}: expected at most {most} for tier {tier}, was {was}")


def of_spot(terms: AccountTerms, listed: Listed) -> Iterator[Remark]:
    """Remark on a spot market's fees: what is bought would be less than the trades tell."""
    if listed.has_fees and (terms.maker_fee_1e6 or terms.taker_fee_1e6):
        text = f"expected no fees on spot, was tier {terms.tier} with some: they are taken of what"
        text += " is received, and balances would not be those that trades explain"
        yield Remark(REFUSES, listed.name, f"{text}; trade spot with a tier that pays none")
    else:
        yield Remark(GOOD, listed.name, "spot: no fees, no leverage, no funding")


def of_fees(terms: AccountTerms, market: str, expected: Expected) -> Iterator[Remark]:
    """Remark on fees: a market that pays more than it reckons with is not to quote."""
    told = (
        ("maker", terms.maker_fee_1e6 * BPS, expected.maker_fee_bps),
        ("taker", terms.taker_fee_1e6 * BPS, expected.taker_fee_bps),
    )
    for side, is_bps, meant_bps in told:
        expected_bps = f"expected {is_bps.normalize():f}, what the venue takes"
        text = f"venue.{side}_fee_bps: {expected_bps}, was {meant_bps:f}"
        if is_bps > meant_bps:
            yield Remark(REFUSES, market, f"{text}: set it")
        elif is_bps < meant_bps:
            yield Remark(WARNS, market, f"{text}: quotes are wider than they need to be")


def of_margin(
    terms: AccountTerms, listed: Listed, expected: Expected, sets_now: bool
) -> Iterator[Remark]:
    """Remark on leverage and margin mode. `sets_now`: whoever asks would set them first."""
    wanted, found = expected.margin, terms.margins.get(listed.market_id)
    if wanted is None or wanted == found:
        if found is not None:
            yield Remark(GOOD, listed.name, f"margin is {found.words()}")
        return
    text = f"venue.margin: expected {wanted.words()}, was {_words(found)}"
    if expected.sets_margin and not sets_now:
        yield Remark(WARNS, listed.name, f"{text}: it is set when the deploy is armed")
    else:
        yield Remark(REFUSES, listed.name, f"{text}: set it, or venue.set_leverage=true")


def of_limits(terms: AccountTerms, markets: Sequence[tuple[Listed, Expected]]) -> Iterator[Remark]:
    """Remark on positions that the account's free money could not carry all at once."""
    needed = Decimal(0)
    for listed, expected in markets:
        if listed.is_spot:
            continue
        margin = expected.margin or terms.margins.get(listed.market_id)
        if margin is None or expected.max_position_quote is None:
            return
        needed += expected.max_position_quote * margin.fraction_1e4 / 10_000
    if needed > Decimal(terms.available):
        text = f"full positions of all markets need {needed:.2f} USDC of margin"
        yield Remark(WARNS, "", f"{text}, {terms.available} are available: lower max_position")


def _words(found: MarginTerms | None) -> str:
    return "not told" if found is None else found.words()


def of_clock(server_s: int | None, sent_ns: int, heard_ns: int) -> Remark:
    """Remark on this machine's clock, which the venue's second bounds from both sides."""
    if server_s is None:
        return Remark(WARNS, "", "the venue does not tell its clock: hold this machine's to NTP")
    least_s, most_s = server_s - heard_ns / 1e9, server_s + 1 - sent_ns / 1e9
    off_s = max(0.0, least_s, -most_s)
    text = f"the venue's clock is {least_s:+.1f} to {most_s:+.1f} s ahead of this machine's"
    if off_s <= CLOCK_WARN_S:
        return Remark(GOOD, "", text)
    weight = REFUSES if off_s > CLOCK_MOST_S else WARNS
    return Remark(weight, "", f"{text}, expected 0: set the clock, orders expire by it")


def of_place(code: int | None) -> Remark:
    """Remark on whether this place may send, by what refused a transaction that is none."""
    if code is None:
        return Remark(WARNS, "", "it is not known whether this place may send transactions")
    if code in NOT_ADMITTED:
        return Remark(REFUSES, "", f"sending is {words(code, '')}")
    return Remark(GOOD, "", "this place may send transactions")


def of_account(terms: AccountTerms) -> Iterator[Remark]:
    """Remark on the account's money, and on a cancel-all that is planned."""
    free = Decimal(terms.available)
    if free > 0:
        yield Remark(GOOD, "", f"{free:f} USDC are available")
    else:
        yield Remark(WARNS, "", f"expected money to trade with, was {free:f} USDC: deposit some")
    if terms.cancel_all_ms:
        at = datetime.fromtimestamp(terms.cancel_all_ms / 1000, UTC)
        yield Remark(GOOD, "", f"a cancel of all orders is planned for {at:%Y-%m-%d %H:%M:%S} UTC")
    else:
        yield Remark(GOOD, "", "no cancel of all orders is planned")


def every(
    terms: AccountTerms,
    key_index: int,
    caps: Caps,
    markets: Sequence[tuple[Listed, Expected]],
    sets_now: bool,
) -> list[Remark]:
    """Return every remark."""
    found = [*of_keys(terms, key_index), *of_tier(terms, caps), *of_account(terms)]
    for listed, expected in markets:
        if listed.is_spot:
            found += of_spot(terms, listed)
            continue
        found += of_fees(terms, listed.name, expected)
        found += of_margin(terms, listed, expected, sets_now)
    return [*found, *of_limits(terms, markets)]
