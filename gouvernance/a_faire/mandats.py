"""Les mandats à l'accueil : ceux qui finissent sous trente jours, et que rien ne prolonge."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from gouvernance.a_faire.lecture import places_de
from gouvernance.models import Mandat
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte

FINIT = timedelta(days=30)


def _page(mandat: Mandat) -> str:
    return reverse("gouvernance:instance-detail", args=[mandat.comite_id])


def _siege(mandat: Mandat) -> tuple[Any, ...]:
    """Ce que ce siège représente : deux mandats qui en ont autant se succèdent."""
    m = mandat
    return m.comite_id, m.represente, m.og_id, m.categorie_id, m.departement_id, m.esms_id


def qui_finissent(demande: Demande) -> list[Mandat]:
    """Ceux qu'elle tient et ceux des grappes qu'elle conduit, sans suite prévue. Deux requêtes au plus."""

    def lire() -> list[Mandat]:
        places = places_de(demande)
        if not (places.conduites or places.sieges):
            return []
        siens = Q(comite__grappe__in=places.conduites) | Q(utilisateur=demande.utilisateur)
        finissent = Mandat.objects.en_cours(demande.au).filter(
            siens, au__lte=demande.au + FINIT, comite__close_le__isnull=True
        )
        lus = list(finissent.pour_lecture().order_by("au", "pk"))
        comites = {m.comite_id for m in lus}
        suivants = Mandat.objects.filter(comite__in=comites, du__gt=demande.au) if lus else ()
        pourvus = {_siege(m) for m in suivants}
        return [m for m in lus if _siege(m) not in pourvus]

    return demande.une_fois("mandats_qui_finissent", lire)


@inscrire("mandats_a_renouveler")
def a_renouveler(demande: Demande) -> Iterator[Ligne]:
    """À qui conduit la grappe : renouveler, ou confier le siège à quelqu'un d'autre."""
    conduites = places_de(demande).conduites
    dus = [m for m in qui_finissent(demande) if m.comite.grappe_id in conduites]
    if not dus:
        return
    premier, seul = dus[0], len(dus) == 1
    yield Ligne(
        titre="Renouveler un mandat, ou le confier" if seul else f"Renouveler {len(dus)} mandats, ou les confier",
        detail=f"{premier.comite}, {premier.au_nom_de} · finit le {date_courte(premier.au)}"
        if seul
        else f"le premier finit le {date_courte(premier.au)}",
        url=_page(premier),
        urgence=Urgence.SUIVRE,
        echeance=premier.au,
        gestes=(Bouton("Voir l'instance", _page(premier)),) if seul else (),
        liens=()
        if seul
        else tuple(Bouton(f"{m.comite}, {m.au_nom_de} : le {date_courte(m.au)}", _page(m)) for m in dus),
    )


@inscrire("mandats_qui_finissent")
def le_sien(demande: Demande) -> Iterator[Ligne]:
    """À qui tient le siège : jusqu'à quand."""
    for mandat in qui_finissent(demande):
        if mandat.utilisateur_id == demande.utilisateur.pk:
            yield Ligne(
                titre=f"Votre mandat finit le {date_courte(mandat.au)} : {mandat.comite}",
                detail=f"vous y siégez pour {mandat.au_nom_de}",
                url=_page(mandat),
                urgence=Urgence.RAPPEL,
                echeance=mandat.au,
            )
