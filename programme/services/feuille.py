"""La feuille des parcours d'une grappe : emportée, corrigée dans un tableur, rapportée.

Tout passe par les services et par la porte : la feuille ne sait rien écrire d'autre que ce que les pages écrivent.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.enums import FRISE_PARCOURS, EtatParcours, PointDepart, Portee, Role, Titre, TypeProjet
from programme.models import Affectation, Etape, Grappe, Parcours, Utilisateur, Vague
from programme.models.parcours import SUITES
from programme.services.parcours import constater, modifier_fiche, reviser_dates
from programme.services.perimetre import affecter, clore
from programme.socle.conditions import evaluer_suites
from programme.socle.decomptes import compter, en_mots
from programme.socle.erreurs import Refus
from programme.socle.exports import MiseEnForme

REFERENCE, REVISEE, REELLE = "reference", "revisee", "reelle"
DATES = {REFERENCE: "référence", REVISEE: "révisée", REELLE: "réelle"}
PERSONNES = {"directeur": Role.DIRECTEUR, "referent": Role.REFERENT}
FICHE = ("type_projet", "point_depart", "est_pilote", "vague")
CHOIX: dict[str, Any] = {"etat": EtatParcours, "type_projet": TypeProjet, "point_depart": PointDepart}

COLONNES = {
    "finess": "FINESS",
    "nom": "ESMS",
    "og": "OG",
    "ville": "Ville",
    "reste": "Reste à réunir",
    "etat": "État",
    "type_projet": "Type de projet",
    "point_depart": "Point de départ",
    "est_pilote": "Site pilote",
    "vague": "Vague de déploiement",
    "directeur": "Directeur (identifiant)",
    "referent": "Référent (identifiant)",
    **{f"{etat.value}:{nature}": f"{etat.label} : {mot}" for etat in FRISE_PARCOURS for nature, mot in DATES.items()},
}
LUES_SEULEMENT = ("finess", "nom", "og", "ville", "reste")
"""Colonnes qui situent la ligne : rapportées telles quelles ou changées, elles n'écrivent rien."""
INDISPENSABLES = ["finess"]
FEUILLE = "ESMS"
LARGEURS = {"finess": 12, "nom": 38, "og": 34, "ville": 20, "reste": 26, "vague": 10, "est_pilote": 10}
LARGEUR = 24
LARGEUR_DATE = 15

MOTIF_CONSTAT = "Situation reprise de la feuille de la grappe"
ETAT_PAR_PASSAGE = "cet ESMS a déjà une histoire : son état change par un passage, sur sa page."
DATE_PAR_PASSAGE = "une date réelle vient d'un passage ; elle ne se corrige pas ici."
DATE_FIGEE = "la référence est figée : écrivez la nouvelle date en « révisée »."
DATE_DU_CONSTAT = "donnez sa date réelle : c'est celle du constat initial."
ETAT_OBSERVE = "un état observé va du cadrage à la routine."
PERSONNE_VIDE = "une case vidée ne met pas fin à une fonction : closez l'affectation, puis nommez."
PERSONNE_INCONNUE = "aucun compte « {} » : invitez d'abord cette personne."
PERSONNE_DE_GROUPE = "cette personne tient la fonction pour tout un groupe : changez l'affectation du groupe."
VAGUE_INCONNUE = "la grappe n'a pas de vague {} : créez-la d'abord."


@dataclass(frozen=True)
class Situation:
    """Un parcours et ce que la feuille en dit, colonne par colonne (valeurs, pas libellés)."""

    parcours: Parcours
    valeurs: dict[str, Any]
    en_groupe: frozenset[str]


@dataclass(frozen=True)
class Changement:
    """Ce qu'une ligne change à un parcours : colonne → (avant, après)."""

    parcours: int
    ecarts: dict[str, tuple[Any, Any]]
    reelles: dict[str, date]


def situations(grappe: Grappe, *, par: Utilisateur) -> dict[str, Situation]:
    """Chaque parcours visible de la grappe, sortis exceptés, par FINESS ; quatre requêtes, quel que soit le nombre."""
    lignes = Parcours.objects.visibles_par(par).filter(grappe=grappe).dans_le_projet()
    parcours = list(lignes.select_related("esms__og", "vague").order_by("esms__tri", "pk"))
    dates = _dates(parcours)
    personnes, en_groupe = _personnes(parcours)
    return {
        p.esms.finess: Situation(
            p,
            {
                "finess": p.esms.finess,
                "nom": p.esms.nom,
                "og": p.esms.og.nom if p.esms.og else "",
                "ville": p.esms.ville,
                "reste": "",
                "etat": p.etat,
                "type_projet": p.type_projet,
                "point_depart": p.point_depart,
                "est_pilote": p.est_pilote,
                "vague": p.vague.numero if p.vague else None,
                **personnes[p.esms_id],
                **dates[p.pk],
            },
            frozenset(en_groupe[p.esms_id]),
        )
        for p in parcours
    }


