"""What the detector says of findings, made by its own code over what differs between them, is all said in
Dutch; and a page of a rich finding has no English left on it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.other_copies import other_copies
from desk.web.sentences import MADE_IN, SENTENCE, sentences
from detector.answer import answer
from detector.case import Case, Registry
from detector.consent import Use, consent_of
from detector.match_words import WITHOUT_PICTURE, kind_words, match_words
from storage.boxes import Box
from storage.changes import Change, ChangeKind
from storage.consent import Consent, Ending
from storage.kin import Kin, Telling
from storage.passage import Place
from storage.people import Role
from storage.records import (
    Account,
    Answer,
    ConsentVerdict,
    Declarer,
    Extent,
    Failure,
    Labelling,
    MatchKind,
    OriginEvidence,
    PairDecision,
    PairReview,
    Quarantine,
    ReadingState,
    ReferenceImage,
    ReferenceKind,
    Surface,
    Twin,
)
from storage.store import Store
from storage.uses import Repost, Settlement
from storage.verification import Outcome, Standing, Verification, standing_of
from tests.desk.used_store import FOUND, HM, OCTOBER
from tests.desk.web.conftest import Browser
from tests.detector.cases import HUMAN, PICTURE, REFERENCE_IMAGE, TWIN, at, case, human, match, reading
from tests.storage.samples import picture, post, sha

Someone = Callable[[Role | None], Browser]
DUTCH = sentences("nl")
DECODER = "premature end"  # what another program says
KEPT = frozenset({"New York State Fashion Workers Act", "New York General Business Law", DECODER})
NAMES = st.text(st.sampled_from("Аннåé漢字{}'\" ."), min_size=1, max_size=12).filter(
    lambda one: bool(one.strip())
)


def english(text: str, room: str = SENTENCE) -> list[str]:
    """What stayed English of it."""
    return [run.text for run in DUTCH.of(text, room) if run.language == MADE_IN and run.text not in KEPT]


def left_in(told: Answer) -> list[str]:
    """What stayed English of all that an answer says."""
    verdict = told.verdict
    left = [one for reason in verdict.reasons for one in english(reason)]
    left += [one for twin in verdict.twins for reason in twin.reasons for one in english(reason)]
    left += [one for rule in verdict.rules for one in english(rule.sentence, "rule") if one]
    left += [one for rule in verdict.rules for one in english(rule.title, "rule_title")]
    left += [one for event in told.events for one in english(event.detail, "timeline")]
    for one in told.evidence:
        left += english(one.detail, "evidence") + english(one.signal.replace("_", " "), "signal")
    for other in other_copies(told):
        left += [said for line in other.lines() for said in english(line, "copy_line") if " " in said]
    left += [said for one in told.readings for said in english(one.reason, "reading")]
    left += [
        said for one in told.matches for said in english(f"{kind_words(one)}: {match_words(one)}", "beside")
    ]
    return left


# --- verdicts -----------------------------------------------------------------------------------------------

MARK = Change(
    ChangeKind.MARK_REMOVED,
    None,
    Box(0.8, 0.8, 0.1, 0.1),
    0.01,
    "its mark is not in its place, and what is around it is the same (its place was given by a person)",
)
MEASURED: dict[str, Any] = {
    "agreement": 0.97,
    "overlap": 0.62,
    "inliers": 120,
    "residual": 0.8,
    "algorithm": "aligned",
}
MATCHES = (
    (),
    (match(transform="mirrored, cropped to 62 %", region=Box(0, 0, 0.5, 0.5), **MEASURED, changes=(MARK,)),),
    (match(MatchKind.LIKELY_COPY, reason="40 % of what they share differs", changes=(MARK,)),),
    (match(MatchKind.LIKELY_COPY, decided=PairDecision.CONFIRMED),),
    (match(decided=PairDecision.REJECTED),),
    (match(MatchKind.FINGERPRINT_ONLY, reason=WITHOUT_PICTURE),),
    (match(MatchKind.SAME_SCENE_OR_GARMENT, reason="their details do not fit on each other"),),
    (match(algorithm="sha256", distance=0, threshold=0), human(4, algorithm="sha256")),
    (match(distance=12), human(4)),
    (match(span=(3.0, 7.0), spans=tuple((float(n), n + 0.5) for n in range(0, 60, 10))),),
)
READINGS: tuple[tuple[ReadingState, dict[str, Any]], ...] = (
    (ReadingState.ABSENT, {}),
    (ReadingState.UNREADABLE, {"reason": "budget"}),
    (ReadingState.AMBIGUOUS, {"reason": "says that it may be so", "quote": "may be AI"}),
    (ReadingState.PRESENT, {}),
    (ReadingState.PRESENT, {"prominence": {"before_fold": 0}}),
    (ReadingState.PRESENT, {"prominence": {"below_floor": 1, "slides": "1, 3", "of_slides": 4}}),
    (ReadingState.PRESENT, {"prominence": {"extent": "part"}}),
    (
        ReadingState.PRESENT,
        {
            "declared_by": Declarer.PERSON,
            "field": "screenshot:abc",
            "reason": "Jan looked on 2026-10-12 09:30 UTC, screenshot abc; in the first comment; "
            "the program: unreadable “AI?” (not given: asked for, and left out of the answer)",
        },
    ),
    (ReadingState.PRESENT, {"declared_by": Declarer.PLATFORM}),
)
PERSON = Twin("Vilma (person)", ReferenceKind.HUMAN_ORIGINAL)
ORIGINAL = ReferenceImage(PERSON.name, HUMAN, ReferenceKind.HUMAN_ORIGINAL, basis="portfolio")
LICENCE = Consent(
    "Vilma",
    "H&M",
    channels=("bluesky", "instagram"),
    territories=("SE", "NL"),
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    label_duty=("required", "caption"),
    clause="§ 4: “labelled”, in every post",
)


def registries() -> Iterator[Registry]:
    plain = Registry.of((TWIN, PERSON), (REFERENCE_IMAGE, ORIGINAL), ())
    yield plain
    yield Registry.of((TWIN, PERSON), (REFERENCE_IMAGE, ORIGINAL), (LICENCE,))
    disputed = replace(REFERENCE_IMAGE, disputed=True)
    yield Registry.of((TWIN, PERSON), (disputed, ORIGINAL), ())
    unsure = replace(REFERENCE_IMAGE, attested_by="")
    gone = replace(TWIN, erased_at=at("2026-10-01"), kind=ReferenceKind.SYNTHETIC_MODEL)
    yield Registry.of((gone, PERSON), (unsure, ORIGINAL), ())
    held = Quarantine(
        REFERENCE_IMAGE.sha256,
        "in one pass it matched 90 pictures that are no copies of each other, where it had matched 3 before; "
        "2 accounts publish them",
        at("2026-10-02"),
    )
    yield Registry.of((TWIN, PERSON), (REFERENCE_IMAGE, ORIGINAL), (), (held,))
    pair = PairReview(PICTURE, REFERENCE_IMAGE.sha256, PairDecision.CONFIRMED, "Jan", at("2026-10-03"))
    yield Registry.of((TWIN, PERSON), (REFERENCE_IMAGE, ORIGINAL), (), (), (pair,))


def varied() -> Iterator[Case]:
    """Cases that differ in all that sentences speak of."""
    evidence = (
        (),
        (OriginEvidence("c2pa", "digitalSourceType: trainedAlgorithmicMedia", SIGNED, Extent.PART, 3),),
    )
    failures = (
        None,
        Failure("damaged", f"a part of the file is damaged: {DECODER}"),
        Failure("empty", "the file is empty"),
    )
    for (number, matches), (state, changes) in product(enumerate(MATCHES), READINGS):
        for surface, registry in zip(tuple(Surface) * 2, registries(), strict=False):
            given = tuple(
                reading(one, state, **changes)
                if one is surface
                else reading(one, ReadingState.UNREADABLE, reason="not looked at: 3 of its 5 scenes")
                for one in Surface
            )
            yield case(
                matches=matches,
                readings=given,
                registry=registry,
                evidence=evidence[number % 2],
                failure=failures[number % 3],
                too_little=not matches,
                no_match=("they share too small a part",) if number % 2 else (),
                history=((at("2026-09-01"), given),),
                account=Account("tiktok", "x", retailer="" if number % 2 else "H&M", country=None),
            )


SIGNED = (
    "trainedAlgorithmicMedia in ingredient (parentOf) of active manifest, c2pa.actions.v2, c2pa.created; "
    "signed by Adobe Inc. / cai-prod, not known to be trusted (signingCredential.untrusted); "
    "no trust list for content is installed"
)


def test_every_verdict_is_said() -> None:
    told = [answer(one) for one in varied()]
    assert len(told) > 300
    assert {one for each in told for one in left_in(each)} == set()
    assert len({each.verdict.labelling for each in told}) >= len(Labelling) - 1
    assert any(each.events for each in told)


def test_what_copies_elsewhere_say_is_said() -> None:
    there = Place(
        "instagram", "hm", "H&M", "C1", "https://example.org/C1", 0, "d" * 64, "e" * 64, at("2026-08-01")
    )
    for same, current, who, extent in product((True, False), (True, False), Declarer, ("", "part")):
        account = Account("instagram", "hm", retailer="H&M" if same else "Zalando")
        quoted = reading(
            Surface.CAPTION, ReadingState.PRESENT, declared_by=who, prominence={"extent": extent}
        )
        linked = replace(match(), transform="mirrored, cropped to 80 %", agreement=0.97, twin="")
        link = (PICTURE, replace(linked, reference=there.sha256, overlap=0.8))
        signed = OriginEvidence("c2pa", "digitalSourceType: trainedAlgorithmicMedia", SIGNED, Extent.PART, 3)
        kin = Kin(
            tellings=(Telling(place=there, account=account, readings=(quoted,), current=current),),
            links=(link,),
            evidence={there.sha256: (signed,)},
        )
        told = answer(case(kin=kin))
        assert left_in(told) == []


# --- licences -----------------------------------------------------------------------------------------------

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
WHERE = st.sampled_from(["instagram", "tiktok", "漢字"])
LICENCES = st.builds(
    Consent,
    twin=st.just("Анна {x}"),
    licensee=st.sampled_from(["H&M", "“Å” {0}"]),
    channels=st.lists(WHERE, max_size=2).map(tuple),
    territories=st.lists(st.sampled_from(["NL", "SE"]), max_size=2).map(tuple),
    valid_from=st.none() | DAYS,
    valid_until=st.none() | DAYS,
    clause=st.just("") | NAMES,
    ending=st.none()
    | st.builds(Ending, DAYS, st.just(OCTOBER), st.just("x"), st.sampled_from(["", "consent was withdrawn"])),
)
USES = st.builds(
    Use,
    retailer=st.none() | st.sampled_from(["H&M", "“Å” {0}", "Zalando"]),
    channel=st.none() | WHERE,
    country=st.none() | st.sampled_from(["NL", "SE", "BE"]),
    at=st.none() | st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)


@given(st.lists(LICENCES, max_size=3), USES, st.sampled_from(ReferenceKind), st.booleans(), st.booleans())
def test_every_answer_about_licences_is_said(
    licences: list[Consent], use: Use, kind: ReferenceKind, withdrawn: bool, erased: bool
) -> None:
    twin = Twin(
        "Анна {x}", kind, withdrawn_at=OCTOBER if withdrawn else None, erased_at=OCTOBER if erased else None
    )
    twin = replace(twin, withdrawn_because="she asked" if withdrawn and erased else "")
    for reason in consent_of(twin, licences, use).reasons:
        assert english(reason) == []
        told = "".join(run.text for run in DUTCH.of(reason))
        assert "Анна {x}" in told


# --- matches ------------------------------------------------------------------------------------------------

SHARES = st.floats(0.01, 1)
DONE = (
    "mirrored",
    "cropped to 62 %",
    "inside a larger picture (40 % of it)",
    "turned by 90° clockwise",
    "written over",
)


@given(
    st.sampled_from(MatchKind),
    st.sampled_from(["sha256", "pdq", "phash", "regions", "local", "aligned"]),
    st.lists(st.sampled_from(DONE), unique=True, max_size=3).map(", ".join),
    st.none() | SHARES,
    st.none() | st.integers(1, 900),
    st.none() | st.floats(0, 9),
    st.sampled_from(PairDecision) | st.none(),
    st.sampled_from(
        [
            "",
            WITHOUT_PICTURE,
            "they share too small a part",
            "only the hashes are near: 8 % of its details differ",
        ]
    ),
    st.lists(st.tuples(st.floats(0, 4000), st.floats(0, 4000)), max_size=6).map(tuple),
)
def test_every_match_is_said(
    kind: MatchKind,
    algorithm: str,
    done: str,
    share: float | None,
    inliers: int | None,
    residual: float | None,
    decided: PairDecision | None,
    reason: str,
    spans: tuple[tuple[float, float], ...],
) -> None:
    one = match(
        kind,
        0.0123,
        algorithm=algorithm,
        region=Box(0, 0, 0.5, 0.5) if share else None,
        transform=done,
        overlap=share,
        inliers=inliers,
        agreement=share,
        residual=residual,
        span=spans[0] if spans else None,
        reason=reason,
        decided=decided,
        spans=spans,
    )
    assert english(f"{kind_words(one)}: {match_words(one)}", "beside") == []


# --- what is said beside a verdict --------------------------------------------------------------------------


def looks() -> Iterator[Standing]:
    now = FOUND
    reasons = (
        "hm.com does not link to it: it links to a, b on instagram, not to this account, while its "
        "profile names the website, which anybody can write",
        "hm.com could not be looked at: HTTP 403",
        "hm.com could not be looked at: the page shows nothing without its scripts (bot_wall)",
        "hm.com links to it, but the profile names another website: zara.com",
        "hm.com links to it (its profile names no website)",
        "nothing is known of profiles on x",
    )
    yield standing_of((), "", now)
    for outcome, reason, ids, age in product(Outcome, reasons, ((), ("1",)), (3, 400)):
        given = Verification(outcome, now - timedelta(days=age), ids, "Jan", "by telephone", reason)
        yield standing_of((given,), "2", now)
        yield standing_of((given,), "", now)


def test_every_caveat_is_said() -> None:
    assert {left for one in looks() for left in english(one.caveat, "caveat")} == set()
    for until, note in product((None, date(2026, 12, 31)), ("", "paid (see: mail); {x}")):
        told = Settlement(
            *(3, "Vilma", ConsentVerdict.EXPIRED, "H&M", "tiktok", None),
            "Jan",
            OCTOBER,
            until=until,
            note=note,
        )
        assert english(told.sentence, "caveat") == []
        assert note in "".join(run.text for run in DUTCH.of(told.sentence, "caveat"))
    repost = Repost("Vilma", "H&M", "instagram", "hm", "https://example.org", OCTOBER)
    assert english(repost.sentence, "caveat") == []


# --- the page -----------------------------------------------------------------------------------------------


class Read(HTMLParser):
    """What stands on a page, without what is marked as another language and what is quoted."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.marked: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        other = given.get("lang") not in (None, "nl") or tag in ("q", "blockquote", "script", "style", "code")
        if tag not in ("meta", "link", "img", "br", "input", "rect", "hr"):
            self._open.append((tag, other))
        self.texts += [given[name] or "" for name in ("alt", "aria-label", "placeholder") if name in given]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        other = any(other for _, other in self._open)
        (self.marked if other else self.texts).append(data)


