"""Write the table of scenarios into docs/faults.md: ``python -m tests.stage.page``."""

from tests.stage.scenario import AMENDS, SCENARIOS, read
from tests.support import CHECKOUT
from tests.venues.lighter.staged import scenario as lighter

PAGE = CHECKOUT / "docs" / "faults.md"
BEGIN = "<!-- scenarios -->\n"
END = "<!-- end of scenarios -->"


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


def written(text: str) -> str:
    """Return a page with its table as it has to be."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table()}\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
