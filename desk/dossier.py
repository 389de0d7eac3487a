"""A finding with everything the store knows about it: what `findings show` prints and the HTML export
draws."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from desk.contract import Json, answer_json, finding_json, person_reading_json, reference_json, showing_json
from desk.contract_taken_out import contest_json
from desk.decisions import last_standing
from storage.crawled import Capture
from storage.keeping import Contest, Removal
from storage.records import Answer, Finding, ReferenceImage, Review, ReviewDecision, StoredVersion
from storage.store import Showing, Store
from storage.testimony import PersonReading

AT_ONCE = 50  # findings whose posts are loaded together


@dataclass(frozen=True, slots=True)
class Dossier:
    finding: Finding
    versions: tuple[StoredVersion, ...]  # of the post, oldest first
    captures: tuple[tuple[int, Capture], ...]  # (number of the version, a retrieval behind it)
    answers: tuple[tuple[datetime, Answer], ...]  # the finding's history, oldest first
    reviews: tuple[Review, ...]
    references: tuple[ReferenceImage, ...]  # the registered pictures that it matches
    elsewhere: tuple[Showing, ...] = ()  # other posts with copies of this picture, the earliest first
    witnessed: tuple[PersonReading, ...] = ()  # what people saw themselves, oldest first
    contests: tuple[Contest, ...] = ()  # of what it rests on, oldest first
    removed: tuple[Removal, ...] = ()  # bytes of its picture and of what that matches, gone on purpose
    models: Mapping[str, str] = field(default_factory=dict)  # twin → model, for those alone who may know it

    @property
    def settlement(self) -> Review | None:
        """Where that it is settled is the decision that stands."""
        stands = last_standing(self.reviews)
        return stands if stands and stands.decision is ReviewDecision.SETTLED else None


def dossier(store: Store, finding: Finding) -> Dossier:
    """All of one moment."""
    with store.one_state():
        return _whole(store, finding)


def rows(store: Store, findings: Iterable[Finding]) -> Iterator[Dossier]:
    """No more of each than a row of a table has room for, the finding and the versions of its post: a few
    questions for `AT_ONCE` of them, where `dossier` asks some twenty for one."""
    left = iter(findings)
    while some := list(islice(left, AT_ONCE)):
        versions = store.inbox.versions([one.id for one in some if one.id])
        for one in some:
            yield Dossier(one, versions.get(one.id, ()), captures=(), answers=(), reviews=(), references=())


def _whole(store: Store, finding: Finding) -> Dossier:
    versions = tuple(store.finding_versions(finding.id)) if finding.id else ()
    captures = tuple(
        (version.number, capture) for version in versions for capture in store.captures(version.post)
    )
    matched = {match.reference for match in finding.answer.matches if match.twin}
    twins = {match.twin for match in finding.answer.matches if match.twin}
    references = tuple(
        one for twin in sorted(twins) for one in store.references(twin) if one.sha256 in matched
    )
    return Dossier(
        finding=finding,
        versions=versions,
        captures=captures,
        answers=tuple(store.answers(finding.id)) if finding.id else (),
        reviews=tuple(store.reviews(finding.id)) if finding.id else (),
        references=references,
        elsewhere=tuple(_elsewhere(store, finding)),
        witnessed=tuple(store.looks.given(finding.id)) if finding.id else (),
        removed=tuple(store.retention.removals([finding.sha256, *matched])),
        contests=tuple(
            one
            for twin in sorted(twins)
            for one in store.contests.of(twin)
            if one.reference in matched | {""}
        ),
    )


def _elsewhere(store: Store, finding: Finding) -> Iterator[Showing]:
    """A picture that was never kept, or never examined, has no copies that we know of."""
    here = (finding.account.name, finding.post_id, finding.position)
    for one in store.copies.posts(finding.sha256) if finding.sha256 else ():
        if (one.account.name, one.post_id, one.position) != here:
            yield one


def dossiers(store: Store, findings: Iterator[Finding]) -> Iterator[Dossier]:
    return (dossier(store, finding) for finding in findings)


def dossier_json(whole: Dossier) -> Json:
    return {
        **finding_json(whole.finding),
        "post_versions": [_version_json(version) for version in whole.versions],
        "captures": [_capture_json(number, capture) for number, capture in whole.captures],
        "history": [{"at": at, **answer_json(found)} for at, found in whole.answers],
        "reviews": [
            {
                "decision": review.decision.value,
                "by": review.by,
                "at": review.at,
                "note": review.note,
                "until": review.until,
            }
            for review in whole.reviews
        ],
        "references": [reference_json(reference) for reference in whole.references],
        "elsewhere": [showing_json(one) for one in whole.elsewhere],
        "person_readings": [person_reading_json(one) for one in whole.witnessed],
        "removed": [
            {"sha256": one.sha256, "at": one.at, "why": one.why, "size": one.size} for one in whole.removed
        ],
        "contests": [contest_json(one) for one in whole.contests],
        **({"models": dict(whole.models)} if whole.models else {}),
    }


def _version_json(version: StoredVersion) -> Json:
    post = version.post
    return {
        "number": version.number,
        "seen_at": post.seen_at,
        "revision": post.revision,
        "text": post.text,
        "hashtags": list(post.hashtags),
        "content_warning": post.content_warning,
        "platform_tag": {"state": post.platform_tag.state.value, "raw": post.platform_tag.raw},
        "media": [
            {"position": item.position, "url": item.url, "alt": item.alt, "sha256": item.sha256 or None}
            for item in post.media
        ],
        "raw_sha256": post.raw_sha256 or None,
    }


def _capture_json(number: int, capture: Capture) -> Json:
    return {
        "version": number,
        "url_asked": capture.url_asked,
        "url_final": capture.url_final,
        "at": capture.at,
        "status": capture.status,
        "sha256": capture.sha256,
        "size": capture.size,
        "spider": capture.spider,
    }
