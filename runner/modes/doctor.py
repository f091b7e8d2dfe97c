"""Doctor: run every check and tell what each found, in words."""

from runner.doctor.checks import checks_for
from runner.doctor.finding import Verdict, worst
from runner.places import Places
from runner.settings import Settings

WORDS = {
    Verdict.GOOD: "good",
    Verdict.ON_REQUEST: "usable only when asked",
    Verdict.UNUSABLE: "unusable",
}


def run(settings: Settings, places: Places) -> int:
    """Print all findings; return 0 when all is good, 4 when some of it needs asking, else 2."""
    verdicts = []
    for name, check in checks_for(settings):
        findings = []
        for finding in check(settings, places):
            print(f"{finding.about}: {' '.join(finding.text.split())}", flush=True)
            findings.append(finding.verdict)
        verdicts.append(worst(findings))
        print(f"{name}: {WORDS[verdicts[-1]]}", flush=True)
    return worst(verdicts).value
