"""Lire les personnes d'un ESMS : qui est formé au socle, la fiche d'une personne. Pour qui gère l'ESMS."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from formation.models import Acquis, CompteDui, Declinaison, Inscription, ModuleFormation, Poste, Professionnel
from programme.models import Metier, Parcours, Utilisateur


def formes_parmi(postes: Iterable[Poste], parcours: Parcours, *, au: date) -> dict[int, bool | None]:
    """Par poste : formé à tout le socle qui s'adresse à son métier ; None si rien ne s'y adresse. Trois requêtes."""
    postes = list(postes)
    ecartes = Declinaison.objects.filter(parcours=parcours, sans_objet=True).values("module")
    socle = ModuleFormation.objects.filter(grappe=parcours.grappe_id).du_socle().exclude(pk__in=ecartes)
    modules = list(socle.prefetch_related(Prefetch("publics", Metier.objects.only("pk"))))
    connus: dict[int, set[int]] = {}
    personnes = {p.professionnel_id for p in postes}
    acquis = Acquis.objects.valables(au).filter(professionnel__in=personnes, module__in=[m.pk for m in modules])
    for personne, module in acquis.order_by().values_list("professionnel", "module"):
        connus.setdefault(personne, set()).add(module)
    publics = {m.pk: {metier.pk for metier in m.publics.all()} for m in modules}
    rendu: dict[int, bool | None] = {}
    for poste in postes:
        demandes = {m for m, vises in publics.items() if not vises or poste.metier_id in vises}
        rendu[poste.pk] = demandes <= connus.get(poste.professionnel_id, set()) if demandes else None
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
