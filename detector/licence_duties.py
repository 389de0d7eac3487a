"""The label that a licence asks for, judged by itself: a use within its scope may still lack it.

A licence is read as a dated rule about this one twin: the same readings, and the surfaces that it names. Each
surface that it names is a duty of its own; where it says `required`, any that counts by the default rule
will do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from detector.case import Case
from detector.consent import Use, in_force
from detector.rule import Confidence, Rule
from detector.telling import SURFACE_NAMES
from storage.consent import REQUIRED, Consent
from storage.records import ConsentVerdict, Surface, TwinVerdict

VERSION = "1"


def licence_duties(case: Case, twins: Iterable[TwinVerdict]) -> Iterator[Rule]:
    """Of each licence in force that this use is within. Where that cannot be said, or it is without one, no
    licence asks for anything: the consent says so."""
    use = Use.of(case.account, case.post.posted_at)
    for twin in twins:
        if twin.consent is ConsentVerdict.IN_SCOPE:
            for licence in in_force(case.registry.consents.get(twin.twin, ()), use):
                yield from _duties(licence, case.rulebook.default)


def _duties(licence: Consent, default: Rule) -> Iterator[Rule]:
    for surface in licence.label_duty:
        anywhere = surface == REQUIRED
        where = "a label" if anywhere else f"a label as {SURFACE_NAMES[Surface(surface)]}"
        clause = f": “{licence.clause.strip()}”" if licence.clause.strip() else ""
        yield replace(
            default,
            id=f"licence-{licence.id}" if anywhere else f"licence-{licence.id}-{surface.replace('_', '-')}",
            title=f"licence of {licence.twin} to {licence.licensee}",
            informs=default.informs if anywhere else frozenset({Surface(surface)}),
            weak=default.weak if anywhere else frozenset(),
            sentence=f"The licence of {licence.twin} to {licence.licensee} asks for {where}{clause}.",
            source=licence.document or licence.document_sha256,
            confidence=Confidence.HIGH,
        )
