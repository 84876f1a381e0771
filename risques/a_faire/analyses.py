"""Les analyses locales à l'accueil : à remplir, à compléter, à retransmettre, à lire ; ce qui attend un avis."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from programme.a_faire.lecture import lieu_de, parcours_vus
from programme.enums import EtatParcours, Role
from programme.models import Parcours
from programme.permissions import affectes_sur
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde
from risques.enums import EtatAnalyse
from risques.models import AnalyseLocale
from risques.services.suites import compter_proposees

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
    """À la direction : les six lignes, chaque ESMS nommé."""
    miens = _a_moi(demande)
    if not miens:
        return
    analyses = {a.parcours_id: a for a in AnalyseLocale.objects.filter(parcours__in=[p.pk for p in miens])}
    connues = {cle for cle, a in analyses.items() if a.etat != EtatAnalyse.A_FAIRE or a.transmise_le}
    attendues = [p for p in miens if p.etat in ATTENDUE and p.pk not in connues]
    if attendues:
        yield _demander(attendues)


def _demander(attendues: list[Parcours]) -> Ligne:
    premier, seul = attendues[0], len(attendues) == 1
    return Ligne(
        titre="Remplir l'analyse des risques, en six lignes",
        detail=lieu_de(premier) if seul else f"Demandé par {len(attendues)} ESMS · cinq minutes chacun",
        url=_saisie(premier),
        urgence=Urgence.PEUT_ATTENDRE,
        texte="Les réponses de la grappe amorcent chaque ligne : il reste à corriger ce qui ne vaut pas chez vous.",
        gestes=(Bouton("Remplir l'analyse", _saisie(premier)),) if seul else (),
        liens=() if seul else tuple(Bouton(lieu_de(p), _saisie(p)) for p in attendues),
    )


@inscrire("analyses_a_reprendre")
def a_reprendre(demande: Demande) -> Iterator[Ligne]:
    """À la direction, où qu'en soit l'ESMS : la précision qu'on lui demande, puis ce qu'elle a rouvert sans le rendre.

    L'une attend une réponse, et passe avec les décisions ; l'autre laisse la conduite lire une analyse périmée.
    """
    if Role.DIRECTEUR not in demande.utilisateur.perimetre.roles:
        return
    for analyse in _reprises(demande):
        parcours, saisie = analyse.parcours, _saisie(analyse.parcours)
        if analyse.etat == EtatAnalyse.PRECISION:
            yield Ligne(
                titre="Compléter l'analyse, une précision est demandée",
                detail=f"{lieu_de(parcours)} · par le chef de projet",
                url=_page(parcours),
                urgence=Urgence.DECIDER,
                gestes=(Bouton("Compléter l'analyse", saisie), Bouton("Voir la précision demandée", _page(parcours))),
            )
        else:
            yield Ligne(
                titre="Transmettre à nouveau l'analyse des risques",
                detail=f"{lieu_de(parcours)} · rouverte depuis sa transmission du {date_courte(analyse.transmise_le)}",
                url=_page(parcours),
                urgence=Urgence.REPONDRE,
                gestes=(Bouton("Relire et transmettre", _page(parcours)), Bouton("Compléter l'analyse", saisie)),
            )


def _reprises(demande: Demande) -> list[AnalyseLocale]:
    """Celles de ses ESMS, sortis exceptés, que la direction doit rendre une fois de plus."""
    attendues = Q(etat=EtatAnalyse.PRECISION) | Q(etat=EtatAnalyse.A_FAIRE, transmise_le__isnull=False)
    vues = AnalyseLocale.objects.visibles_par(demande.utilisateur).filter(attendues).pour_lecture()
    return [
        a
        for a in vues.exclude(parcours__etat=EtatParcours.SORTI).order_by("transmise_le", "pk")
        if any(tenu.role == Role.DIRECTEUR for tenu in affectes_sur(demande.utilisateur, a.parcours))
    ]


@inscrire("suites_a_donner")
def suites_a_donner(demande: Demande) -> Iterator[Ligne]:
    """À la direction : ce qui inquiète dans ses ESMS et attend d'être retenu ou écarté."""
    miens = {p.pk: p for p in _a_moi(demande)}
    comptes = compter_proposees(list(miens.values()), par=demande.utilisateur) if miens else {}
    total, seul = sum(comptes.values()), len(comptes) == 1
    if not total:
        return
    liens = [Bouton(f"{lieu_de(miens[cle])} : {nb}", f"{_page(miens[cle])}#inquiete") for cle, nb in comptes.items()]
    ou = lieu_de(miens[next(iter(comptes))]) if seul else accorde(len(comptes), "ESMS,ESMS")
    yield Ligne(
        titre=accorde(total, "proposition attend,propositions attendent") + " votre avis",
        detail=f"{ou} · ce qui inquiète, à retenir ou à écarter",
        url=liens[0].url,
        urgence=Urgence.SUIVRE,
        gestes=(Bouton("Voir ce qui inquiète", liens[0].url),) if seul else (),
        liens=() if seul else tuple(liens),
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
