"""Hold a few seconds of an armed deploy over KuCoin's wire, with real ccxt, against the truth."""

from pathlib import Path

from tests.deploys import settings_for
from tests.stage.judges import findings
from tests.venues.common.staged.rows import QUICK
from tests.venues.kucoin.staged.play import play
from tests.venues.kucoin.venue import step_of

FILL = {"at_s": 1.5, "do": "fill_ours", "market": "ETHUSDTM"}


def test_the_books_of_a_short_play_are_the_venues(tmp_path: Path) -> None:
    settings = settings_for("experiment=kucoin_sandbox", *QUICK)
    played = play(settings, tmp_path, [step_of(FILL)], 2.5)
    assert findings(played) == []
    assert played.exits == (0,)
    assert len(played.truth.trades()) > 0
