"""Which pictures are counted, and what stood on them: small cases, counted by hand."""

from dataclasses import replace
from datetime import date

import pytest

from desk.figures.counting import Known, Outcome, Step, known_by, look_of, measured_rule
from desk.figures.lines import Asked, Figures, figures
from storage.figures import Sighting, readings_of
from storage.records import Declarer, FindingStatus, ReadingState, Surface
from tests.desk.figures.feeds import HM, NL, SKY, ZARA, sighting, told

DEFAULT = measured_rule()
CAPTION, MARK, TAG = Surface.CAPTION, Surface.IMAGE_MARK, Surface.PLATFORM_TAG
UNREADABLE, AMBIGUOUS = ReadingState.UNREADABLE, ReadingState.AMBIGUOUS
NOT_OFFERED = ReadingState.NOT_OFFERED


def counted(*sightings: Sighting, asked: Asked = Asked()) -> Figures:  # noqa: B008 - frozen
    return figures(sightings, asked, measured_rule(asked.surfaces))


# --- the denominator ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grounds", "surfaces", "known"),
    [
        ("match", (), Known.REGISTERED),
        ("c2pa", (), Known.CREDENTIAL),
        ("c2pa match", (), Known.REGISTERED),
        ("caption", (), Known.OWN_LABEL),
        ("hashtags", (), Known.OWN_LABEL),  # it counts weakly for the default rule, and is measured too
        ("caption image_mark", (), Known.OWN_LABEL),
        ("c2pa caption", (), Known.CREDENTIAL),
        ("", (), Known.NOT_SURE),
        ("caption", (MARK,), Known.WORDS),
        ("caption", (MARK, CAPTION), Known.OWN_LABEL),
        ("caption image_mark", (MARK,), Known.WORDS),
        ("image_mark", (MARK,), Known.OWN_LABEL),
        ("this_post", (), Known.OWN_LABEL),
        ("match this_post", (), Known.OWN_LABEL),
        ("c2pa this_post", (), Known.CREDENTIAL),
    ],
)
def test_a_label_that_is_measured_makes_nobody_countable(
    grounds: str, surfaces: tuple[Surface, ...], known: Known
) -> None:
    assert known_by(frozenset(grounds.split()), measured_rule(surfaces)) is known


def test_pictures_known_by_their_label_alone_would_make_a_rate_of_one() -> None:
    labelled = [sighting(n, grounds="caption", said=told(CAPTION)) for n in range(40)]
    registered = [sighting(100 + n, said=told(CAPTION) if n < 2 else "") for n in range(10)]
    found = counted(*labelled, *registered).whole
    assert (found.pictures, found.labelled, found.known[Known.OWN_LABEL]) == (10, 2, 40)


def test_words_on_a_copy_do_not_count_either() -> None:
    """The copy is known by what the labelled post says: whoever labels nothing anywhere never comes in."""
    first = sighting(1, "same", grounds="caption", said=told(CAPTION))
    copy = sighting(2, "same", SKY, grounds="caption", days=1)
    assert counted(first, copy).whole.pictures == 0
    assert counted(first, copy, asked=Asked(platform="bluesky")).whole.pictures == 0
    assert counted(first, copy, asked=Asked(surfaces=(MARK,))).whole.pictures == 1


def test_what_makes_it_sure_may_lie_on_any_copy() -> None:
    """The labelled copy's own words hide the credential that the other copy carries: both are one picture."""
    first = sighting(1, "same", grounds="caption", said=told(CAPTION))
    other = sighting(2, "same", SKY, grounds="c2pa", days=1)
    found = counted(first, other).whole
    assert (found.pictures, found.labelled, found.known) == (1, 1, {Known.CREDENTIAL: 1})


def test_a_reference_that_was_made_of_the_post_does_not_count_for_its_copies() -> None:
    first = sighting(1, "same", grounds="this_post", said=told(CAPTION))
    copy = sighting(2, "same", SKY, grounds="match", days=1)
    assert counted(first, copy).whole.pictures == 0


@pytest.mark.parametrize("status", [FindingStatus.REJECTED, FindingStatus.DISPUTED])
def test_what_a_person_rejected_or_somebody_disputes_is_left_out_and_told(status: FindingStatus) -> None:
    found = counted(sighting(1, status=status), sighting(2)).whole
    assert (found.pictures, found.known) == (1, {Known.REGISTERED: 1, Known.SET_ASIDE: 1})


def test_a_rejected_finding_lends_its_copies_no_grounds() -> None:
    wrong = sighting(1, "same", status=FindingStatus.REJECTED)
    copy = sighting(2, "same", SKY, grounds="", days=1)
    assert counted(wrong, copy).whole.known == {Known.NOT_SURE: 1}


# --- once each ----------------------------------------------------------------------------------------------


def test_copies_are_one_picture_where_it_stood_first() -> None:
    found = counted(
        sighting(1, "same", HM, said=told(), days=0),
        sighting(2, "same", NL, said=told(CAPTION), days=40),
        sighting(3, "same", SKY, said=told(CAPTION), days=3),
    )
    assert (found.whole.pictures, found.whole.labelled, found.whole.without) == (1, 0, 1)
    assert [(line.period, line.pictures) for line in found.over_time] == [("2026-11", 1)]
    cells = {(line.retailer, line.platform): (line.pictures, line.labelled) for line in found.cells}
    assert cells == {("H&M", "bluesky"): (1, 1), ("H&M", "instagram"): (1, 0)}