def rich(store: Store) -> int:
    """A finding with as much to say as one can have."""
    made = post(
        "rich",
        text="Nieuw binnen",
        platform=HM.platform,
        handle=HM.handle,
        posted_at=OCTOBER,
        media=(picture("rich"),),
        seen_at=FOUND,
    )
    store.save_post(HM, made)
    reference = ReferenceImage(
        "Twin A", sha("ref Twin A"), ReferenceKind.DIGITAL_TWIN, "contract 7", "desk@example.org"
    )
    shown = match(
        MatchKind.COPY,
        reference=reference.sha256,
        twin="Twin A",
        transform="mirrored, cropped to 62 %",
        region=Box(0.1, 0.1, 0.5, 0.5),
        changes=(MARK,),
        **MEASURED,
    )
    given = (
        reading(
            Surface.PLATFORM_TAG,
            ReadingState.UNREADABLE,
            reason="not given: asked for, and left out of the answer",
        ),
        reading(Surface.CAPTION, ReadingState.ABSENT, reason="mentions AI, not as the origin of the picture"),
        reading(Surface.HASHTAGS, ReadingState.AMBIGUOUS, quote="#AI", reason="a bare mention of AI"),
        reading(Surface.ALT_TEXT, ReadingState.ABSENT, reason="does not mention AI"),
        reading(Surface.CONTENT_WARNING, ReadingState.NOT_OFFERED),
        reading(Surface.IMAGE_TEXT, ReadingState.UNREADABLE, reason="budget"),
        reading(Surface.IMAGE_MARK, ReadingState.ABSENT, reason="no mark that is looked for stands on it"),
    )
    earlier = (reading(Surface.CAPTION, ReadingState.PRESENT),)
    known = Registry.of(store.twins(), (reference,), store.terms.all())
    told = answer(
        case(
            account=HM,
            post=made,
            matches=(shown,),
            readings=given,
            registry=known,
            evidence=(
                OriginEvidence("c2pa", "digitalSourceType: trainedAlgorithmicMedia", SIGNED, Extent.PART, 2),
            ),
            history=((FOUND - timedelta(days=3), earlier), (FOUND, given)),
            failure=Failure("damaged", f"a part of the file is damaged: {DECODER}"),
        )
    )
    item = next(one for one in store.all_items() if one.version.post.post_id == "rich")
    store.save_matches(sha("rich"), "m", (shown,))
    number, _ = store.save_answer(item, "j", told, FOUND)
    return number


