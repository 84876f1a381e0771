"""Registre des droits : qui peut franchir quelle transition, avec le motif du oui ou du non."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from programme.socle.registres import Registre


@dataclass(frozen=True)
class Droit:
    """Réponse à « en a-t-il le droit ? » : vrai ou faux, pourquoi, et à quel titre."""

    oui: bool
    motif: str = ""
    role: str = ""

    def __bool__(self) -> bool:
        return self.oui


Verbe = Callable[[Any, Any], Droit]
droits: Registre[Verbe] = Registre("droits")


def inscrire(modele: str, *transitions: str) -> Callable[[Verbe], Verbe]:
    """Décore la fonction `(utilisateur, objet) -> Droit` qui garde ces transitions."""

    def decorer(fonction: Verbe) -> Verbe:
        for transition in transitions:
            droits.inscrire(f"{modele}:{transition}", fonction)
        return fonction

    return decorer


def droit_de(utilisateur: Any, objet: Any, transition: str) -> Droit:
    """Droit d'`utilisateur` à franchir `transition` sur `objet` ; une transition sans règle est refusée."""
    code = f"{objet._meta.label_lower}:{transition}"
    if code not in droits:
        return Droit(False, "Personne n'a reçu ce droit.")
    return droits[code](utilisateur, objet)
