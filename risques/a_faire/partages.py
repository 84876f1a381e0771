"""Les partages à l'accueil : au financeur, ce qu'on lui ouvre ; à qui peut le renouveler, ce qui se termine."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from programme.a_faire import parcours_vus
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from risques.enums import ObjetPartage
from risques.models import PartageRisques
from risques.models.partages import confiees
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


def _lecture(partage: PartageRisques) -> str:
    """Où le financeur lit ce qui lui est ouvert."""
    if partage.objet != ObjetPartage.RISQUES:
        return f"{reverse('risques:campagne-liste')}?grappe={partage.grappe_id}"
    if partage.parcours_id:
        return reverse("risques:parcours-risques", args=[partage.parcours_id])
    return reverse("risques:grappe-risques", args=[partage.grappe_id])


@inscrire("partages_ouverts")
def ouverts(demande: Demande) -> Iterator[Ligne]:
    """Au financeur : ce qu'un ESMS ou une grappe lui ouvre en ce moment, et où le lire."""
    utilisateur = demande.utilisateur
    if not utilisateur.perimetre.tient(Role.ARS):
        return
    vus = (
        PartageRisques.objects.visibles_par(utilisateur)
        .en_vigueur()
        .exclude(confiees(utilisateur, "parcours", "grappe"))
    )
    partages = list(vus.select_related("parcours__esms", "grappe").order_by("au", "pk"))
    if not partages:
        return
    premier, seul = partages[0], len(partages) == 1
    yield Ligne(
        titre=f"Partagé avec vous : {premier.rattache_a}"
        if seul
        else f"Partagé avec vous : {len(partages)} ouvertures",
        detail=_quoi(premier) if seul else ", ".join(dict.fromkeys(str(p.rattache_a) for p in partages)),
        url=_lecture(premier),
        urgence=Urgence.PEUT_ATTENDRE,
        liens=tuple(Bouton(f"{p.rattache_a} : {_quoi(p)}", _lecture(p)) for p in partages),
    )


def _quoi(partage: PartageRisques) -> str:
    fin = f"jusqu'au {date_courte(partage.au)}" if partage.au else "sans fin dite"
    return f"{partage.get_objet_display().lower()}, {fin}"
