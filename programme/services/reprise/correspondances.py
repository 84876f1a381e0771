"""Les correspondances de reprise : un classeur relié une fois pour toutes, par compte et par code."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from programme.models import Utilisateur
from programme.reprise.mots import cle_de_mot
from programme.services.controles import valider
from programme.services.reprise.plan import CHOIX
from programme.socle.erreurs import Refus
from programme.socle.models import Correspondance

GENRE = "reprise"
RIEN = "-"
"""Valeur d'un mot dont on ne reprend rien."""
CODE_PRIS = "Vous avez déjà une correspondance de ce code : prenez-en un autre, ou modifiez la première."
CODE_INCONNU = "Aucune correspondance « {} »{} : reliez d'abord le classeur depuis la page de la grappe."
CODE_AMBIGU = "Plusieurs comptes ont une correspondance « {} » : précisez lequel avec --par IDENTIFIANT ({})."


@dataclass
class Reglages:
    """Ce qu'une correspondance retient d'un classeur.

    `colonnes` : intitulé normalisé → code. `valeurs` : code → {mot normalisé → valeur}. `lecture` : feuille, ligne et
    nombre de lignes d'en-tête. `entetes` et `mots` (code → {mot normalisé → tel qu'écrit}) : de quoi rendre la feuille.
    """

    lecture: dict[str, Any]
    colonnes: dict[str, str]
    valeurs: dict[str, dict[str, Any]] = field(default_factory=dict)
    entetes: list[str] = field(default_factory=list)
    mots: dict[str, dict[str, str]] = field(default_factory=dict)


def enregistrees(par: Utilisateur) -> QuerySet[Correspondance]:
    """Celles de ce compte, brouillons exceptés, la dernière d'abord."""
    miennes = Correspondance.objects.filter(genre=GENRE, par=par).exclude(code="")
    return miennes.exclude(options__has_key="brouillon").order_by("-modifiee_le", "-pk")


def en_dict(correspondance: Correspondance) -> dict[str, Any]:
    """La forme que lit `programme.reprise.lignes` : les mots de Treille y valent toujours pour eux-mêmes."""
    valeurs = {code: dict(mots) for code, mots in correspondance.valeurs.items()}
    for code in set(correspondance.colonnes.values()) & CHOIX.keys():
        siens = {cle_de_mot(str(choix.label)): choix.value for choix in CHOIX[code]}
        valeurs[code] = siens | valeurs.get(code, {})
    if "est_pilote" in correspondance.colonnes.values():
        valeurs["est_pilote"] = {"oui": True, "non": False} | valeurs.get("est_pilote", {})
    return {
        "lecture": correspondance.options.get("lecture", {}),
        "colonnes": correspondance.colonnes,
        "valeurs": valeurs,
    }


@transaction.atomic
def ouvrir_brouillon(*, par: Utilisateur, nom: str, reglages: Reglages) -> Correspondance:
    """Garde ce qui a été deviné d'un classeur, en attendant que son auteur le relise ; un brouillon en remplace un."""
    code = slugify(nom)[:50] or "classeur"
    brouillon = Correspondance.objects.filter(genre=GENRE, par=par, options__has_key="brouillon").first()
    correspondance = brouillon or Correspondance(genre=GENRE, par=par)
    pris = set(
        Correspondance.objects.filter(genre=GENRE, par=par).exclude(pk=correspondance.pk).values_list("code", flat=True)
    )
    rang = 1
    while (propose := code if rang == 1 else f"{code}-{rang}") in pris:
        rang += 1
    correspondance.nom, correspondance.code = nom[:120], propose
    return _ecrire(correspondance, reglages, brouillon=True)


@transaction.atomic
def enregistrer(
    *, correspondance: Correspondance, nom: str, code: str, reglages: Reglages, par: Utilisateur
) -> Correspondance:
    """Retient une correspondance relue par son auteur. Lève `Refus` : elle n'est pas à lui, son code est pris."""
    if correspondance.par_id != par.pk:
        raise Refus("droit", "Une correspondance n'appartient qu'à qui l'a enregistrée.")
    autres = Correspondance.objects.filter(genre=GENRE, par=par, code=code).exclude(pk=correspondance.pk)
    if autres.exists():
        raise Refus("champ", CODE_PRIS, champs={"code": [CODE_PRIS]})
    correspondance.nom, correspondance.code = nom.strip(), code
    return _ecrire(correspondance, reglages, brouillon=False)


def _ecrire(correspondance: Correspondance, reglages: Reglages, *, brouillon: bool) -> Correspondance:
    correspondance.colonnes, correspondance.valeurs = reglages.colonnes, reglages.valeurs
    correspondance.options = {"lecture": reglages.lecture, "entetes": reglages.entetes, "mots": reglages.mots}
    if brouillon:
        correspondance.options["brouillon"] = True
    valider(correspondance, exclure=["colonnes", "valeurs", "options"])
    correspondance.save()
    return correspondance


def trouver(code: str, *, par: Utilisateur | None = None) -> Correspondance:
    """La correspondance de ce code, chez ce compte ou chez le seul qui l'ait. Lève `Refus` avec une phrase."""
    lignes = Correspondance.objects.filter(genre=GENRE, code=code).exclude(code="").select_related("par")
    lignes = lignes.exclude(options__has_key="brouillon")
    if par:
        lignes = lignes.filter(par=par)
    trouvees = list(lignes.order_by("pk"))
    if not trouvees:
        raise Refus("champ", CODE_INCONNU.format(code, f" pour « {par.identifiant} »" if par else ""))
    if len(trouvees) > 1:
        raise Refus("champ", CODE_AMBIGU.format(code, ", ".join(c.par.identifiant for c in trouvees)))
    return trouvees[0]
