"""Consent as a table: terms, use, answer."""

from datetime import date

import pytest

from detector.consent import Use, consent_of, worst
from storage.consent import Ending
from storage.records import Consent, ConsentVerdict, ReferenceKind, Twin, TwinVerdict
from tests.detector.cases import TWIN, at

POSTED = at("2026-09-01T12:00")
USE = Use("H&M", "bluesky", "SE", POSTED)
OPEN = Consent("Vilma", "H&M")


def terms(**changes: object) -> Consent:
    given: dict[str, object] = {"twin": "Vilma", "licensee": "H&M", **changes}
    return Consent(**given)  # type: ignore[arg-type]


def use(**changes: object) -> Use:
    given: dict[str, object] = {
        "retailer": "H&M",
        "channel": "bluesky",
        "country": "SE",
        "at": USE.at,
        **changes,
    }
    return Use(**given)  # type: ignore[arg-type]


WITHDRAWN = Twin("Vilma", ReferenceKind.DIGITAL_TWIN, withdrawn_at=at("2026-09-01"))
SPRING = {"valid_from": date(2026, 3, 1), "valid_until": date(2026, 5, 31)}
V = ConsentVerdict


@pytest.mark.parametrize(
    ("twin", "consents", "asked", "answer"),
    [
        (TWIN, (), USE, V.NO_TERMS),
        (TWIN, (OPEN,), USE, V.IN_SCOPE),
        (TWIN, (terms(licensee="  h&m "),), USE, V.IN_SCOPE),
        (TWIN, (terms(licensee="Zara"),), USE, V.OUT_OF_SCOPE),
        (TWIN, (terms(channels=("instagram",)),), USE, V.OUT_OF_SCOPE),
        (TWIN, (terms(channels=("instagram", "Bluesky")),), USE, V.IN_SCOPE),
        (TWIN, (terms(territories=("NO", "DK")),), USE, V.OUT_OF_SCOPE),
        (TWIN, (terms(territories=("se",)),), USE, V.IN_SCOPE),
        (TWIN, (terms(**SPRING),), USE, V.EXPIRED),
        (TWIN, (terms(valid_from=date(2026, 10, 1)),), USE, V.NOT_YET_VALID),
        (TWIN, (terms(valid_until=date(2026, 9, 1)),), USE, V.IN_SCOPE),  # the last day is included
        (TWIN, (terms(valid_until=date(2026, 8, 31)),), USE, V.EXPIRED),
        (TWIN, (terms(valid_from=date(2026, 9, 1)),), USE, V.IN_SCOPE),
        (TWIN, (terms(**SPRING), terms(valid_from=date(2027, 1, 1))), USE, V.EXPIRED),  # between two licences
        (TWIN, (terms(**SPRING), OPEN), USE, V.IN_SCOPE),
        (TWIN, (terms(ending=Ending(date(2026, 8, 31), POSTED, "E")),), USE, V.EXPIRED),  # ended early
        (TWIN, (terms(ending=Ending(date(2026, 9, 1), POSTED, "E")),), USE, V.IN_SCOPE),
        (TWIN, (terms(ending=Ending(None, POSTED, "E")),), USE, V.IN_SCOPE),  # taken back
        (TWIN, (terms(**SPRING, ending=Ending(date(2026, 9, 9), POSTED, "E")),), USE, V.EXPIRED),
        (TWIN, (terms(licensee="Zara"), terms(**SPRING)), USE, V.EXPIRED),
        (WITHDRAWN, (OPEN,), USE, V.WITHDRAWN),
        (WITHDRAWN, (), USE, V.WITHDRAWN),
        (WITHDRAWN, (terms(licensee="Zara"),), USE, V.WITHDRAWN),
        (WITHDRAWN, (OPEN,), use(at=at("2026-09-01T00:00")), V.WITHDRAWN),
        (WITHDRAWN, (OPEN,), use(at=at("2026-08-31T23:59")), V.IN_SCOPE),
        # What is not known decides, or does not.
        (TWIN, (), use(country=None, at=None, retailer=None), V.NO_TERMS),
        (TWIN, (OPEN,), use(country=None, at=None), V.IN_SCOPE),
        (TWIN, (terms(territories=("SE",)),), use(country=None), V.CANNOT_SAY),
        (TWIN, (terms(territories=("SE",), licensee="Zara"),), use(country=None), V.OUT_OF_SCOPE),
        (TWIN, (terms(territories=("SE",)), OPEN), use(country=None), V.IN_SCOPE),
        (TWIN, (terms(**SPRING),), use(at=None), V.CANNOT_SAY),
        (TWIN, (terms(licensee="Zara", **SPRING),), use(at=None), V.OUT_OF_SCOPE),
        (TWIN, (OPEN,), use(retailer=None), V.CANNOT_SAY),
        (TWIN, (terms(channels=("instagram",)),), use(channel=None), V.CANNOT_SAY),
        (TWIN, (OPEN,), use(channel=None), V.IN_SCOPE),
        (WITHDRAWN, (OPEN,), use(at=None), V.CANNOT_SAY),
        (WITHDRAWN, (terms(territories=("SE",)),), use(country=None), V.WITHDRAWN),
    ],
)
def test_the_table(twin: Twin, consents: tuple[Consent, ...], asked: Use, answer: ConsentVerdict) -> None:
    verdict = consent_of(twin, consents, asked)
    assert verdict.consent is answer
    assert verdict.reasons
    assert all(reason.endswith(".") for reason in verdict.reasons)


