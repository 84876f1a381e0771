"""Ce que la base dit déjà d'une grappe, colonne par colonne de reprise, en un nombre constant de requêtes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from programme.enums import FRISE_PARCOURS, EtatParcours, Portee, Role, TypeProjet, TypeVerification
from programme.models import Affectation, Esms, Grappe, Parcours, Solution, Utilisateur, Verification
from programme.services import feuille
from programme.services.examen import examiner_esms
from programme.socle.texte import normaliser

ROLES = {"directeur": Role.DIRECTEUR, "referent": Role.REFERENT}
TYPES = {"va": TypeVerification.VA, "vsr": TypeVerification.VSR}
DE_COTE = (EtatParcours.SUSPENDU, EtatParcours.SORTI)
FICHE = ("type_projet", "point_depart", "est_pilote", "vague")


@dataclass(frozen=True)
class Tenue:
    """Une personne qui tient un rôle sur un ESMS, en propre ou par son groupe."""

    nom: str
    courriel: str
    en_groupe: bool


Constat = tuple[date, str]
"""Une vérification, réduite à sa date et à son issue."""


@dataclass
class Situation:
    """Un ESMS face à la grappe : son parcours s'il y est, ce que la base en dit, qui y tient quoi."""

    esms: Esms
    parcours: Parcours | None
    valeurs: dict[str, Any]
    tenues: dict[str, list[Tenue]] = field(default_factory=dict)
    verifications: dict[str, list[Constat]] = field(default_factory=dict)

    @property
    def est_neuf(self) -> bool:
        """Sans histoire : son état se constate encore."""
        return self.parcours is None or not self.parcours.version


@dataclass
class Base:
    """Tout ce qu'il faut pour comparer un classeur sans rien relire."""

    grappe: Grappe
    situations: dict[str, Situation]
    sortis: dict[str, Situation]
    refuses: dict[str, str]
    vagues: set[int]
    solutions: dict[str, Solution]
    comptes: dict[str, list[Utilisateur]]


def lire_base(grappe: Grappe, finess: Iterable[str], courriels: Iterable[str], *, par: Utilisateur) -> Base:
    """La grappe telle que `par` la voit, les ESMS que le classeur y ajouterait, les comptes qu'il nomme."""
    presents = feuille.situations(grappe, par=par)
    sortis = {f: s for f, s in _sortis(grappe, par).items() if f not in presents}
    absents = set(finess) - presents.keys()
    annuaire = list(Esms.objects.filter(finess__in=absents - sortis.keys()).select_related("og", "departement"))
    examen = examiner_esms(esms=annuaire, par=par, grappe=grappe) if annuaire else None
    situations = {f: Situation(s.parcours.esms, s.parcours, _valeurs(s)) for f, s in presents.items()}
    situations |= {e.finess: Situation(e, None, neuves()) for e in annuaire}
    toutes = [*situations.values(), *sortis.values()]
    _ajouter_les_personnes(toutes)
    _ajouter_les_verifications(grappe, toutes)
    return Base(
        grappe,
        situations,
        sortis,
        {d.numero: d.message for d in examen.defauts} if examen else {},
        set(grappe.vagues.values_list("numero", flat=True)),
        _solutions(),
        _comptes(courriels),
    )


def neuves() -> dict[str, Any]:
    """Ce que porte un parcours à son entrée dans la grappe."""
    fiche = {"type_projet": TypeProjet.ACQUISITION.value, "point_depart": "", "est_pilote": False, "vague": None}
    dates = {f"{nature}:{etat.value}": None for etat in FRISE_PARCOURS for nature in ("date", "prevue")}
    return {"etat": EtatParcours.RECENSE.value} | fiche | dates


def _valeurs(lue: feuille.Situation) -> dict[str, Any]:
    """Les colonnes de la feuille, sous leurs noms de reprise ; une date prévue est révisée, à défaut de référence."""
    lues = lue.valeurs
    rendu = {"etat": lues["etat"]} | {champ: lues[champ] for champ in FICHE}
    for etat in FRISE_PARCOURS:
        rendu[f"date:{etat.value}"] = lues[f"{etat.value}:{feuille.REELLE}"]
        prevue = lues[f"{etat.value}:{feuille.REVISEE}"] or lues[f"{etat.value}:{feuille.REFERENCE}"]
        rendu[f"prevue:{etat.value}"] = prevue
    if lues["etat"] in DE_COTE:
        rendu[f"date:{lues['etat']}"] = lue.parcours.depuis_le
    return rendu