def _dates(parcours: list[Parcours]) -> dict[int, dict[str, date | None]]:
    vides = {f"{etat.value}:{nature}": None for etat in FRISE_PARCOURS for nature in DATES}
    rendu: dict[int, dict[str, date | None]] = {p.pk: dict(vides) for p in parcours}
    for etape in Etape.objects.filter(parcours__in=parcours, etat__in=FRISE_PARCOURS):
        rendu[etape.parcours_id] |= {f"{etape.etat}:{nature}": getattr(etape, nature) for nature in DATES}
    return rendu


def _personnes(parcours: list[Parcours]) -> tuple[dict[int, dict[str, str]], dict[int, set[str]]]:
    """Titulaires par ESMS, d'abord nommés sur l'ESMS, à défaut par son groupe."""
    cles = {p.esms_id for p in parcours}
    lignes = (
        Affectation.objects.en_cours(timezone.localdate())
        .filter(role__in=PERSONNES.values(), titre=Titre.TITULAIRE)
        .order_by("du", "pk")
    )
    trouvees: dict[tuple[int, str, bool], list[str]] = defaultdict(list)
    for esms, tenues in lignes.select_related("utilisateur").par_esms(cles).items():
        for a in tenues:
            trouvees[esms, a.role, a.portee == Portee.GROUPE].append(a.utilisateur.identifiant)
    rendu: dict[int, dict[str, str]] = {}
    en_groupe: dict[int, set[str]] = {}
    for cle in cles:
        noms = {c: trouvees[cle, r, False] or trouvees[cle, r, True] for c, r in PERSONNES.items()}
        rendu[cle] = {colonne: ", ".join(tenues) for colonne, tenues in noms.items()}
        en_groupe[cle] = {c for c, r in PERSONNES.items() if trouvees[cle, r, True] and not trouvees[cle, r, False]}
    return rendu, en_groupe


def en_clair(colonne: str, valeur: Any) -> Any:
    """Une valeur telle qu'on la lit dans la feuille."""
    if colonne in CHOIX:
        return str(CHOIX[colonne](valeur).label) if valeur else ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return valeur


def exporter(grappe: Grappe, *, par: Utilisateur) -> tuple[list[str], Iterable[list[Any]]]:
    """Intitulés et lignes de la feuille."""
    lues = situations(grappe, par=par)
    constats = evaluer_suites(Parcours.objects.lisibles_par(par).filter(grappe=grappe), SUITES)
    for situation in lues.values():
        if situation.parcours.pk in constats:
            situation.valeurs["reste"] = en_mots(compter(constats[situation.parcours.pk]))
    return list(COLONNES.values()), ([en_clair(c, s.valeurs[c]) for c in COLONNES] for s in lues.values())


def mise_en_forme(grappe: Grappe) -> MiseEnForme:
    """Largeurs, et listes déroulantes des colonnes où l'on choisit : la feuille refuse ce que la reprise refuserait."""
    rangs = {colonne: rang for rang, colonne in enumerate(COLONNES)}
    choix = {colonne: [str(c.label) for c in enum] for colonne, enum in CHOIX.items()}
    # De côté, un état ne se constate pas : la liste n'offre que ceux qu'on peut écrire.
    choix["etat"] = [str(e.label) for e in FRISE_PARCOURS]
    choix["est_pilote"] = ["oui", "non"]
    choix["vague"] = [str(n) for n in grappe.vagues.values_list("numero", flat=True)]
    largeurs = [LARGEURS.get(c, LARGEUR_DATE if ":" in c else LARGEUR) for c in COLONNES]
    return MiseEnForme(largeurs, {rangs[c]: offres for c, offres in choix.items() if offres})


def comparer(situation: Situation, lues: dict[str, Any], vagues: set[int]) -> tuple[Changement, list[tuple[str, str]]]:
    """Ce que la ligne change, et ses fautes (colonne, phrase). `lues` : seulement les colonnes présentes."""
    ecarts = {
        c: (situation.valeurs[c], valeur)
        for c, valeur in lues.items()
        if c not in LUES_SEULEMENT and valeur != situation.valeurs[c]
    }
    toutes = situation.valeurs | lues
    reelles = {e.value: jour for e in FRISE_PARCOURS if (jour := toutes[f"{e.value}:{REELLE}"])}
    fautes = [*_fautes_de_l_etat(situation.parcours, ecarts, reelles), *_fautes_des_dates(situation.parcours, ecarts)]
    for colonne in PERSONNES.keys() & ecarts.keys():
        if faute := _faute_de_personne(ecarts[colonne][1], colonne in situation.en_groupe):
            fautes.append((colonne, faute))
    numero = ecarts.get("vague", (None, None))[1]
    if numero is not None and numero not in vagues:
        fautes.append(("vague", VAGUE_INCONNUE.format(numero)))
    return Changement(situation.parcours.pk, ecarts, reelles), fautes


