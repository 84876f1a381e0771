"""Le tableau d'une grappe : un ESMS par carte, des colonnes par vague ou par état, et où chacun peut aller."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from programme.donnees_partagees import vagues_avec_charge
from programme.enums import FRISE_PARCOURS, EtatParcours
from programme.models import Grappe, Parcours, Utilisateur, Vague
from programme.permissions import peut_choisir_vague, peut_conduire, peut_decider, peut_proposer, voit_toute_la_grappe
from programme.services.lecture_grappe import LigneVague, lire_vagues
from programme.services.tableau import Lecture
from programme.socle import versions
from programme.socle.decomptes import Decompte
from programme.socle.droits import Droit

SANS_VAGUE = "sans"


@dataclass(frozen=True, slots=True)
class Cible:
    """Où une carte peut aller : `cle` de la colonne, `libelle` du geste ; `lien` quand une page doit le décider."""

    cle: str
    libelle: str
    lien: str = ""
    valeur: str = ""


@dataclass(slots=True)
class Carte:
    """Un ESMS sur le tableau. `vu` : jeton de version. `motif` : pourquoi il ne bouge pas, s'il ne bouge pas."""

    parcours: Parcours
    decompte: Decompte | None
    cibles: list[Cible] = field(default_factory=list)
    vu: int = 0
    motif: str = ""


@dataclass(slots=True)
class Colonne:
    """Une colonne : `cle` (état, ou clé de vague), ses cartes, et pour une vague ce qu'elle accompagne."""

    cle: str
    libelle: str
    cartes: list[Carte] = field(default_factory=list)
    vague: Vague | None = None
    en_chemin: int | None = None

    @property
    def depassee(self) -> bool:
        """Vrai si plus d'ESMS sont en chemin à la fois que la capacité dite."""
        capacite = self.vague.capacite if self.vague else None
        return capacite is not None and self.en_chemin is not None and self.en_chemin > capacite


def par_etat(lecture: Lecture) -> tuple[list[Colonne], list[Colonne]]:
    """Les sept états de la frise (vides compris), puis les états de côté où se trouve quelqu'un."""
    colonnes = {e.value: Colonne(e.value, str(e.label)) for e in EtatParcours}
    for parcours in lecture.parcours:
        colonnes[parcours.etat].cartes.append(Carte(parcours, lecture.decompte(parcours)))
    frise = [colonnes.pop(e.value) for e in FRISE_PARCOURS]
    return frise, [c for c in colonnes.values() if c.cartes]


def par_vague(grappe: Grappe, lecture: Lecture, par: Utilisateur) -> tuple[list[Colonne], list[Colonne]]:
    """Sans vague, puis chaque vague (vides comprises) ; les sortis à part. La charge, pour qui peut la connaître."""
    sans = Colonne(SANS_VAGUE, "Sans vague")
    lignes = lire_vagues(grappe, lecture)
    colonnes = {ligne.vague.pk: Colonne(str(ligne.vague.pk), _nom(ligne.vague), vague=ligne.vague) for ligne in lignes}
    for cle, nombre in _charges(grappe, lignes, lecture, par).items():
        colonnes[cle].en_chemin = nombre
    sortis = Colonne(EtatParcours.SORTI.value, str(EtatParcours.SORTI.label))
    for parcours in lecture.parcours:
        colonne = colonnes.get(parcours.vague_id or 0, sans)
        colonne = sortis if parcours.etat == EtatParcours.SORTI else colonne
        colonne.cartes.append(Carte(parcours, lecture.decompte(parcours)))
    return [sans, *colonnes.values()], [sortis] if sortis.cartes else []


def _nom(vague: Vague) -> str:
    return f"Vague {vague.numero}" + (f" · {vague.nom}" if vague.nom else "")


def _charges(grappe: Grappe, lignes: list[LigneVague], lecture: Lecture, par: Utilisateur) -> dict[int, int | None]:
    """ESMS en chemin par vague : comptés pour qui voit toute la grappe ; sinon ce que chacun peut en apprendre."""
    if voit_toute_la_grappe(par, grappe):
        return {ligne.vague.pk: ligne.en_chemin for ligne in lignes}
    if not any(peut_choisir_vague(par, p) for p in lecture.presents):
        return {}
    return {v.pk: v.en_chemin for v in vagues_avec_charge(grappe)}  # type: ignore[attr-defined]


def peut_ranger(par: Utilisateur, parcours: Iterable[Parcours]) -> Droit:
    """Vrai si ce compte peut choisir la vague d'au moins un de ces parcours."""
    droit = Droit(False, "La vague se choisit par le directeur ou le chef de projet.")
    for p in parcours:
        if droit := peut_choisir_vague(par, p):
            return droit
    return droit


# --- où chaque carte peut aller ------------------------------------------------------------------------------------


def offrir_les_vagues(colonnes: list[Colonne], par: Utilisateur) -> None:
    """Dit à chaque carte les vagues où la ranger, et le jeton qui dira si elle a bougé entre-temps."""
    cartes = [(c, carte) for c in colonnes for carte in c.cartes]
    jetons = versions.jetons(Parcours.history.all(), [carte.parcours.pk for _, carte in cartes])
    offertes = [Cible(c.cle, c.libelle, valeur="" if c.cle == SANS_VAGUE else c.cle) for c in colonnes]
    for colonne, carte in cartes:
        droit = peut_choisir_vague(par, carte.parcours)
        carte.vu = jetons.get(carte.parcours.pk, 0)
        carte.motif = "" if droit else droit.motif
        carte.cibles = [c for c in offertes if c.cle != colonne.cle] if droit else []


def offrir_les_passages(colonnes: list[Colonne], par: Utilisateur) -> None:
    """Dit à chaque carte les passages qui partent de son état ; aucun ne se fait ici, chacun mène à sa page."""
    for colonne in colonnes:
        for carte in colonne.cartes:
            carte.cibles = _passages(carte.parcours, par)
            carte.motif = "" if carte.cibles else _pourquoi_pas(carte.parcours, par)


def _passages(p: Parcours, par: Utilisateur) -> list[Cible]:
    rendu = []
    if p.prochaine and peut_decider(par, p):
        rendu.append(_vers(p, p.prochaine))
    elif p.prochaine and peut_proposer(par, p):
        lien = reverse("programme:parcours-proposer", args=[p.pk, p.prochaine])
        rendu.append(Cible(_arrivee(p, p.prochaine), f"Proposer : {_verbe(p.prochaine).lower()}", lien))
    if p.etat in Parcours.departs("revenir") and peut_decider(par, p):
        rendu.append(_vers(p, "revenir"))
    if p.etat == EtatParcours.SUSPENDU and peut_conduire(par, p):
        rendu.append(_vers(p, "reprendre"))
    return rendu


def _pourquoi_pas(p: Parcours, par: Utilisateur) -> str:
    if not p.prochaine:
        return f"Aucune étape n'attend un ESMS à l'état « {p.get_etat_display().lower()} »."
    return peut_decider(par, p).motif


def _vers(p: Parcours, transition: str) -> Cible:
    lien = reverse("programme:passage", args=["parcours", p.pk, transition])
    return Cible(_arrivee(p, transition), _verbe(transition), lien)


def _verbe(transition: str) -> str:
    return str(Parcours.transitions()[transition].custom["verbe"])


def _arrivee(p: Parcours, transition: str) -> str:
    cible: Any = Parcours.transitions()[transition].target
    return str(cible.func(p) if hasattr(cible, "func") else cible)
