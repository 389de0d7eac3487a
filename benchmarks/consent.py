"""Judging consent: many uses against many licences, in this process, one core.

python -m benchmarks.consent [--uses 100000] [--licences 5000] [--twins 500] [--unknown 0.2]

`--unknown`: the share of uses of which one fact (retailer, country or date) is not known, which costs most.
Prints Markdown.
"""

import argparse
import platform
import random
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from detector.consent import Use, consent_of
from storage.consent import Consent
from storage.records import ReferenceKind, Twin

WANTED = 30.0  # s, issue 6
RETAILERS = [f"Retailer {number}" for number in range(40)]
CHANNELS = ("instagram", "tiktok", "bluesky", "mastodon", "youtube", "pinterest", "rss")
COUNTRIES = ("SE", "NL", "DE", "FR", "ES", "IT", "PL", "DK", "NO", "US", "GB", "JP")
FIRST = date(2025, 1, 1)


def licence(twin: str, chance: random.Random) -> Consent:
    begins = FIRST + timedelta(days=chance.randrange(600))
    return Consent(
        twin,
        chance.choice(RETAILERS),
        channels=tuple(chance.sample(CHANNELS, chance.randrange(4))),
        territories=tuple(chance.sample(COUNTRIES, chance.randrange(6))),
        valid_from=begins,
        valid_until=begins + timedelta(days=chance.randrange(30, 400)),
    )


def use(chance: random.Random, unknown: float) -> Use:
    posted = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(24 * 700))
    facts = {
        "retailer": chance.choice(RETAILERS),
        "channel": chance.choice(CHANNELS),
        "country": chance.choice(COUNTRIES),
        "at": posted,
    }
    if chance.random() < unknown:
        facts[chance.choice(("retailer", "country", "at"))] = None
    return Use(**facts)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--uses", type=int, default=100_000)
    parser.add_argument("--licences", type=int, default=5_000)
    parser.add_argument("--twins", type=int, default=500)
    parser.add_argument("--unknown", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    twins = [Twin(f"Twin {number}", ReferenceKind.DIGITAL_TWIN) for number in range(given.twins)]
    by_twin: dict[str, list[Consent]] = {twin.name: [] for twin in twins}
    for _ in range(given.licences):
        twin = chance.choice(twins).name
        by_twin[twin].append(licence(twin, chance))
    asked = [(chance.choice(twins), use(chance, given.unknown)) for _ in range(given.uses)]
    began = time.perf_counter()
    said = Counter(consent_of(twin, by_twin[twin.name], one).consent for twin, one in asked)
    seconds = time.perf_counter() - began
    most = max(map(len, by_twin.values()))
    print(f"{platform.machine()}, Python {platform.python_version()}; wall time of one process.\n")
    print("| What | Measured | Target |\n|---|---|---|")
    print(f"| uses, {given.unknown:.0%} with a fact unknown | {given.uses:,} | |")
    print(f"| licences of {given.twins} twins, at most {most} a twin | {given.licences:,} | |")
    print(f"| judged in, s | {seconds:.1f} | ≤ {WANTED:g} |")
    for verdict, count in sorted(said.items()):
        print(f"| … {verdict.value} | {count:,} | |")


if __name__ == "__main__":
    main()