def _fautes_de_l_etat(parcours: Parcours, ecarts: dict[str, Any], reelles: dict[str, date]) -> list[tuple[str, str]]:
    if "etat" not in ecarts:
        return []
    vers = ecarts["etat"][1]
    if parcours.version:
        return [("etat", ETAT_PAR_PASSAGE)]
    if vers not in FRISE_PARCOURS[1:]:
        return [("etat", ETAT_OBSERVE)]
    return [] if vers in reelles else [(f"{vers}:{REELLE}", DATE_DU_CONSTAT)]


def _fautes_des_dates(parcours: Parcours, ecarts: dict[str, Any]) -> list[tuple[str, str]]:
    fautes = [(c, DATE_FIGEE) for c in ecarts if c.endswith(f":{REFERENCE}")]
    if parcours.version or "etat" not in ecarts:
        fautes += [(c, DATE_PAR_PASSAGE) for c in ecarts if c.endswith(f":{REELLE}")]
    return fautes


def _faute_de_personne(identifiant: str, en_groupe: bool) -> str:
    if en_groupe:
        return PERSONNE_DE_GROUPE
    if not identifiant:
        return PERSONNE_VIDE
    if not Utilisateur.objects.filter(identifiant__iexact=identifiant).exists():
        return PERSONNE_INCONNUE.format(identifiant[:60])
    return ""


@transaction.atomic
def appliquer(changement: Changement, *, par: Utilisateur) -> None:
    """Écrit ce qu'une ligne change, tout ou rien. Lève `Refus` comme le feraient les pages."""
    ecarts = changement.ecarts
    parcours = Parcours.objects.select_related("esms__departement", "grappe").get(pk=changement.parcours)
    if "etat" in ecarts:
        vers = ecarts["etat"][1]
        etapes = {etat: jour for etat, jour in changement.reelles.items()}
        constater(parcours=parcours, vers=vers, par=par, etapes=etapes, motif=MOTIF_CONSTAT)
    fiche = {c: ecarts[c][1] for c in FICHE if c in ecarts}
    if "vague" in fiche:
        fiche["vague"] = Vague.objects.filter(grappe=parcours.grappe, numero=fiche["vague"]).first()
    if fiche:
        modifier_fiche(parcours=parcours, valeurs=fiche, par=par)
    revisees = {c.split(":")[0]: valeurs[1] for c, valeurs in ecarts.items() if c.endswith(f":{REVISEE}")}
    if revisees:
        reviser_dates(parcours=parcours, dates=revisees, par=par)
    for colonne, role in PERSONNES.items():
        if colonne in ecarts:
            _nommer(parcours, role, ecarts[colonne][1], par)


def _nommer(parcours: Parcours, role: str, identifiant: str, par: Utilisateur) -> None:
    """Le nouveau titulaire prend la suite dès aujourd'hui ; le précédent s'arrête la veille."""
    aujourd_hui = timezone.localdate()
    precedentes = Affectation.objects.en_cours(aujourd_hui).filter(
        role=role, titre=Titre.TITULAIRE, portee=Portee.ESMS, esms=parcours.esms_id
    )
    for affectation in precedentes.exclude(utilisateur__identifiant__iexact=identifiant):
        clore(affectation=affectation, au=max(affectation.du, aujourd_hui - timedelta(days=1)), par=par)
    utilisateur = Utilisateur.objects.get(identifiant__iexact=identifiant)
    if not precedentes.filter(utilisateur=utilisateur).exists():
        affecter(utilisateur=utilisateur, role=role, cible=parcours.esms, du=aujourd_hui, par=par)


def essayer(changements: Iterable[Changement], *, par: Utilisateur) -> dict[int, Refus]:
    """Applique pour de faux, puis défait tout ; rend les refus par parcours : l'aperçu dit ce que dira l'écriture."""
    refus: dict[int, Refus] = {}
    with transaction.atomic():
        for changement in changements:
            try:
                appliquer(changement, par=par)
            except Refus as refuse:
                refus[changement.parcours] = refuse
        transaction.set_rollback(True)
    return refus
