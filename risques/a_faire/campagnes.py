"""Les campagnes à l'accueil du chef de projet : valider, tenir un consensus, une échéance qui passe sans tous."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef
from django.urls import reverse

from programme.enums import Role
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde
from risques.calculs.avancement import RENDUES, situation
from risques.calculs.reponses import valeurs_retenues
from risques.enums import EtatGrille, NatureGrille
from risques.models import Campagne, Evaluation, Grille, Reponse
from risques.services.resultats import ResultatEvaluation, resultats_des

BIENTOT = timedelta(days=7)


def _page(campagne: Campagne) -> str:
    return reverse("risques:campagne-detail", args=[campagne.pk])


def conduites(demande: Demande) -> list[Campagne]:
    """Les campagnes ouvertes des grappes que l'on conduit."""

    def lire() -> list[Campagne]:
        grappes = demande.utilisateur.perimetre.seul(Role.CHEF_PROJET).grappes
        return list(Campagne.objects.ouvertes().filter(grappe__in=grappes).pour_lecture()) if grappes else []

    return demande.une_fois("campagnes", lire)


def _pas_encore_repondu(demande: Demande) -> Exists:
    """L'évaluation où cette personne doit encore répondre : elle n'y lit pas les réponses des autres."""
    siennes = Grille.objects.attendues_de(demande.utilisateur)
    return Exists(siennes.filter(evaluation=OuterRef("evaluation")))


@inscrire("campagnes-a-valider")
def a_valider(demande: Demande) -> Iterator[Ligne]:
    """Grilles transmises, pas encore lues : de toutes les campagnes à la fois."""
    connues = {c.pk: c for c in conduites(demande)}
    if not connues:
        return
    attendent = Grille.objects.demandees().filter(etat=EtatGrille.TRANSMISE, evaluation__campagne__in=connues)
    attendent = attendent.exclude(evaluateur=demande.utilisateur)
    cles = attendent.exclude(_pas_encore_repondu(demande)).values_list("evaluation__campagne", flat=True)
    comptes = Counter(cles)
    if not comptes:
        return
    seule = connues[next(iter(comptes))] if len(comptes) == 1 else None
    liens = tuple(
        Bouton(f"« {connues[cle]} », {connues[cle].grappe} : {nombre}", _page(connues[cle]))
        for cle, nombre in comptes.items()
    )
    yield Ligne(
        titre=f"Lire et valider {accorde(comptes.total(), 'grille transmise,grilles transmises')}",
        detail=f"« {seule} » · {seule.grappe}" if seule else f"de {len(comptes)} campagnes",
        url=liens[0].url,
        urgence=Urgence.SUIVRE,
        gestes=(Bouton("Voir la campagne", liens[0].url),) if seule else (),
        liens=() if seule else liens,
    )


def _s_ecartent(lu: ResultatEvaluation) -> bool:
    """Vrai si deux notes qui comptent diffèrent sur une même question."""
    notes: dict[str, Any] = {}
    siennes = (valeurs_retenues(g.sections, g.reponses).items() for g in lu.individuelles)
    return any(notes.setdefault(code, valeur) != valeur for dites in siennes for code, valeur in dites)


@inscrire("campagnes-consensus")
def prets_pour_un_consensus(demande: Demande) -> Iterator[Ligne]:
    """Évaluations où tous ont transmis, à plusieurs, et où les réponses s'écartent : il est temps d'en parler."""
    connues = {c.pk: c for c in conduites(demande)}
    if not connues:
        return
    siennes = Grille.objects.filter(evaluation=OuterRef("pk"))
    completes = (
        Evaluation.objects.filter(campagne__in=connues)
        .filter(Exists(siennes))
        .exclude(Exists(siennes.demandees().exclude(etat__in=RENDUES)))
        .exclude(Exists(siennes.filter(nature=NatureGrille.CONSENSUS)))
    )
    individuelles = Reponse.objects.filter(
        grille__evaluation__in=completes.order_by().values("pk"),
        grille__nature=NatureGrille.INDIVIDUELLE,
        grille__etat__in=RENDUES,
    )
    bornes = individuelles.order_by().values("grille__evaluation", "question")
    ecartees = bornes.annotate(bas=Min("valeur"), haut=Max("valeur")).filter(haut__gt=F("bas"))
    cles = set(ecartees.values_list("grille__evaluation", flat=True))
    lues = list(completes.filter(pk__in=cles).pour_lecture()) if cles else []
    resultats = resultats_des(lues) if lues else {}
    pretes = [e for e in lues if _s_ecartent(resultats[e.pk])]
    if pretes:
        liens = tuple(
            Bouton(f"{e.objet}, « {connues[e.campagne_id]} »", reverse("risques:evaluation-consensus", args=[e.pk]))
            for e in pretes
        )
        yield Ligne(
            titre="Tenir un consensus" if len(pretes) == 1 else f"Tenir {len(pretes)} consensus",
            detail="tous ont transmis, et les réponses s'écartent : regardez d'abord où",
            url=reverse("risques:evaluation-detail", args=[pretes[0].pk]),
            urgence=Urgence.SUIVRE,
            liens=liens,
        )


@inscrire("campagnes-echeance")
def echeances(demande: Demande) -> Iterator[Ligne]:
    """Campagnes dont l'échéance est passée, ou tombe dans les sept jours, et qui attendent encore quelqu'un."""
    proches = {c.pk: c for c in conduites(demande) if c.echeance and c.echeance <= demande.au + BIENTOT}
    if not proches:
        return
    etats: dict[int, dict[int, list[str]]] = defaultdict(dict)
    for cle, de in Evaluation.objects.filter(campagne__in=proches).values_list("pk", "campagne"):
        etats[de][cle] = []
    grilles = Grille.objects.demandees().filter(evaluation__campagne__in=proches)
    for de, cle, etat in grilles.values_list("evaluation__campagne", "evaluation", "etat"):
        etats[de][cle].append(etat)
    for cle, campagne in sorted(proches.items(), key=lambda couple: (couple[1].echeance, couple[0])):
        absents = sum(situation(lus) not in RENDUES for lus in etats[cle].values())
        if not absents:
            continue
        passee = campagne.est_en_retard(demande.au)
        quand = f"échéance {'passée ' if passee else ''}le {date_courte(campagne.echeance)}"
        yield Ligne(
            titre=f"Une campagne attend {accorde(absents, 'évaluation')}",
            detail=f"« {campagne} » · {campagne.grappe} · {quand}",
            url=_page(campagne),
            urgence=Urgence.REPONDRE if passee else Urgence.SUIVRE,
            echeance=campagne.echeance,
            gestes=(Bouton("Voir qui manque", _page(campagne)),),
        )


__all__ = ["a_valider", "conduites", "echeances", "prets_pour_un_consensus"]
