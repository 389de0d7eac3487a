"""Pictures that were erased at somebody's word: known again by their sealed digests, and by nothing else."""

import hashlib

from storage.store import Store


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
            if isinstance(salt, str) and isinstance(meant, list):
                self._receipts.append((receipt.number, salt, frozenset(map(str, meant))))

    def receipt(self, sha256: str) -> int | None:
        """The number of the receipt that means this picture; None: it was never erased."""
        return next((number for number, salt, meant in self._receipts if sealed(salt, sha256) in meant), None)
