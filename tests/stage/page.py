"""Write the tables of scenarios and of planted bugs into docs/faults.md.

``python -m tests.stage.page``
"""

from tests.stage import test_judges, test_planted, test_planted_amends
from tests.stage.scenario import AMENDS, SCENARIOS, read
from tests.support import CHECKOUT
from tests.venues.lighter.staged import scenario as lighter
from tests.venues.lighter.staged import test_planted as planted_at_lighter

PAGE = CHECKOUT / "docs" / "faults.md"
BEGIN, END = "<!-- scenarios -->\n", "<!-- end of scenarios -->"
BUGS_BEGIN, BUGS_END = "<!-- planted bugs -->\n", "<!-- end of planted bugs -->"


def table() -> str:
    """Return the rows of all scenarios, in order of their names."""
    lines = ["| row | what goes wrong | what must come of it | played |", "|---|---|---|---|"]
    staged = {path.stem: path for folder in (SCENARIOS, AMENDS) for path in folder.glob("*.yaml")}
    there = lighter.rows()
    for row in sorted({*staged, *there}):
        if row not in there:
            alone = read(staged[row])
            lines.append(f"| {row} | {alone.fault} | {alone.expected} | the stage |")
            continue
        played = lighter.read(row)
        where = "both" if row in staged else "Lighter"
        where += f"; at Lighter not yet: {played.open}" if played.open else ""
        lines.append(f"| {row} | {played.fault} | {played.expected} | {where} |")
    return "\n".join(lines) + "\n"


def bugs() -> str:
    """Return the rows of all planted bugs: what each does, where, and whose law it breaks."""
    lines = ["| planted | row | must trip | at |", "|---|---|---|---|"]
    modules = (test_judges, "the stage"), (test_planted, "the stage")
    modules += (test_planted_amends, "the stage"), (planted_at_lighter, "Lighter")
    for module, where in modules:
        for bug, scenario, law in module.BUGS:
            row = getattr(scenario, "row", scenario)
            said = " ".join(str(bug.__doc__).split()).rstrip(".")
            lines.append(f"| {said} | {row} | {law} | {where} |")
    return "\n".join(lines) + "\n"


def written(text: str) -> str:
    """Return a page with its tables as they have to be."""
    text = _put(text, BEGIN, END, table())
    return _put(text, BUGS_BEGIN, BUGS_END, bugs())


def _put(text: str, begin: str, end: str, rows: str) -> str:
    head, _, rest = text.partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}\n{rows}\n{end}{tail}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
