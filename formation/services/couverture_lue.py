"""La couverture telle qu'un lecteur la lit : entière pour qui gère, sans les petits groupes pour les autres.

Ce qu'un lecteur gère, il le connaît : les petits groupes se cherchent donc dans le reste, celui qu'il obtiendrait en
retranchant ce qu'il sait déjà du total qu'il lit.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet

from formation.calculs.couverture import Compte, Couverture
from formation.models import ModuleFormation
from formation.models.communs import parcours_geres
from formation.services.couverture import lire
from programme.calculs.masquage import est_petit, masquer_couples, masquer_total
from programme.models import Metier, Parcours, Unite, Utilisateur

K = TypeVar("K", bound=Hashable)
Montre = Compte | None
"""Un compte, ou None : trop peu de personnes pour le montrer."""


@dataclass(frozen=True, slots=True)
class CouvertureLue:
    """La couverture montrée à quelqu'un ; None à la place d'un compte : masqué. `entiere` : rien ne l'est."""

    au: date
    total: Montre
    par_module: Mapping[int, Montre]
    par_metier: Mapping[int, Montre]
    par_esms: Mapping[int, Montre]
    par_esms_et_module: Mapping[tuple[int, int], Montre]
    par_unite: Mapping[tuple[int, str], Montre]
    renforts: int | None
    entiere: bool


def lire_pour(lecteur: Utilisateur, parcours: QuerySet[Parcours], au: date) -> CouvertureLue:
    """La couverture de ces ESMS, montrée à ce lecteur ; vingt requêtes au plus, quel que soit leur nombre."""
    tout = lire(parcours, au)
    ailleurs = parcours.exclude(pk__in=parcours_geres(lecteur).order_by().values("pk"))
    if not ailleurs.exists():
        return _montrer(tout, None)
    return _montrer(tout, tout if ailleurs.count() == parcours.count() else lire(ailleurs, au))


def _montrer(tout: Couverture, autrui: Couverture | None) -> CouvertureLue:
    """Masque ce que le reste a de petit ; un ESMS masqué l'est dans toutes ses coupes."""
    if autrui is None:
        coupes = (tout.par_module, tout.par_metier, tout.par_esms, tout.par_esms_et_module, tout.par_unite)
        return CouvertureLue(tout.au, tout.total, *coupes, tout.renforts, True)
    par_esms = _masquer(tout.par_esms, autrui.par_esms)
    croises: dict[tuple[int, int], Montre] = {}
    for module in tout.par_module:
        colonne = {e: c for (e, m), c in tout.par_esms_et_module.items() if m == module}
        autres = {e: c for (e, m), c in autrui.par_esms_et_module.items() if m == module}
        for esms, compte in _masquer(colonne, autres).items():
            croises[(esms, module)] = compte if par_esms.get(esms) is not None else None
    return CouvertureLue(
        tout.au,
        _masquer_le_total(tout, autrui),
        _masquer(tout.par_module, autrui.par_module),
        _masquer(tout.par_metier, autrui.par_metier),
        par_esms,
        croises,
        _masquer(tout.par_unite, autrui.par_unite),
        None if est_petit(autrui.renforts) else tout.renforts,
        False,
    )


def _masquer(tout: Mapping[K, Compte], autrui: Mapping[K, Compte]) -> dict[K, Montre]:
    montres = masquer_couples({cle: (c.en_poste, c.formes) for cle, c in autrui.items()})
    return {cle: None if montres.get(cle, (0, 0))[0] is None else compte for cle, compte in tout.items()}


def _masquer_le_total(tout: Couverture, autrui: Couverture) -> Montre:
    """Tu s'il est petit, ou si le montrer à côté des coupes dirait ce qu'elles taisent."""
    if est_petit(autrui.total.en_poste):
        return None
    for coupe in (autrui.par_esms, autrui.par_metier):
        if coupe and masquer_total({cle: c.en_poste for cle, c in coupe.items()}) is None:
            return None
    return tout.total


@dataclass(frozen=True, slots=True)
class LigneDeCoupe:
    """Une ligne à montrer : ce dont elle parle, et son compte."""

    objet: Any
    compte: Montre


def lignes_par_metier(lue: CouvertureLue) -> list[LigneDeCoupe]:
    """Les métiers en poste, dans leur ordre. Une requête."""
    return [LigneDeCoupe(m, lue.par_metier[m.pk]) for m in Metier.objects.filter(pk__in=lue.par_metier)]


def lignes_par_module(lue: CouvertureLue) -> list[LigneDeCoupe]:
    """Les modules du socle qui ont un public, dans leur ordre. Une requête."""
    modules = ModuleFormation.objects.filter(pk__in=lue.par_module).order_by("grappe", "ordre", "nom", "pk")
    return [LigneDeCoupe(m, lue.par_module[m.pk]) for m in modules]


@dataclass(frozen=True, slots=True)
class LigneDUnite:
    """Une unité : le jour, la nuit (`Compte()` : personne ; None : masqué)."""

    unite: Unite
    jour: Montre
    nuit: Montre

    @property
    def nuit_nue(self) -> bool:
        """Vrai si l'unité travaille la nuit et que personne n'y est formé."""
        return self.unite.a_nuit and self.nuit is not None and not self.nuit.formes

    @property
    def jour_nu(self) -> bool:
        """Vrai si personne n'y est formé le jour."""
        return self.jour is not None and not self.jour.formes


def lignes_par_unite(lue: CouvertureLue, parcours: Parcours) -> list[LigneDUnite]:
    """Les unités d'un ESMS, jour et nuit. Une requête."""
    rien = Compte()
    return [
        LigneDUnite(u, lue.par_unite.get((u.pk, "jour"), rien), lue.par_unite.get((u.pk, "nuit"), rien))
        for u in parcours.unites.all()
    ]