def _sortis(grappe: Grappe, par: Utilisateur) -> dict[str, Situation]:
    """Les ESMS sortis du projet : leur histoire reste, la feuille rendue les garde."""
    lignes = Parcours.objects.visibles_par(par).filter(grappe=grappe, etat=EtatParcours.SORTI).order_by("pk")
    rendu = {}
    for parcours in lignes.select_related("esms__og", "vague", "solution").prefetch_related("etapes"):
        valeurs = neuves() | {"etat": parcours.etat, f"date:{parcours.etat}": parcours.depuis_le}
        valeurs |= {champ: getattr(parcours, champ) for champ in FICHE}
        valeurs["vague"] = parcours.vague.numero if parcours.vague else None
        for etape in parcours.etapes.all():
            valeurs |= {f"date:{etape.etat}": etape.reelle, f"prevue:{etape.etat}": etape.prevue}
        rendu[parcours.esms.finess] = Situation(parcours.esms, parcours, valeurs)
    return rendu


def _ajouter_les_personnes(situations: Iterable[Situation]) -> None:
    """Qui dirige et qui est référent aujourd'hui, intérims et délégations compris."""
    par_esms = {s.esms.pk: s for s in situations}
    trouvees: dict[tuple[int, str], list[Tenue]] = defaultdict(list)
    en_cours = Affectation.objects.en_cours(timezone.localdate()).filter(role__in=ROLES.values()).order_by("du", "pk")
    for portee, chemin in ((Portee.ESMS, "esms"), (Portee.GROUPE, "groupe__esms")):
        lignes = en_cours.filter(portee=portee, **{f"{chemin}__in": par_esms})
        for esms, role, nom, courriel in lignes.values_list(
            chemin, "role", "utilisateur__nom", "utilisateur__courriel"
        ):
            trouvees[esms, role].append(Tenue(nom, courriel.lower(), portee == Portee.GROUPE))
    for cle, situation in par_esms.items():
        situation.tenues = {qui: trouvees[cle, role] for qui, role in ROLES.items()}


def _ajouter_les_verifications(grappe: Grappe, situations: Iterable[Situation]) -> None:
    """Les VA et VSR qui couvrent chaque parcours : les siennes, celles de son OG, celles de toute la grappe."""
    lignes = list(Verification.objects.filter(grappe=grappe).order_by("prononcee_le", "pk"))
    for situation in situations:
        cle = situation.parcours.pk if situation.parcours else 0
        og = situation.esms.og_id
        for code, type_verification in TYPES.items():
            situation.verifications[code] = [
                (v.prononcee_le, v.issue)
                for v in lignes
                if v.type == type_verification
                and (v.parcours_id == cle or (v.og_id and v.og_id == og) or not (v.parcours_id or v.og_id))
            ]


def _solutions() -> dict[str, Solution]:
    """Par nom, et par nom avec éditeur ; un nom que deux éditeurs portent n'en désigne aucun."""
    rendu: dict[str, Solution] = {}
    doubles: set[str] = set()
    for solution in Solution.objects.select_related("editeur"):
        nom, editeur = solution.nom, solution.editeur.nom
        for mot in {normaliser(m) for m in (nom, f"{nom} {editeur}", f"{editeur} {nom}")}:
            if mot in rendu:
                doubles.add(mot)
            rendu[mot] = solution
    return {mot: solution for mot, solution in rendu.items() if mot not in doubles}


def _comptes(courriels: Iterable[str]) -> dict[str, list[Utilisateur]]:
    """Par courriel en minuscules ; l'inégalité de casse de la base ne compte pas."""
    rendu: dict[str, list[Utilisateur]] = defaultdict(list)
    cherches = sorted(set(courriels))
    for debut in range(0, len(cherches), 100):
        q = Q()
        for courriel in cherches[debut : debut + 100]:
            q |= Q(courriel__iexact=courriel)
        for compte in Utilisateur.objects.filter(q).order_by("pk"):
            rendu[compte.courriel.lower()].append(compte)
    return dict(rendu)
