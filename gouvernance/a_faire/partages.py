"""Les comptes rendus partagés, à l'accueil : au financeur, ce qu'on lui ouvre ; à qui l'a ouvert, ce qui se termine."""

from collections.abc import Iterator

from django.urls import reverse

from gouvernance.models import PartageSeance
from gouvernance.services import partages as services
from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte


def _lecture(partage: PartageSeance) -> str:
    return reverse("gouvernance:seance-detail", args=[partage.seance_id])


@inscrire("comptes_rendus_ouverts")
def ouverts(demande: Demande) -> Iterator[Ligne]:
    """Au financeur : les comptes rendus qu'une grappe lui ouvre en ce moment, et où les lire. Une requête."""
    if not demande.utilisateur.perimetre.tient(Role.ARS):
        return
    partages = services.ouverts_a(demande.utilisateur)
    if not partages:
        return
    premier, seul = partages[0], len(partages) == 1
    yield Ligne(
        titre=f"Partagé avec vous : compte rendu, {premier.seance}"
        if seul
        else f"Partagés avec vous : {len(partages)} comptes rendus",
        detail=_fin(premier) if seul else ", ".join(dict.fromkeys(str(p.rattache_a) for p in partages)),
        url=_lecture(premier),
        urgence=Urgence.PEUT_ATTENDRE,
        liens=tuple(Bouton(f"{p.rattache_a} : {p.seance}, {_fin(p)}", _lecture(p)) for p in partages),
    )


def _fin(partage: PartageSeance) -> str:
    return f"jusqu'au {date_courte(partage.au)}" if partage.au else "sans fin dite"


@inscrire("comptes_rendus_qui_se_ferment")
def qui_finissent(demande: Demande) -> Iterator[Ligne]:
    """Au chef de projet : le partage d'un compte rendu finit sous quatorze jours. Une requête."""
    grappes = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
    for partage in services.qui_finissent(grappes, demande.au) if grappes else ():
        page = reverse("gouvernance:seance-partage", args=[partage.seance_id])
        yield Ligne(
            titre=f"Compte rendu ouvert au financeur, {partage.seance} : il se ferme le {date_courte(partage.au)}",
            detail="le partage se ferme seul, à vous de le renouveler si vous le voulez",
            url=page,
            urgence=Urgence.RAPPEL,
            echeance=partage.au,
            gestes=(Bouton("Voir le partage", page),),
        )
