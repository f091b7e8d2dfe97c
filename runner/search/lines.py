"""Say on a terminal what a search found, and what of it survived."""

from runner.report.closing import aligned
from runner.report.figures import NONE, amount, share
from runner.search.leg import Found
from runner.search.record import Trial
from runner.search.walk import Step, Walk
from runner.settings.search import Search

SHOWN = 10


def found_lines(found: Found) -> list[str]:
    """Return what was sought and who is best in it, and which keys mattered."""
    search = found.jobs.first.settings.search
    if not found.front:
        return ["no trial may be chosen: none ended with enough fills"]
    heads = (_title(search), *search.objectives)
    rows = [(_name(trial), *figures_of(trial)) for trial in found.front[:SHOWN]]
    lines = aligned([heads, *rows])
    if len(found.front) > SHOWN:
        lines.append(f"... and {len(found.front) - SHOWN} more in trials.csv")
    if found.weights:
        told = ", ".join(f"{key} {share(value)}" for key, value in found.weights.items())
        lines.append(f"importance for {search.objectives[0]}: {told}")
    return lines


def walk_lines(walk: Walk) -> list[str]:
    """Return a line a fold, and what all folds say together."""
    heads = ("fold", "trials", "net", "net after", "Sharpe", "Sharpe after", "fills after")
    rows = [_fold(step) for step in walk.steps]
    return [*aligned([(*heads, "chosen"), *rows]), *verdict_of(walk)]


def verdict_of(walk: Walk) -> list[str]:
    """Return what is left of the searches' results in the time after them."""
    inside, outside = walk.inside_net_per_h, walk.outside_net_per_h
    lines = [
        f"net an hour: {amount(inside, 4, signed=True)} where it was searched,"
        f" {amount(outside, 4, signed=True)} after"
        + ("" if walk.survives is None else f": {share(walk.survives)} survives")
    ]
    if walk.above_nothing is not None:
        lines.append(
            f"after the searches the Sharpe ratio is above 0 with a probability of"
            f" {share(walk.above_nothing)}"
        )
    if walk.deflated is not None:
        lines.append(
            f"deflated over all {walk.trials} trials, the least of those chosen:"
            f" {share(walk.deflated)}"
        )
    return lines


def figures_of(trial: Trial) -> tuple[str, ...]:
    """Return a trial's objectives as figures."""
    return tuple(f"{value:.6g}" for value in trial.values or ())


def _title(search: Search) -> str:
    return "trial" if len(search.objectives) == 1 else "trials that none beats"


def _name(trial: Trial) -> str:
    return f"{trial.number} {trial.done.job.told}"


def _fold(step: Step) -> tuple[str, ...]:
    before, after = step.inside, step.outside
    return (
        str(step.fold.number),
        str(len(step.found.trials)),
        amount(before.net if before else None, 4, signed=True),
        amount(after.net if after else None, 4, signed=True),
        amount(before.annual(before.inside) if before else None, 2, signed=True),
        amount(after.annual(after.inside) if after else None, 2, signed=True),
        str(after.score.fills) if after and after.score else NONE,
        step.found.best.done.job.told if step.found.best else "none may be chosen",
    )
