"""Funding: try the rules on recorded histories of pairs, and tell what they would have earned."""

from connectors.model.errors import ConfigError
from runner.funding.files import write_files
from runner.funding.history import periods
from runner.funding.page import write_page
from runner.funding.table import table_lines, warning_lines
from runner.funding.trial import try_pair
from runner.funding.years import figures_of
from runner.places import Places
from runner.settings import Settings
from runner.wiring.funding_legs import legs_of, rules_of


def run(settings: Settings, places: Places) -> int:
    """Try every pair; return 0, also when none was worth entering: that is an answer."""
    chosen = settings.funding
    if not chosen.pairs:
        raise ConfigError(
            "funding.pairs: expected one pair or more, was none; see experiment=funding_histories"
        )
    legs = legs_of(chosen)
    trials = []
    for name, pair in chosen.pairs.items():
        both = (legs[pair.first], legs[pair.second])
        history = periods(*both)
        rules = rules_of(chosen.rules)
        trial = try_pair(name, both, history, rules, chosen.notional_quote, chosen.rules.lookback_h)
        trials.append((trial, history))
    tried = [trial for trial, _ in trials]
    figures = [row for trial in tried for row in figures_of(trial)]
    folder = places.run.open()
    write_files(folder, tried, figures)
    page = folder / "report.html"
    title = f"Funding \u00b7 {chosen.name.replace('_', ' ')}"
    facts = f"{len(trials)} pairs, {chosen.notional_quote:,} {settings.reporting_currency} each"
    write_page(page, title, facts, trials, figures, settings.reporting_currency)
    if settings.watch.name != "none":
        print(*table_lines(figures), *warning_lines(tried), f"report: {page}", sep="\n", flush=True)
    return 0
