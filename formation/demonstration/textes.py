"""Les mots de la démonstration : des noms tirés de la vigne, des équipes par secteur. Inventés. Module pur."""

from collections.abc import Iterator
from dataclasses import dataclass

from formation.enums import OriginePoste, Rythme
from programme.enums import Secteur

PRENOMS = (
    "Alix", "Andréa", "Ange", "Camille", "Charlie", "Claude", "Dominique", "Eden", "Lou", "Maxime", "Morgan", "Noa",
    "Sacha", "Yaël",
)  # fmt: skip
NOMS = (
    "Bourgeon", "Cépage", "Clairet", "Cuvée", "Échalas", "Feuillard", "Grappillon", "Liseron", "Millésime", "Palissage",
    "Pampre", "Pressoir", "Rafle", "Ramure", "Sarment", "Tonnelle", "Vendange", "Vrille",
)  # fmt: skip


def nom_invente(rang: int) -> str:
    """Un nom de fantaisie, toujours le même pour un même rang."""
    return f"{PRENOMS[rang % len(PRENOMS)]} {NOMS[(rang * 7 + rang // len(PRENOMS)) % len(NOMS)]}"


@dataclass(frozen=True)
class Place:
    """Combien de personnes de ce métier, par unité ou pour tout l'ESMS."""

    metier: str
    nombre: int
    rythme: Rythme = Rythme.JOUR
    origine: OriginePoste = OriginePoste.PAIE
    par_unite: bool = True


def _seul(metier: str, origine: OriginePoste = OriginePoste.PAIE) -> Place:
    return Place(metier, 1, origine=origine, par_unite=False)


_SOCIAL = (
    Place("educateur-specialise", 4),
    Place("moniteur-educateur", 2),
    Place("surveillant-de-nuit", 2, Rythme.NUIT),
    _seul("chef-de-service"),
    _seul("psychologue"),
    _seul("assistant-social"),
    _seul("secretaire"),
)
EQUIPES: dict[str, tuple[Place, ...]] = {
    Secteur.PA: (
        Place("aide-soignant", 5),
        Place("infirmier", 2),
        Place("aide-soignant", 2, Rythme.NUIT),
        Place("accompagnant-educatif-social", 2),
        _seul("medecin", origine=OriginePoste.LIBERAL),
        _seul("chef-de-service"),
        _seul("animateur"),
        _seul("psychologue"),
        _seul("secretaire"),
    ),
    Secteur.PH_ENFANT: (
        Place("educateur-specialise", 4),
        Place("moniteur-educateur", 2),
        Place("surveillant-de-nuit", 1, Rythme.NUIT),
        Place("enseignant", 1, origine=OriginePoste.MIS_A_DISPOSITION),
        _seul("chef-de-service"),
        _seul("infirmier"),
        _seul("psychologue"),
        _seul("assistant-social"),
        _seul("secretaire"),
    ),
    Secteur.PH_ADULTE: (
        Place("accompagnant-educatif-social", 4),
        Place("educateur-specialise", 2),
        Place("surveillant-de-nuit", 1, Rythme.NUIT),
        Place("aide-soignant", 1),
        _seul("chef-de-service"),
        _seul("infirmier"),
        _seul("educateur-technique"),
        _seul("secretaire"),
    ),
    Secteur.DOMICILE: (
        Place("intervenant-domicile", 6),
        Place("aide-soignant", 4),
        _seul("infirmier"),
        _seul("coordination"),
        _seul("secretaire"),
    ),
    Secteur.SOCIAL: _SOCIAL,
}


def places_de(secteur: str, *, travaille_la_nuit: bool) -> Iterator[Place]:
    """L'équipe d'un secteur ; sans la nuit là où l'on n'y travaille pas."""
    for place in EQUIPES.get(secteur, _SOCIAL):
        if place.rythme != Rythme.NUIT or travaille_la_nuit:
            yield place


REMARQUES = (
    "On aurait aimé un deuxième passage sur les transmissions.",
    "Utile, surtout l'exercice à deux.",
    "Les postes du fond étaient trop lents.",
    "Enfin quelqu'un qui connaît nos plannings.",
    "À refaire avec l'équipe de nuit, à ses heures.",
    "",
    "",
)
