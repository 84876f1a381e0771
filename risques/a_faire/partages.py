"""Les partages avec le financeur à l'accueil : celui qui se termine se rappelle, à qui peut le renouveler."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from programme.a_faire import parcours_vus
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from risques.models import PartageRisques
from risques.services import partages as services


def _page(partage: PartageRisques) -> str:
    if partage.parcours_id:
        return reverse("risques:parcours-partages", args=[partage.parcours_id])
    return reverse("risques:grappe-partages", args=[partage.grappe_id])


@inscrire("partages_qui_finissent")
def qui_finissent(demande: Demande) -> Iterator[Ligne]:
    """À la direction pour ses ESMS, au chef de projet pour ses grappes : le partage finit sous quatorze jours."""
    perimetre = demande.utilisateur.perimetre
    siens = Q(pk__in=[])
    if Role.DIRECTEUR in perimetre.roles:
        diriges = [vu.parcours.pk for vu in parcours_vus(demande) if Role.DIRECTEUR in vu.roles]
        siens |= Q(parcours__in=diriges)
    if grappes := perimetre.seul(Role.CHEF_PROJET).grappes:
        siens |= Q(parcours__isnull=True, grappe__in=grappes)
    for partage in services.qui_finissent(siens, demande.au):
        quoi = partage.get_objet_display().lower()
        yield Ligne(
            titre=f"Partage avec le financeur, {partage.rattache_a} : il finit le {date_courte(partage.au)}",
            detail=f"{quoi} ; il se ferme seul, à vous de le renouveler si vous le voulez",
            url=_page(partage),
            urgence=Urgence.RAPPEL,
            echeance=partage.au,
            gestes=(Bouton("Voir les partages", _page(partage)),),
        )
