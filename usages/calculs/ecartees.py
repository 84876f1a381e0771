"""Pourquoi une ligne d'un fichier d'éditeur est mise de côté, sans jamais citer ce qu'elle porte. Module pur."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from programme.socle.nombres import accorde, liste, nombre

LIGNES_CITEES = 200
"""Par raison : au-delà, on ne dit plus que le compte."""


class Raison(IntEnum):
    """Les raisons, dans l'ordre où on les cherche : une ligne n'en porte qu'une."""

    OCTET_NUL = 1
    SANS_ESMS = 2
    ESMS_INCONNU = 3
    SANS_COMPTE = 4
    SANS_INSTANT = 5
    INSTANT_ILLISIBLE = 6
    HEURE_INEXISTANTE = 7
    A_VENIR = 8
    COURRIEL = 9
    GUILLEMET = 10


MOTS: Mapping[Raison, tuple[str, str]] = {
    Raison.OCTET_NUL: ("avec un octet nul", "La ligne porte un octet nul : le fichier a été abîmé à cet endroit."),
    Raison.SANS_ESMS: ("sans ESMS", "La case de l'ESMS est vide."),
    Raison.ESMS_INCONNU: (
        "d'un ESMS inconnu",
        "Ce n'est pas un ESMS que vous gérez ici : vérifiez le numéro, ou reliez ce mot.",
    ),
    Raison.SANS_COMPTE: ("sans compte", "La case du compte est vide."),
    Raison.SANS_INSTANT: ("sans date", "La case de la date est vide."),
    Raison.INSTANT_ILLISIBLE: (
        "à la date illisible",
        "Ce n'est pas une date : on lit jour/mois/année ou année-mois-jour, puis l'heure.",
    ),
    Raison.HEURE_INEXISTANTE: (
        "à une heure qui n'existe pas",
        "Entre 2 h et 3 h, le jour du passage à l'heure d'été : cette heure n'a pas existé.",
    ),
    Raison.A_VENIR: ("à une date à venir", "La date vient après aujourd'hui, ou après l'extraction."),
    Raison.COURRIEL: (
        "dont le compte est un courriel",
        "Un courriel nomme quelqu'un : demandez des pseudonymes, ou reprenez d'abord les comptes du DUI de cet ESMS.",
    ),
    Raison.GUILLEMET: (
        "avalées par un guillemet",
        "Un guillemet ouvert n'est pas refermé : les lignes qui suivent se lisent comme une seule case.",
    ),
}
"""Raison → comment la compter (« 3 lignes sans date »), et ce qu'on en dit sur sa ligne."""


@dataclass(slots=True)
class Ecartees:
    """Ce qui a été mis de côté : combien par raison, et les premières lignes de chacune."""

    nombres: Counter[Raison] = field(default_factory=Counter)
    lignes: dict[Raison, list[int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Lignes mises de côté."""
        return sum(self.nombres.values())

    def ajouter(self, raison: Raison, nb: int, lignes: list[int]) -> None:
        """`nb` lignes de plus ; `lignes` : les numéros des premières."""
        self.nombres[raison] += nb
        citees = self.lignes.setdefault(raison, [])
        citees += lignes[: LIGNES_CITEES - len(citees)]

    def en_clair(self) -> str:
        """« 12 lignes mises de côté : 8 à la date illisible et 4 d'un ESMS inconnu » ; dit aussi qu'il n'y en a pas."""
        if not self.total:
            return "aucune ligne mise de côté"
        dites = [f"{nombre(self.nombres[r])} {MOTS[r][0]}" for r in sorted(self.nombres) if self.nombres[r]]
        return f"{accorde(self.total, 'ligne mise,lignes mises')} de côté : {liste(dites)}"