def test_cannot_say_names_the_facts_that_decide_and_no_others() -> None:
    verdict = consent_of(TWIN, (terms(territories=("SE",)),), use(country=None, at=None))
    assert "the account's country" in verdict.reasons[0]
    assert "date" not in verdict.reasons[0]


AUGUST = {"valid_until": date(2026, 12, 31), "ending": Ending(date(2026, 8, 31), POSTED, "E", "unpaid")}
WHERE = "posted 2026-09-01 on bluesky in SE."


@pytest.mark.parametrize(
    ("licence", "reasons"),
    [
        (terms(**SPRING), [f"Vilma is licensed to H&M from 2026-03-01 until 2026-05-31; {WHERE}"]),
        (
            terms(channels=("instagram",), territories=("SE", "NL"), valid_until=date(2026, 6, 30)),
            [
                "Vilma has 1 registered licence(s), none for H&M on bluesky in SE.",
                f"Vilma is licensed to H&M for instagram in SE, NL until 2026-06-30; {WHERE}",
            ],
        ),
        (
            terms(clause="§ 4: never on its own"),
            [f"Vilma is licensed to H&M without an end (clause: “§ 4: never on its own”); {WHERE}"],
        ),
        (terms(**AUGUST), [f"Vilma is licensed to H&M until 2026-08-31, ended early: unpaid; {WHERE}"]),
        (terms(licensee="Zara"), ["Vilma has 1 registered licence(s), none for H&M on bluesky in SE."]),
    ],
    ids=["dates", "another channel", "clause", "ended early", "another's licence"],
)
def test_reasons_show_the_terms_beside_the_use(licence: Consent, reasons: list[str]) -> None:
    assert list(consent_of(TWIN, (licence,), USE).reasons) == reasons


def test_whose_date_is_not_known_is_told() -> None:
    (reason,) = consent_of(TWIN, (OPEN,), use(at=None)).reasons
    assert reason == (
        "Vilma is licensed to H&M without an end; when it was posted on bluesky in SE is not known."
    )


def test_a_synthetic_model_stands_for_nobody() -> None:
    nova = Twin("Nova", ReferenceKind.SYNTHETIC_MODEL)
    assert any("no real person" in reason for reason in consent_of(nova, (), USE).reasons)


def test_the_worst_is_shown() -> None:
    verdicts = [TwinVerdict(answer.value, answer) for answer in (V.IN_SCOPE, V.WITHDRAWN, V.NO_TERMS)]
    shown = worst(verdicts)
    assert shown is not None
    assert shown.consent is V.WITHDRAWN
    assert worst([]) is None
