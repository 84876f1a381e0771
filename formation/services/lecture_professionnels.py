"""Lire les personnes d'un ESMS : qui est formé au socle, la fiche d'une personne. Pour qui gère l'ESMS."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from formation.models import Acquis, CompteDui, Inscription, Poste, Professionnel
from formation.models.couverture import exigences_des_postes
from programme.models import Parcours, Utilisateur


def formes_parmi(postes: Iterable[Poste], *, au: date) -> dict[int, bool | None]:
    """Par poste : formé à tout le socle qui s'adresse à son métier ; None si rien ne s'y adresse. Une requête."""
    rendu: dict[int, bool | None] = {p.pk: None for p in postes}
    exigences = exigences_des_postes(Poste.objects.filter(pk__in=list(rendu)), au)
    for poste, manque in exigences.values_list("pk", "manque"):
        rendu[poste] = rendu[poste] is not False and not manque
    return rendu


@dataclass(frozen=True, slots=True)
class Fiche:
    """Ce que lit d'une personne qui gère un de ses ESMS."""

    postes: list[Poste]
    inscriptions: list[Inscription]
    acquis: list[Acquis]
    comptes: list[CompteDui]

    @property
    def parcours(self) -> Parcours:
        """L'ESMS d'où l'on vient : celui de son poste le plus récent."""
        return self.postes[0].parcours


def fiche_de(personne: Professionnel, *, par: Utilisateur) -> Fiche:
    """Ses postes dans les ESMS que ce compte gère, ce qu'elle y a suivi, ce qu'elle sait, ses comptes. Quatre requêtes.

    Un acquis vaut partout : il se lit d'où qu'il vienne.
    """
    siens = {"professionnel": personne}
    postes = Poste.objects.visibles_par(par).filter(**siens).pour_lecture().order_by("-debut", "-pk")
    inscriptions = Inscription.objects.visibles_par(par).filter(**siens).select_related("session__module", "session")
    acquis = Acquis.objects.visibles_par(par).filter(**siens).select_related("module")
    comptes = CompteDui.objects.visibles_par(par).filter(**siens).select_related("parcours__esms")
    return Fiche(
        list(postes),
        list(inscriptions.order_by("-session__debut", "-pk")),
        list(acquis.order_by("-obtenu_le", "pk")),
        list(comptes),
    )
