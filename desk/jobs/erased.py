"""Pictures that were erased at somebody's word: known again by their sealed digests, and by nothing else."""

import hashlib

from storage.store import Store

STAYING = "sealed_staying"  # of a receipt: pictures that the store keeps for somebody else's sake


def sealed(salt: str, sha256: str) -> str:
    """What a receipt holds of a picture: whoever has it can look whether it is meant, and nobody can join two
    receipts."""
    return hashlib.sha256(bytes.fromhex(salt) + bytes.fromhex(sha256)).hexdigest()


class Erased:
    """What the receipts of a store mean. Asking costs one digest for each receipt."""

    def __init__(self, store: Store) -> None:
        self._receipts: list[tuple[int, str, frozenset[str]]] = []
        for receipt in store.erasures.receipts():
            salt, meant = receipt.document.get("salt"), receipt.document.get("sealed")
            staying = receipt.document.get(STAYING, [])  # receipts of before did not say them
            if isinstance(salt, str) and isinstance(meant, list) and isinstance(staying, list):
                self._receipts.append((receipt.number, salt, frozenset(map(str, [*meant, *staying]))))

    def receipt(self, sha256: str) -> int | None:
        """The number of the receipt that means this picture; None: it was never erased."""
        return next((number for number, salt, meant in self._receipts if sealed(salt, sha256) in meant), None)


def not_again(receipt: int) -> str:
    """Why a list, a pack or the watched folder does not register a picture."""
    return (
        f"was erased (receipt {receipt}), and is not registered again: take it away from there; "
        "`twinwatch twins add` registers it, where that was agreed anew"
    )
