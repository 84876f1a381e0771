"""Ce qui ne va pas dans un questionnaire, et où : la faute, la place, l'objet lu qui garde la sienne."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from programme.socle.texte import porte_nir
from risques.definition.modele import Definition

EXTRAIT = 40
# Contrôles, moitiés de caractères et non-caractères : ni un classeur ni une page ne sauraient les porter.
INECRIVABLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Où se lit une valeur : en mots (« feuille « Questions », case E12 »), ligne du fichier, colonne ou clé."""

    ou: str
    ligne: int | None
    colonne: str


@dataclass(frozen=True, slots=True)
class Faute:
    """Une faute : où, à quelle ligne du fichier (None sans fichier), dans quelle colonne ; `raison` dit que faire."""

    ou: str
    ligne: int | None
    colonne: str
    raison: str

    def __str__(self) -> str:
        place = ", ".join(
            mot
            for mot in (self.ou, f"ligne {self.ligne}" if self.ligne else "", self.colonne and f"« {self.colonne} »")
            if mot
        )
        return f"{place[:1].upper()}{place[1:]} : {self.raison}" if place else self.raison


class Brut(dict[str, Any]):
    """Un objet lu et pas encore vérifié : ses valeurs au format d'échange, et leur place dans le fichier.

    `places` : clé → place, quand chaque valeur a la sienne (une case) ; sinon `ou` et `ligne` valent pour toutes.
    """

    def __init__(
        self,
        valeurs: Mapping[str, Any] | None = None,
        *,
        ou: str = "",
        ligne: int | None = None,
        places: Mapping[str, Place] | None = None,
    ) -> None:
        super().__init__(valeurs or {})
        self.ou, self.ligne = ou, ligne
        self.places = dict(places or {})

    def place(self, cle: str) -> Place:
        """Où se lit, ou devrait se lire, la valeur de cette clé."""
        return self.places.get(cle) or Place(self.ou, self.ligne, cle)


@dataclass
class Releve:
    """Les fautes, dans l'ordre où elles se trouvent."""

    fautes: list[Faute] = field(default_factory=list)

    def dire(self, place: Place, raison: str) -> None:
        """Ajoute une faute."""
        self.fautes.append(Faute(place.ou, place.ligne, place.colonne, raison))


@dataclass(frozen=True)
class Lu:
    """Un fichier lu : la définition s'il n'a aucune faute, toutes ses fautes sinon.

    `avertissements` : ce qui n'empêche rien (une colonne de trop, une feuille qui n'est pas lue).
    """

    definition: Definition | None
    fautes: list[Faute]
    avertissements: list[str] = field(default_factory=list)


def extrait(valeur: Any) -> str:
    """Le début d'une valeur fautive, entre guillemets, jamais un numéro de sécurité sociale."""
    try:
        texte = " ".join(INECRIVABLES.sub("", str(valeur)).split())
    except ValueError:
        # Un entier de plusieurs milliers de chiffres ne se met pas en texte.
        return "« … »"
    if porte_nir(texte):
        return "« … »"
    return f"« {texte[:EXTRAIT]}… »" if len(texte) > EXTRAIT else f"« {texte} »"


def en_mots(valeur: Any) -> str:
    """Une valeur à nommer dans une phrase : son extrait sans guillemets, vide si ce n'est ni un texte ni un nombre."""
    if not isinstance(valeur, str | int | float) or isinstance(valeur, bool):
        return ""
    return extrait(valeur)[2:-2].strip()
