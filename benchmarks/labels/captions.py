"""What captions say: precision and recall for `present` by set and language, and what reading them costs.

python -m benchmarks.labels.captions [OTHER.jsonl …] [--rounds 5]

Prints Markdown. The sets of the tests are split in two by a hash of the caption's id: words and relations
were made on one half, and this reports on the other; a set on which nothing was made, or that is named on the
command line, is reported whole.
`ambiguous` is kept apart: a caption called so counts neither as found nor as false, and is shown. Times are
CPU time of this thread, the best of some rounds for each caption, without what is remembered between the
pictures of a post.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median

from detector.wording import texts
from storage.records import ReadingState

TESTS = Path(__file__).parent.parent.parent / "tests" / "detector" / "wording"
SETS = {
    "captions (250)": "captions.jsonl",
    "brands (258, written before the patterns were seen)": "captions_brands.jsonl",
    "shops (104, likewise, later)": "captions_shops.jsonl",
    "retail (209, likewise, later still)": "captions_retail.jsonl",
    "stories (184, likewise, after retail was mended)": "captions_stories.jsonl",
    "retailers (260, by somebody who never saw the lexicon; one half read)": "captions_retailers.jsonl",
    "plain (220, likewise, as the shared captions are; one half read)": "captions_plain.jsonl",
    "press (260, likewise; one half read)": "captions_press.jsonl",
    "reserved (338, likewise, all that such accounts publish; one half read)": "captions_reserved.jsonl",
    "blind (390, by somebody who never saw the lexicon; read since, and no evidence)": "captions_blind.jsonl",
}
# Developed on since, or from the first: no evidence
WHOLE = {
    "feed (260, by somebody who never saw the lexicon; read since, and no evidence)": "captions_feed.jsonl",
    "structures (578, developed on)": "captions_structures.jsonl",
    "street (260, by somebody who never saw the lexicon; developed on since)": "captions_street.jsonl",
    "denials (130, likewise)": "captions_denials.jsonl",
    "campaigns (260, likewise)": "captions_campaigns.jsonl",
    "credits (260, likewise)": "captions_credits.jsonl",
    "creators (260, likewise)": "captions_creators.jsonl",
    "official (260, likewise)": "captions_official.jsonl",
    "asides (260, likewise; 182 of which only name AI)": "captions_asides.jsonl",
    "second asides (260, likewise; 169 of which only name AI)": "captions_second_asides.jsonl",
}
# All developed on: for the times alone
DEVELOPED = (
    "captions_traps.jsonl",
    "captions_kinds.jsonl",
    "captions_market.jsonl",
    "captions_lists.jsonl",
)
DISCLOSED, AMBIGUOUS = "disclosed", "ambiguous"
HOSTILE: Mapping[str, str] = {
    "one letter, 1 MB": "a" * 1_000_000,
    "“AI ” for 1 MB": "AI " * 350_000,
    "“made with ” for 1 MB": "made with " * 100_000,
    "20,000 hashtags": " ".join(f"#tag{number}ai" for number in range(20_000)),
    "compounds of 60 letters": " ".join("#" + "madewithaiphoto" * 4 for _ in range(20_000)),
    "look-alike letters": "АІ " * 300_000,
    "mathematical letters": "𝗔𝗜 " * 200_000,
    "letters spelled apart": "A I " * 250_000,
    "zero-width characters": "A\u200bI\u200b " * 200_000,
    "tags that never close": "<a" * 500_000,
    "entities": "&#65;" * 200_000,
    "a line each": "AI\n" * 300_000,
    "broken encoding": "Ã©" * 300_000,
    "one Chinese word": "生成" * 500_000,
}


@dataclass(frozen=True, slots=True)
class Caption:
    id: str
    lang: str
    label: str
    text: str


@dataclass(slots=True)
class Score:
    """For `present` against `disclosed`."""

    captions: int = 0
    right: int = 0
    false: int = 0
    missed: int = 0
    unclear: int = 0  # disclosed, and called ambiguous: among the missed

    def add(self, caption: Caption) -> None:
        state = texts.read(caption.text).state
        self.captions += 1
        told, claimed = caption.label == DISCLOSED, state is ReadingState.PRESENT
        self.right += told and claimed
        self.false += claimed and not told
        self.missed += told and not claimed
        self.unclear += told and state is ReadingState.AMBIGUOUS

    def row(self, name: str) -> str:
        precision = _share(self.right, self.right + self.false)
        recall = _share(self.right, self.right + self.missed)
        told, missed = self.right + self.missed, f"{self.missed} ({self.unclear})"
        cells = (name, self.captions, told, precision, recall, self.false, missed)
        return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Precision, recall and cost of reading captions.")
    parser.add_argument("others", type=Path, nargs="*", help="more sets, reported whole")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    sets = {name: [c for c in load(TESTS / file) if reported(c)] for name, file in SETS.items()}
    sets |= {name: load(TESTS / file) for name, file in WHOLE.items()}
    sets |= {f"{path.name} (whole)": load(path) for path in asked.others}
    print("\n".join([*_by_set(sets), "", *_by_language([c for found in sets.values() for c in found])]))
    everything = [c for file in (*SETS.values(), *WHOLE.values(), *DEVELOPED) for c in load(TESTS / file)]
    everything += [c for path in asked.others for c in load(path)]
    print("\n".join(["", *_times([caption.text for caption in everything], asked.rounds), "", *_hostile()]))


def load(path: Path) -> list[Caption]:
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [Caption(row["id"], row["lang"], row["label"], row["text"]) for row in rows]


def reported(caption: Caption) -> bool:
    """The half that nothing was made on."""
    return sha256(caption.id.encode()).digest()[0] % 2 == 1


def _by_set(sets: Mapping[str, Sequence[Caption]]) -> Iterator[str]:
    yield from _head("Set, reporting half")
    for name, captions in sets.items():
        yield _scored(captions).row(name)


def _by_language(captions: Sequence[Caption]) -> Iterator[str]:
    yield from _head("Language, all sets")
    for language in sorted({caption.lang for caption in captions}):
        yield _scored(caption for caption in captions if caption.lang == language).row(language)
    yield _scored(captions).row("**all**")


def _head(name: str) -> Iterator[str]:
    yield f"| {name} | captions | disclosed | precision | recall | false | missed (of them ambiguous) |"
    yield "|---|---|---|---|---|---|---|"


def _scored(captions: Iterable[Caption]) -> Score:
    score = Score()
    for caption in captions:
        score.add(caption)
    return score


def _times(captions: Sequence[str], rounds: int) -> Iterator[str]:
    texts.read("made with AI")  # the lexicon is loaded once a process
    cost = sorted(min(_seconds(text) for _ in range(rounds)) * 1000 for text in captions)
    yield "| Captions | median | 95 % | most | target |"
    yield "|---|---|---|---|---|"
    times = " | ".join(f"{one:.2f} ms" for one in (median(cost), cost[int(len(cost) * 0.95)], cost[-1]))
    yield f"| {len(cost)} | {times} | ≤ 1 ms |"


def _hostile() -> Iterator[str]:
    read = f"{texts.LONGEST_READ:,} characters of each are read"
    yield f"Hostile texts ({read}; what is cut is never called absent):"
    yield ""
    yield "| Text | characters | time | answer |"
    yield "|---|---|---|---|"
    for name, text in HOSTILE.items():
        seconds = _seconds(text)
        yield f"| {name} | {len(text):,} | {seconds:.2f} s | {texts.read(text).state.value} |"


def _seconds(text: str, read: Callable[[str], object] = texts.read) -> float:
    texts.forget()
    begun = time.thread_time()
    read(text)
    return time.thread_time() - begun


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


if __name__ == "__main__":
    main()
