"""One account under several names keeps its row, its posts and what was verified of it."""

import pytest

from storage.crawled import AccountState
from storage.errors import StoreError
from storage.records import Account, Saved
from storage.store import Store
from storage.verification import Outcome, Verification
from tests.storage.samples import HM, NOW, answer, capture, failed, later, picture, post

NEW = Account(HM.platform, "hm_official", "H&M", "SE")
STATE = AccountState("did:x", "https://pds.example", NOW, NOW)


def test_what_is_stored_goes_on_under_the_new_name(store: Store) -> None:
    store.save_post(HM, post())
    store.save_account_state(HM, STATE)
    store.accounts.verify(HM, Verification(Outcome.PASSED, NOW, ("did:x",), reason="it links"))
    assert store.accounts.known_as(NEW, "did:x") == HM
    assert store.accounts.rename(NEW, "did:x") == HM
    assert store.accounts.rename(NEW, "did:x") is None
    assert store.save_post(NEW, post()) is Saved.KNOWN
    assert store.account_state(NEW) == STATE
    assert store.account_state(HM) == AccountState()
    assert store.accounts.standings(NOW)[NEW.platform, NEW.handle].verified


@pytest.mark.parametrize(
    ("stable_id", "endpoint"), [("", None), ("did:y", None), ("did:x", "https://another.example")]
)
def test_another_id_or_another_server_is_another_account(
    store: Store, stable_id: str, endpoint: str | None
) -> None:
    store.save_post(HM, post())
    store.save_account_state(HM, STATE)
    store.save_account_state(Account("rss", "x"), AccountState())
    assert store.accounts.rename(NEW, stable_id, endpoint) is None
    assert store.save_post(NEW, post()) is Saved.NEW


def test_what_an_import_stored_under_the_new_name_joins_it(store: Store) -> None:
    store.save_post(HM, post("p1"))
    store.save_account_state(HM, STATE)
    store.save_post(NEW, post("p2"))
    assert store.accounts.learn_owner(NEW, "77")
    assert store.accounts.rename(NEW, "did:x") == HM
    assert store.save_post(NEW, post("p1")) is Saved.KNOWN
    assert store.save_post(NEW, post("p2")) is Saved.KNOWN
    assert store.accounts.owner_of(NEW) == "77"


def test_what_is_stored_twice_already_is_told_and_nothing_moves(store: Store) -> None:
    store.save_post(HM, post("p1"))
    store.save_account_state(HM, STATE)
    store.save_post(NEW, post("p1"))
    with pytest.raises(StoreError) as error:
        store.accounts.rename(NEW, "did:x")
    assert error.value.kind == "account_twice"
    assert store.account_state(HM) == STATE


def test_owners_of_imports(store: Store) -> None:
    assert not store.accounts.learn_owner(HM, "77")  # nothing is stored of it
    store.save_post(HM, post("p1"))
    assert store.accounts.learn_owner(HM, "77")
    store.accounts.learn_owner(HM, "78")
    assert store.accounts.owner_of(HM) == "77"
    assert dict(store.accounts.owners(HM.platform, ["77", "78", ""])) == {"77": HM}
    assert store.accounts.owners("another", ["77"]) == {}
    assert dict(store.accounts.holders(HM.platform, ["p1", "p2"])) == {"p1": HM}
    assert store.accounts.rename_owner(NEW, "") is None
    assert store.accounts.rename_owner(NEW, "77") == HM
    assert store.save_post(NEW, post("p1")) is Saved.KNOWN


# --- a person says that two names are one account's ---------------------------------------------------------


def judged(store: Store, account: Account, name: str) -> int:
    """A post of the account with a finding in the desk's list; its number."""
    made = post(name, platform=account.platform, handle=account.handle, media=(picture(name),))
    store.save_post(account, made)
    item = next(one for one in store.all_items() if one.version.post.post_id == name)
    return store.save_answer(item, "stamp", answer(), NOW)[0]


def test_findings_of_the_name_that_goes_stay_in_the_list(store: Store) -> None:
    """When a night sees that it was renamed, and when a person says so."""
    store.save_account_state(HM, STATE)
    found = judged(store, NEW, "p2")
    assert store.accounts.rename(NEW, "did:x") == HM
    third = Account(HM.platform, "hm_third")
    other = judged(store, third, "p3")
    assert store.accounts.join(third, NEW) == 1
    for number in (found, other):
        finding = store.finding(number)
        assert finding is not None
        assert finding.account.handle == NEW.handle
    assert {one.id for one in store.findings()} == {found, other}


