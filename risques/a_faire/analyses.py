"""Les analyses locales à l'accueil : les six lignes à dire, la précision demandée, celles à lire."""

from collections.abc import Iterator

from django.urls import reverse

from programme.a_faire.lecture import lieu_de, parcours_vus
from programme.enums import EtatParcours, Role
from programme.models import Parcours
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from risques.enums import EtatAnalyse
from risques.models import AnalyseLocale

ATTENDUE = (EtatParcours.CADRAGE, EtatParcours.PREPARATION)
"""Quand l'accueil la demande : avant, c'est trop tôt ; après, elle n'ouvre plus rien."""


def _page(parcours: Parcours) -> str:
    return reverse("risques:parcours-risques", args=[parcours.pk])


def _saisie(parcours: Parcours) -> str:
    return reverse("risques:parcours-analyse", args=[parcours.pk])


def _a_moi(demande: Demande) -> list[Parcours]:
    return [vu.parcours for vu in parcours_vus(demande) if Role.DIRECTEUR in vu.roles]


@inscrire("analyses_a_dire")
def a_dire(demande: Demande) -> Iterator[Ligne]:
    """À la direction : une précision demandée d'abord ; puis les six lignes, chaque ESMS nommé."""
    miens = _a_moi(demande)
    if not miens:
        return
    analyses = {a.parcours_id: a for a in AnalyseLocale.objects.filter(parcours__in=[p.pk for p in miens])}
    precisions = [p for p in miens if p.pk in analyses and analyses[p.pk].etat == EtatAnalyse.PRECISION]
    for parcours in precisions:
        yield Ligne(
            titre="Compléter l'analyse de risques",
            detail=f"{lieu_de(parcours)} · le chef de projet demande une précision",
            url=_page(parcours),
            urgence=Urgence.REPONDRE,
            gestes=(Bouton("Voir la précision demandée", _page(parcours)),),
        )
    connues = {cle for cle, a in analyses.items() if a.etat != EtatAnalyse.A_FAIRE or a.transmise_le}
    attendues = [p for p in miens if p.etat in ATTENDUE and p.pk not in connues]
    if attendues:
        yield _demander(attendues)


def _demander(attendues: list[Parcours]) -> Ligne:
    premier, seul = attendues[0], len(attendues) == 1
    return Ligne(
        titre="Dire les risques de l'ESMS en six lignes",
        detail=lieu_de(premier) if seul else f"Demandé par {len(attendues)} ESMS · cinq minutes chacun",
        url=_saisie(premier),
        urgence=Urgence.PEUT_ATTENDRE,
        texte="Les réponses de la grappe amorcent chaque ligne : il reste à corriger ce qui ne vaut pas chez vous.",
        gestes=(Bouton("Dire les six lignes", _saisie(premier)),) if seul else (),
        liens=() if seul else tuple(Bouton(lieu_de(p), _saisie(p)) for p in attendues),
    )


@inscrire("analyses_a_lire")
def a_lire(demande: Demande) -> Iterator[Ligne]:
    """À qui conduit la grappe : les analyses transmises, la plus ancienne d'abord."""
    grappes = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
    if not grappes:
        return
    transmises = AnalyseLocale.objects.a_lire().filter(parcours__grappe__in=grappes).pour_lecture()
    lues = list(transmises.order_by("transmise_le", "pk"))
    if not lues:
        return
    seule, premiere = len(lues) == 1, lues[0]
    depuis = f"transmise le {date_courte(premiere.transmise_le)}" if premiere.transmise_le else ""
    yield Ligne(
        titre="Lire une analyse de risques" if seule else f"Lire {len(lues)} analyses de risques",
        detail=f"{lieu_de(premiere.parcours)} · {depuis}" if seule else f"la plus ancienne, {depuis}",
        url=_page(premiere.parcours),
        urgence=Urgence.SUIVRE,
        gestes=(Bouton("Lire l'analyse", _page(premiere.parcours)),),
        liens=() if seule else tuple(Bouton(lieu_de(a.parcours), _page(a.parcours)) for a in lues),
    )