ENGLISH = {
    "the",
    "and",
    "not",
    "picture",
    "registered",
    "which",
    "its",
    "found",
    "from",
    "without",
    "been",
    "looked",
}


@pytest.mark.slow
def test_a_rich_finding_has_no_english_left(store: Store, browser: Someone) -> None:
    number = rich(store)
    client = browser(Role.REVIEWER)
    in_dutch = {"accept-language": "nl"}
    finding = client.get(f"/findings/{number}", headers=in_dutch)
    assert finding.status_code == 200
    for page in (finding.text, client.get("/", headers=in_dutch).text):
        told = Read(page)
        texts = [re.sub(r"https?://\S+", "", text).lower() for text in told.texts]
        assert [text for text in texts if ENGLISH & set(re.findall(r"[a-z]+", text))] == []
        assert set(re.findall(r'<span lang="en">([^<]*)', page)) <= {DECODER}
    assert "niveau 3" in finding.text
    assert "bijgesneden tot 62 %" in finding.text
    assert "label verwijderd" in finding.text


@pytest.mark.slow
def test_the_same_page_in_english_is_what_is_kept(store: Store, browser: Someone) -> None:
    number = rich(store)
    page = browser(Role.REVIEWER).get(f"/findings/{number}", headers={"accept-language": "en"}).text
    assert "cropped to 62 %" in page
    assert "<span lang" not in page
    assert "Article 50(4), first sentence" in page


