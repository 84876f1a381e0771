"""Une seule classe de registre, pour tout ce qu'une app déclare et que le tronc lit sans la connaître."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registre(Generic[T]):
    """Objets rangés par code, dans l'ordre d'inscription ; un code ne s'inscrit qu'une fois."""

    def __init__(self, nom: str) -> None:
        self.nom = nom
        self._objets: dict[str, T] = {}

    def inscrire(self, code: str, objet: T) -> T:
        """Range `objet` sous `code` ; lève `ValueError` si le code est pris."""
        if code in self._objets:
            raise ValueError(f"Registre {self.nom} : le code « {code} » est déjà inscrit.")
        self._objets[code] = objet
        return objet

    def __getitem__(self, code: str) -> T:
        return self._objets[code]

    def get(self, code: str, sinon: T | None = None) -> T | None:
        """L'objet rangé sous `code`, ou `sinon`."""
        return self._objets.get(code, sinon)

    def __contains__(self, code: str) -> bool:
        return code in self._objets

    def __iter__(self) -> Iterator[T]:
        return iter(self._objets.values())

    def __len__(self) -> int:
        return len(self._objets)

    def codes(self) -> list[str]:
        """Codes, dans l'ordre d'inscription."""
        return list(self._objets)
