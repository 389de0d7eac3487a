"""One account under several names keeps its row, its posts and what was verified of it."""

import pytest

from storage.crawled import AccountState
from storage.errors import StoreError
from storage.records import Account, Saved
from storage.store import Store
from storage.verification import Outcome, Verification
from tests.storage.samples import HM, NOW, post

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
