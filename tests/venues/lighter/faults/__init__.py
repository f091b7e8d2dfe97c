"""Name every fault that a script of this venue can use, by the word that scripts write.

Those of requests have `meet`, of connections `knock`, of frames `frames`, of transactions that are
about to be carried out `execute` (their step waits for `execute.create`, `execute.cancel`, ..),
deeds `do`.
"""

from collections.abc import Callable
from typing import Any

from tests.venues.common import deeds as common_deeds
from tests.venues.common import streams as common_streams
from tests.venues.common.faults import COMMON
from tests.venues.lighter.faults import answers, deeds, execution, frames, money, streams

FAULTS: dict[str, Callable[..., Any]] = {
    **COMMON,
    "refuse": answers.Refuse,
    "refuse_side": answers.RefuseSide,
    "refuse_batch": answers.RefuseBatch,
    "bare_error": answers.BareError,
    "not_found": answers.FalseEmpty,
    "false_empty": answers.FalseEmpty,
    "subset": answers.Subset,
    "stale_list": answers.StaleList,
    "omit_market": answers.OmitMarket,
    "wrong_position": answers.WrongPosition,
    "fill_at_once": answers.FillAtOnce,
    "vanish": execution.Vanish,
    "refuse_later": execution.RefuseLater,
    "hold": execution.Hold,
    "lose_nonce": execution.LoseNonce,
    "fill_during_cancel": execution.FillDuring,
    "fill_during_modify": execution.FillDuring,
    "cancel_then_fill": execution.CancelThenFill,
    "cross": frames.Cross,
    "freeze_side": frames.FreezeSide,
    "scale": frames.Scale,
    "old_snapshot": frames.OldSnapshot,
    "say_status": frames.SayStatus,
    "say_open": frames.SayOpen,
    "same_trade_id": frames.SameTradeId,
    "close": common_streams.Close,
    "silence": common_streams.Silence,
    "half_open": common_streams.HalfOpen,
    "shutdown_notice": streams.ShutdownNotice,
    "expire_tokens": streams.ExpireTokens,
    "burst": common_deeds.Burst,
    "leap": common_deeds.Leap,
    "stall": common_deeds.Stall,
    "empty_side": common_deeds.EmptySide,
    "inactive": deeds.Inactive,
    "change_market": deeds.ChangeMarket,
    "fill_ours": deeds.FillOurs,
    "end_ours": deeds.EndOurs,
    "foreign_order": deeds.ForeignOrder,
    "foreign_trade": deeds.ForeignTrade,
    "bust": deeds.Bust,
    "ban": deeds.Ban,
    "page_size": common_deeds.PageSize,
    "skew": common_deeds.Skew,
    "change_limits": common_deeds.ChangeLimits,
    "revoke_key": deeds.RevokeKey,
    "use_nonces": deeds.UseNonces,
    "force_upgrade": deeds.ForceUpgrade,
    "fees": money.Fees,
    "pay": money.Pay,
    "move_asset": money.MoveAsset,
    "settle_funding": money.SettleFunding,
    "set_rate": money.SetRate,
    "set_collateral": money.SetCollateral,
    "set_quota": money.SetQuota,
    "set_leverage": money.SetLeverage,
}