def test_one_account_of_two_names(store: Store) -> None:
    """By import under one, by nights under the other: what was learned of either stays."""
    store.save_post(HM, post("p1"))
    store.save_account_state(HM, STATE)
    store.save_post(NEW, post("p2"))
    store.accounts.learn_owner(NEW, "77")
    store.accounts.verify(HM, Verification(Outcome.PASSED, NOW, ("did:x",), reason="it links"))
    assert store.accounts.join(HM, NEW) == 1
    assert store.save_post(NEW, post("p1")) is Saved.KNOWN
    assert store.account_state(NEW) == STATE
    assert store.accounts.owner_of(NEW) == "77"
    assert store.accounts.standings(NOW)[NEW.platform, NEW.handle].verified
    assert [one.account.handle for one in store.collected(NOW, 1)] == [NEW.handle]


@pytest.mark.parametrize(
    ("account", "into", "kind"),
    [
        (HM, HM, "same_account"),
        (HM, Account("rss", "hm"), "same_account"),
        (HM, Account(HM.platform, "nobody"), "no_account"),
        (Account(HM.platform, "nobody"), HM, "no_account"),
        (HM, NEW, "account_twice"),
    ],
)
def test_what_is_not_joined(store: Store, account: Account, into: Account, kind: str) -> None:
    store.save_post(HM, post("p1"))
    store.save_post(NEW, post("p1", text="another caption"))
    before = store.counts()
    with pytest.raises(StoreError) as error:
        store.accounts.join(account, into)
    assert error.value.kind == kind
    assert store.counts() == before


def test_what_is_stored_twice_and_says_the_same_is_one(store: Store) -> None:
    """What stood behind the one that goes stands behind the other; a picture that it lacked is no loss."""
    night, by_import = capture("night"), capture("import", at=later(-1))
    store.save_post(HM, post("p1"), (night,))
    store.save_post(HM, post("p2"))
    page = [(NEW, [(post("p1", media=(failed(),), seen_at=later(-1)), [by_import])])]
    store.imports.save(page, "import-one")
    assert store.accounts.join(NEW, HM) == 1
    found = [one for one in store.versions_to_read("nobody") if one.post.post_id == "p1"]
    assert [(one.account.handle, one.post.media) for one in found] == [(HM.handle, post().media)]
    behind = store.captures(found[0].post)
    assert {one.url_asked for one in behind} == {night.url_asked, by_import.url_asked}
    assert store.counts()["posts"] == 2
    gone, stays = store.imports.take_back("import-one", store.imports.brought("import-one"))
    assert (gone, [one.post_id for one in stays]) == (0, ["p1"])


@pytest.mark.parametrize("why", ["bytes", "version", "finding", "tombstone"])
def test_a_double_that_would_be_lost_is_not_joined(store: Store, why: str) -> None:
    store.save_post(HM, post("p1", media=(failed(),)) if why == "bytes" else post("p1"))
    store.save_post(NEW, post("p1"))
    if why == "version":
        store.save_post(NEW, post("p1", text="edited", seen_at=later(1)))
    elif why == "finding":
        (item,) = [one for one in store.all_items() if one.version.account.handle == NEW.handle]
        store.save_answer(item, "j", answer(), NOW)
    elif why == "tombstone":
        store.mark_gone(NEW, "p1", later(1), capture())
    with pytest.raises(StoreError) as error:
        store.accounts.join(NEW, HM)
    assert error.value.kind == "account_twice"
    assert {one.account.handle for one in store.versions_to_read("nobody")} == {HM.handle, NEW.handle}


def test_two_that_the_platform_tells_apart_are_two(store: Store) -> None:
    store.save_post(HM, post("p1"))
    store.save_post(NEW, post("p2"))
    store.accounts.learn_owner(HM, "76")
    store.accounts.learn_owner(NEW, "77")
    with pytest.raises(StoreError) as error:
        store.accounts.join(HM, NEW)
    assert error.value.kind == "another_account"
    with pytest.raises(StoreError) as error:
        store.accounts.set_owner(HM, "77")
    assert error.value.kind == "another_account"
    assert store.accounts.set_owner(HM, "") == "76", "the number was wrong"
    assert store.accounts.join(HM, NEW) == 1


def test_a_wrong_number_is_mended(store: Store) -> None:
    store.save_post(HM, post("p1"))
    assert store.accounts.set_owner(HM, "76") == ""
    assert store.accounts.set_owner(HM, "78") == "76"
    assert dict(store.accounts.owners(HM.platform, ["76", "78"])) == {"78": HM}
    with pytest.raises(StoreError) as error:
        store.accounts.set_owner(NEW, "78")
    assert error.value.kind == "no_account"