def test_a_day_asked_for_is_that_of_the_first_showing() -> None:
    """A picture that came again in December is no picture of December."""
    twice = [sighting(1, "same"), sighting(2, "same", days=40)]
    december = Asked(since=date(2026, 12, 3))
    assert counted(*twice, asked=december).whole.pictures == 0
    until = Asked(until=date(2026, 11, 2))
    assert counted(*twice, asked=until).whole.pictures == 1


def test_periods_add_up() -> None:
    many = [sighting(n, f"p{n % 7}", days=9 * n) for n in range(20)]
    for step in Step:
        found = counted(*many, asked=Asked(step=step))
        assert sum(line.pictures for line in found.over_time) == found.whole.pictures == 7
    quarters = [line.period for line in counted(*many, asked=Asked(step=Step.QUARTER)).over_time]
    assert quarters == ["2026-Q4"]


def test_accounts_without_a_retailer_are_in_the_whole_and_a_group_at_the_end() -> None:
    nameless = replace(HM, retailer="", handle="someone")
    found = counted(sighting(1), sighting(2, account=nameless), sighting(3, account=ZARA))
    assert found.whole.pictures == 3
    assert [line.retailer for line in found.cells] == ["H&M", "Zara", ""]


# --- what stood there ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "surfaces", "outcome", "read"),
    [
        (told(), (), Outcome.WITHOUT, True),
        (told(CAPTION), (), Outcome.LABELLED, True),
        (told(Surface.HASHTAGS), (), Outcome.WEAKLY, True),
        (told(CAPTION, faint="fold"), (), Outcome.WEAKLY, True),
        (told(platform_tag=UNREADABLE), (), Outcome.WITHOUT, False),
        (told(CAPTION, platform_tag=UNREADABLE), (), Outcome.LABELLED, False),  # else nobody would be without
        (told(Surface.HASHTAGS, platform_tag=UNREADABLE), (), Outcome.WEAKLY, False),
        (told(alt_text=UNREADABLE), (), Outcome.WITHOUT, True),  # it counts weakly: it could make no label
        (told(caption=AMBIGUOUS), (), Outcome.WITHOUT, False),
        (told(MARK, image_text=AMBIGUOUS), (), Outcome.LABELLED, True),  # one icon, two readers
        (told(MARK, image_text=AMBIGUOUS, caption=UNREADABLE), (), Outcome.LABELLED, False),
        (told(platform_tag=NOT_OFFERED), (), Outcome.WITHOUT, True),
        (told(CAPTION, platform_tag=UNREADABLE), (CAPTION,), Outcome.LABELLED, True),
        (told(CAPTION), (MARK,), Outcome.WITHOUT, True),
        (told(Surface.HASHTAGS), (Surface.HASHTAGS,), Outcome.LABELLED, True),
        ("caption=absent", (CAPTION,), Outcome.WITHOUT, True),
        ("caption=absent", (CAPTION, MARK), Outcome.WITHOUT, False),  # nobody reported the mark
        ("", (), Outcome.WITHOUT, False),
    ],
)
def test_a_picture_counts_as_read_when_every_surface_that_counts_was(
    said: str, surfaces: tuple[Surface, ...], outcome: Outcome, read: bool
) -> None:
    look = look_of(readings_of(said), measured_rule(surfaces), whole=False)
    assert (look.outcome, look.read) == (outcome, read)


@pytest.mark.parametrize(
    ("said", "by"),
    [
        (told(CAPTION), Declarer.ACCOUNT),
        (told(TAG, by=Declarer.PLATFORM), Declarer.PLATFORM),
        ("caption=present/account/ platform_tag=present/platform/", Declarer.ACCOUNT),
        ("caption=present/account/f platform_tag=present/platform/", Declarer.PLATFORM),  # below the fold
        ("image_mark=present/person/ image_text=present/unknown/", Declarer.PERSON),
        (told(), None),
    ],
)
def test_who_declared_the_label(said: str, by: Declarer | None) -> None:
    assert look_of(readings_of(said), DEFAULT, whole=False).by is by


def test_unreadable_stands_beside_and_is_never_absent() -> None:
    found = counted(
        sighting(1, said=told(CAPTION)),
        sighting(2, said=told(), account=NL),
        sighting(3, said=told(platform_tag=UNREADABLE)),
        sighting(4, said=told(CAPTION, platform_tag=UNREADABLE)),
        sighting(5, said=told(caption=AMBIGUOUS)),
        sighting(6, said=told(Surface.HASHTAGS), late=True),
    ).whole
    assert (found.pictures, found.read, found.labelled, found.weakly, found.without) == (6, 3, 1, 1, 1)
    assert (found.unread, found.unread_labelled, found.unclear) == (3, 1, 1)
    assert (found.accounts, found.read_accounts, found.late) == (2, 2, 0)
    assert found.declared == {Declarer.ACCOUNT: 1}


def test_where_none_of_the_surfaces_exists_nothing_is_counted() -> None:
    found = counted(sighting(1, said=told(platform_tag=NOT_OFFERED)), asked=Asked(surfaces=(TAG,))).whole
    assert (found.pictures, found.known) == (0, {Known.NOT_OFFERED: 1})
