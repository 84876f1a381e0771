"""Conduire : qui manque à la tête d'un ESMS."""

from collections.abc import Iterator

from django.urls import reverse

from programme.a_faire.lecture import lieu_de, parcours_vus
from programme.enums import Role
from programme.models import Esms
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.nombres import accorde


@inscrire("vacances")
def vacances(demande: Demande) -> Iterator[Ligne]:
    """ESMS sans direction dans Treille : une vacance avertit, elle ne bloque pas."""
    vus = [v.parcours for v in parcours_vus(demande) if v.roles & {Role.SIEGE, Role.CHEF_PROJET}]
    if not vus:
        return
    vacants = Esms.objects.filter(pk__in=[p.esms_id for p in vus]).sans_direction(demande.au)
    cles = set(vacants.values_list("pk", flat=True))
    liens = {
        p.esms_id: Bouton(lieu_de(p), reverse("programme:esms-detail", args=[p.esms.finess]))
        for p in vus
        if p.esms_id in cles
    }
    if liens:
        yield Ligne(
            titre="Nommer un directeur, un intérim ou un délégué",
            detail=accorde(len(liens), "ESMS est sans direction,ESMS sont sans direction") + " dans Treille",
            url=next(iter(liens.values())).url,
            urgence=Urgence.SUIVRE,
            gestes=(Bouton("Voir depuis quand, et nommer", reverse("programme:sans-direction")),),
            liens=tuple(liens.values()),
        )