@pytest.mark.slow
def test_a_rule_s_own_words_stay_in_their_language(store: Store, browser: Someone) -> None:
    number = rich(store)
    page = browser(Role.READER).get(f"/findings/{number}", headers={"accept-language": "nl"}).text
    quote = re.search(r'<blockquote lang="en" dir="auto">“([^<]*)” <cite lang="nl">([^<]*)</cite>', page)
    assert quote is not None
    assert "constituting a deep fake, shall disclose" in quote[1]
    assert quote[2] == "artikel 50, lid 4, eerste zin; lid 5, eerste zin"


@pytest.mark.slow
def test_what_has_no_shape_is_marked(store: Store, browser: Someone) -> None:
    number = rich(store)
    found = store.finding(number)
    assert found is not None
    odd = replace(found.answer.verdict, reasons=("Something <b>new</b> was said of Anna Andersson.",))
    item = next(one for one in store.all_items() if one.version.post.post_id == "rich")
    store.save_answer(item, "j2", replace(found.answer, verdict=odd), FOUND)
    client = browser(Role.READER)
    for address in ("/", f"/findings/{number}"):
        page = client.get(address, headers={"accept-language": "nl"}).text
        assert (
            '<span lang="en">Something &lt;b&gt;new&lt;/b&gt; was said of [het model van Twin A].</span>'
            in page
        )
