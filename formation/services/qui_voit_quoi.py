"""« Qui voit quoi » dans un ESMS : les fiches de chaque métier, d'après la matrice qui fait foi, à défaut le projet."""

from dataclasses import dataclass

from formation.calculs.qui_voit_quoi import Fiche, fiches
from formation.enums import EtatMatrice
from formation.models import Matrice
from formation.services.fichier_editeur import lire as lire_matrice
from formation.services.matrices import en_travail, en_vigueur
from programme.models import Metier, Parcours


@dataclass(frozen=True, slots=True)
class Lecture:
    """Les fiches, la matrice dont elles sortent (None : rien à dire encore), les métiers qu'elle oublie."""

    matrice: Matrice | None
    fiches: list[Fiche]
    codes: list[str]
    oublies: list[str]

    @property
    def est_projet(self) -> bool:
        """Vrai si la matrice n'est pas encore validée."""
        return self.matrice is not None and self.matrice.etat != EtatMatrice.VALIDEE

    @property
    def rangees(self) -> list[tuple[str, Fiche]]:
        """Chaque fiche et le code de son métier, pour y mener."""
        return list(zip(self.codes, self.fiches, strict=True))


def matrice_a_dire(parcours: Parcours) -> Matrice | None:
    """Celle qui fait foi dans l'ESMS ; à défaut, celle qu'on y prépare."""
    return en_vigueur(parcours) or en_travail(parcours)


def lire(parcours: Parcours, metier: str = "") -> Lecture:
    """Une fiche par métier qui a un profil ; `metier` : celle d'un seul. Un nombre constant de requêtes."""
    matrice = matrice_a_dire(parcours)
    if matrice is None:
        return Lecture(None, [], [], [])
    lue = lire_matrice(matrice)
    # Un métier n'a qu'un profil en vigueur ; un profil retiré ne se reçoit plus.
    noms = {p.pk: p.nom for p in lue.profils if p.retire_le is None}
    servis = Metier.objects.filter(profils__in=noms).values_list("code", "nom", "profils")
    gardes = [(code, nom, profil) for code, nom, profil in servis if profil in noms and metier in ("", code)]
    return Lecture(
        matrice,
        fiches([(nom, profil) for _, nom, profil in gardes], noms, [(m.pk, m.nom) for m in lue.modules], lue.cases),
        [code for code, _, _ in gardes],
        [] if metier else list(matrice.metiers_sans_profil().values()),
    )
