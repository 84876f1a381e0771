"""Deux personnes sur une même fiche sans historique : l'empreinte de ce que la seconde avait sous les yeux."""

from collections.abc import Iterable
from typing import Any

from programme.socle.empreintes import empreinte_de
from programme.socle.erreurs import Refus

CROISES = "Entre-temps, quelqu'un a modifié cette fiche. Votre saisie est gardée : relisez, puis enregistrez à nouveau."


def empreinte_vue(objet: Any, champs: Iterable[str]) -> str:
    """Ce qu'un formulaire garde de l'objet qu'il montrait."""
    valeurs = {nom: str(getattr(objet, f"{nom}_id", getattr(objet, nom))) for nom in champs}
    return empreinte_de(valeurs)


def exiger_meme(objet: Any, champs: Iterable[str], vu: str | None) -> None:
    """Lève `Refus("concurrence")` si l'objet n'est plus celui qu'on a vu ; None : rien à vérifier."""
    if vu is not None and vu != empreinte_vue(objet, champs):
        raise Refus("concurrence", CROISES)
