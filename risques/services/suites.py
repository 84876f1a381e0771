"""Ce qu'une réponse inquiétante propose aussitôt : une action et un risque, à retenir ou à écarter avec un motif.

La proposition se lit dans la réponse ; elle ne s'écrit jamais. Seule la suite qu'on lui donne est gardée.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.services.actions import cibles_dont_repondre, creer_action
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from risques.calculs.criticite import depuis_reponses, est_inquietante, sans_arreter
from risques.calculs.echelle import risque as part_de_risque
from risques.calculs.reponses import valeurs_retenues
from risques.enums import CategorieRisque, EtatGrille, Impact, IssueSuite, NatureGrille, NiveauRisque, Probabilite
from risques.models import AnalyseLocale, Grille, LigneAnalyse, Question, Reponse, Risque, SuiteDonnee
from risques.origines import RISQUE
from risques.permissions import peut_conduire_evaluation, peut_lire_grille, peut_tenir_risque
from risques.services.analyses import lignes_pour
from risques.services.baremes import Bareme, bareme_de
from risques.services.registre import creer_risque
from risques.services.resultats import resultats_des

A_TERME = timedelta(days=30)
"""Sous quoi l'on finit, ou l'on revoit, ce qu'on retient sans y rien changer."""
DEJA = "Une suite a déjà été donnée à cette réponse."
RIEN = "Retenez l'action, le risque, ou les deux ; sinon écartez, avec un motif."
SANS_MOTIF = "Dites en une ligne pourquoi vous l'écartez."
GRAVES = (NiveauRisque.CRITIQUE, NiveauRisque.INACCEPTABLE)
ACTIONS = {
    CategorieRisque.ORGANISATIONNEL: "Dire qui fait quoi, et dégager le temps qu'il faut",
    CategorieRisque.FINANCIER: "Revoir le budget avec le siège et le chef de projet",
    CategorieRisque.HUMAIN: "Réunir l'équipe concernée et convenir d'un appui",
    CategorieRisque.JURIDIQUE: "Faire le point avec le délégué à la protection des données",
    CategorieRisque.TECHNIQUE: "Faire vérifier le réseau et le matériel sur place",
    CategorieRisque.STRATEGIQUE: "Porter le sujet à la direction et au COMOP",
}
RISQUES = {
    CategorieRisque.ORGANISATIONNEL: "L'organisation ne suit pas le rythme du déploiement",
    CategorieRisque.FINANCIER: "Le coût dépasse ce qui est prévu",
    CategorieRisque.HUMAIN: "Les équipes ne s'en servent pas comme prévu",
    CategorieRisque.JURIDIQUE: "Une obligation n'est pas tenue à l'ouverture",
    CategorieRisque.TECHNIQUE: "Le matériel ou le réseau empêche de saisir",
    CategorieRisque.STRATEGIQUE: "Le projet n'est plus porté",
}
"""Ce qui se propose quand ni la question ni la ligne ne disent mieux (textes du produit)."""


@dataclass(frozen=True, slots=True)
class Proposee:
    """Une action et un risque proposés. Son origine : une réponse (`grille`, `question`) ou une ligne d'analyse.

    `vue` : ce qui inquiète, la note de la réponse ou la criticité de la ligne.
    """

    cible: Parcours | Grappe
    quoi: str
    action: str
    risque: str
    categorie: str
    probabilite: Probabilite
    impact: Impact
    niveau: NiveauRisque
    vue: int
    grille: Grille | None = None
    question: Question | None = None
    ligne: LigneAnalyse | None = None

    @property
    def origine(self) -> dict[str, int]:
        """De quoi la retrouver : clés de la réponse, ou de la ligne."""
        if self.ligne is not None:
            return {"ligne": self.ligne.pk}
        assert self.grille is not None and self.question is not None
        return {"grille": self.grille.pk, "question": self.question.pk}

    @property
    def rang(self) -> int:
        """Rang du niveau, de 1 à 4."""
        return list(NiveauRisque).index(self.niveau) + 1

    def est_couverte(self, vue: int) -> bool:
        """Vrai si une suite donnée à cette cote vaut encore ; pire depuis, elle se propose à nouveau."""
        return self._gravite(self.vue) <= self._gravite(vue)

    def _gravite(self, cote: int) -> Fraction | int:
        return cote if self.question is None else part_de_risque(self.question, cote)


# --- ce qui se propose ---------------------------------------------------------------------------------------------


def de_reponse(question: Question, grille: Grille, reponse: Reponse | None, bareme: Bareme) -> Proposee | None:
    """Ce que propose cette réponse ; None si elle n'inquiète pas, ou si sa question ne nourrit ni action ni risque."""
    muette = not (question.categorie or question.action or question.risque)
    if muette or reponse is None or reponse.sans_objet or reponse.valeur is None:
        return None
    if not est_inquietante(question, reponse.valeur, bareme.inquietante):
        return None
    cote = depuis_reponses([part_de_risque(question, reponse.valeur)])
    assert cote is not None
    probabilite, impact = _sans_arreter(*cote, bareme)
    categorie = question.categorie
    return Proposee(
        cible=grille.evaluation.objet,
        quoi=question.enonce,
        action=(question.action or (ACTIONS[CategorieRisque(categorie)] if categorie else question.enonce))[:160],
        risque=(question.risque or question.enonce)[:160],
        categorie=categorie,
        probabilite=probabilite,
        impact=impact,
        niveau=bareme.niveau(probabilite, impact),
        vue=reponse.valeur,
        grille=grille,
        question=question,
    )


def _sans_arreter(p: Probabilite, i: Impact, bareme: Bareme) -> tuple[Probabilite, Impact]:
    """Une suggestion ne prévient pas le COMOP d'elle-même : « inacceptable » se dit par quelqu'un."""
    return sans_arreter(p, i, bareme.niveau)


def de_ligne(ligne: LigneAnalyse, parcours: Parcours, bareme: Bareme) -> Proposee | None:
    """Ce que propose cette ligne d'analyse ; None en dessous de « critique »."""
    if ligne.probabilite is None or ligne.impact is None:
        return None
    niveau = bareme.niveau(ligne.probabilite, ligne.impact)
    if niveau not in GRAVES:
        return None
    categorie = CategorieRisque(ligne.categorie)
    cote = f"{ligne.get_probabilite_display().lower()}, {ligne.get_impact_display().lower()}"
    return Proposee(
        cible=parcours,
        quoi=f"{categorie.label} : {cote}{f', « {ligne.mot} »' if ligne.mot else ''}",
        action=ACTIONS[categorie],
        risque=(ligne.mot or RISQUES[categorie])[:160],
        categorie=ligne.categorie,
        probabilite=Probabilite(ligne.probabilite),
        impact=Impact(ligne.impact),
        niveau=niveau,
        vue=ligne.probabilite * ligne.impact,
        ligne=ligne,
    )


def proposees(parcours: Parcours, *, par: Utilisateur) -> list[Proposee]:
    """Ce qui inquiète dans un ESMS et n'a pas de suite, le plus grave d'abord. Requêtes constantes.

    Des lignes d'analyse et des réponses que ce lecteur peut lire. Une suite vaut pour la cote qu'elle a vue. Une même
    question, à plusieurs évaluateurs, ne se propose qu'une fois, par sa réponse la plus inquiétante ; un consensus
    transmis parle à la place de chacun.
    """
    if not peut_tenir_risque(par, parcours):
        return []
    bareme = bareme_de(parcours.grappe)
    vues = _de_lignes(parcours, par, bareme) + _de_grilles(_grilles_lues(parcours, par), bareme)
    return sorted(vues, key=lambda p: (-p.probabilite * p.impact, p.quoi))


def _de_lignes(parcours: Parcours, par: Utilisateur, bareme: Bareme) -> list[Proposee]:
    analyse = AnalyseLocale.objects.pour_lecture().filter(parcours=parcours).first()
    if analyse is None:
        return []
    traitees: dict[int, list[int]] = defaultdict(list)
    for cle, vue in SuiteDonnee.objects.filter(ligne__analyse=analyse).values_list("ligne", "vue"):
        traitees[cle].append(vue)
    lues = [(x.pk, p) for x in lignes_pour(analyse, par=par) if (p := de_ligne(x, parcours, bareme))]
    return [p for cle, p in lues if not any(map(p.est_couverte, traitees[cle]))]


def _grilles_lues(parcours: Parcours, par: Utilisateur) -> list[Grille]:
    """Les grilles de cet ESMS dont ce lecteur lit les réponses, celles que couvre un consensus transmis exceptées."""
    lisibles = Grille.objects.lisibles_par(par).filter(evaluation__parcours=parcours).pour_lecture()
    lues = list(lisibles.order_by("pk"))
    if not lues:
        return []
    return _qui_parlent(lues, par)


def _qui_parlent(lues: list[Grille], par: Utilisateur) -> list[Grille]:
    """D'un même ESMS : celles qu'il lit sans trahir personne, et le consensus seul dès qu'il est transmis."""
    siennes = {g.evaluation_id for g in lues if g.evaluateur_id == par.pk}
    conduit = bool(peut_conduire_evaluation(par, lues[0].evaluation))
    collectives = (NatureGrille.REUNION, NatureGrille.CONSENSUS)
    lues = [g for g in lues if conduit or g.evaluation_id in siennes or g.nature in collectives]
    convenues = {
        g.evaluation_id
        for g in lues
        if g.nature == NatureGrille.CONSENSUS and g.etat in (EtatGrille.TRANSMISE, EtatGrille.VALIDEE)
    }
    return [g for g in lues if g.nature == NatureGrille.CONSENSUS or g.evaluation_id not in convenues]


def _de_grilles(grilles: list[Grille], bareme: Bareme) -> list[Proposee]:
    par_cle = {g.pk: g for g in grilles}
    comptees = _comptees(grilles)
    dites = Reponse.objects.filter(grille__in=par_cle, valeur__isnull=False).select_related("question")
    traitees: dict[tuple[int, int], list[int]] = defaultdict(list)
    for g, q, vue in SuiteDonnee.objects.filter(grille__in=par_cle).values_list("grille", "question", "vue"):
        traitees[par_cle[g].evaluation_id, q].append(vue)
    retenues: dict[tuple[int, int], Proposee] = {}
    for reponse in dites:
        grille = par_cle[reponse.grille_id]
        if reponse.question.code not in comptees[grille.pk]:
            continue
        cle = (grille.evaluation_id, reponse.question_id)
        proposee = de_reponse(reponse.question, grille, reponse, bareme)
        pire = retenues.get(cle)
        if proposee is None or any(map(proposee.est_couverte, traitees[cle])):
            continue
        if pire is None or proposee.probabilite * proposee.impact > pire.probabilite * pire.impact:
            retenues[cle] = proposee
    return list(retenues.values())


def _comptees(grilles: list[Grille]) -> dict[int, set[str]]:
    """Par grille, les questions dont la note compte : une réponse à ce qui n'est plus posé n'inquiète pas."""
    lus = resultats_des({g.evaluation_id: g.evaluation for g in grilles}.values()).values()
    return {g.grille.pk: set(valeurs_retenues(g.sections, g.reponses)) for lu in lus for g in lu.grilles}


# --- retrouver une origine -----------------------------------------------------------------------------------------


def suite_de(proposee: Proposee) -> SuiteDonnee | None:
    """La suite déjà donnée à cette origine, si elle vaut encore. Une requête."""
    donnees = SuiteDonnee.objects.filter(**proposee.origine).select_related("risque", "action", "par")
    return suite_parmi(proposee, donnees)


def suite_parmi(proposee: Proposee, donnees: Iterable[SuiteDonnee]) -> SuiteDonnee | None:
    """Parmi les suites de son origine, la dernière qui vaut encore."""
    return next((s for s in donnees if proposee.est_couverte(s.vue)), None)


def suites_de(grille: Grille) -> dict[int, list[SuiteDonnee]]:
    """Les suites données aux réponses d'une grille, par question, la dernière d'abord. Une requête."""
    rendu: dict[int, list[SuiteDonnee]] = defaultdict(list)
    for suite in grille.suites_donnees.select_related("risque", "action"):
        rendu[suite.question_id or 0].append(suite)
    return rendu


def trouver(par: Utilisateur, origine: Mapping[str, int]) -> Proposee | None:
    """La proposition que désigne cette origine, si ce lecteur lit la réponse ou la ligne ; sinon None."""
    if "ligne" in origine:
        return _trouver_la_ligne(par, origine["ligne"])
    grille = Grille.objects.lisibles_par(par).pour_lecture().filter(pk=origine.get("grille", 0)).first()
    if grille is None or not peut_lire_grille(par, grille):
        return None
    reponse = grille.reponses.filter(question=origine.get("question", 0)).select_related("question").first()
    if reponse is None or reponse.question.code not in valeurs_retenues(grille.sections_posees(), grille.notes()):
        return None
    return de_reponse(reponse.question, grille, reponse, bareme_de(grille.evaluation.campagne.grappe))


def _trouver_la_ligne(par: Utilisateur, cle: int) -> Proposee | None:
    vues = AnalyseLocale.objects.visibles_par(par).pour_lecture().select_related("parcours__grappe__bareme_risques")
    analyse = vues.filter(lignes=cle).first()
    ligne = next((x for x in lignes_pour(analyse, par=par) if x.pk == cle), None) if analyse else None
    if analyse is None or ligne is None:
        return None
    return de_ligne(ligne, analyse.parcours, bareme_de(analyse.parcours.grappe))


# --- donner suite --------------------------------------------------------------------------------------------------


def _prendre(proposee: Proposee, par: Utilisateur) -> SuiteDonnee:
    """La suite à écrire, l'origine sous verrou ; refusée si une autre est déjà donnée."""
    exiger(peut_tenir_risque(par, proposee.cible))
    origine: Any = proposee.ligne or proposee.grille
    type(origine)._default_manager.select_for_update(of=("self",)).get(pk=origine.pk)
    if suite_de(proposee):
        raise Refus("etat", DEJA)
    parcours = proposee.cible if isinstance(proposee.cible, Parcours) else None
    return SuiteDonnee(
        grappe=proposee.cible.grappe if isinstance(proposee.cible, Parcours) else proposee.cible,
        parcours=parcours,
        grille=proposee.grille,
        question=proposee.question,
        ligne=proposee.ligne,
        vue=proposee.vue,
        par=par,
    )


def valeurs_proposees(proposee: Proposee, par: Utilisateur | None = None) -> dict[str, dict[str, Any]]:
    """Ce que retient « telles quelles » : les valeurs du risque et de l'action ; sans catégorie, l'action seule.

    `par` : qui retient s'en charge, sous trente jours, s'il peut en répondre ; sinon ni personne ni date.
    """
    valeurs: dict[str, dict[str, Any]] = {"action": {"libelle": proposee.action}}
    if proposee.categorie:
        valeurs["risque"] = {
            "libelle": proposee.risque,
            "categorie": proposee.categorie,
            "probabilite": proposee.probabilite,
            "impact": proposee.impact,
        }
    if par is not None and cibles_dont_repondre(par, [proposee.cible]):
        terme = timezone.localdate() + A_TERME
        valeurs["action"] |= {"responsable": par, "echeance": terme}
        if "risque" in valeurs:
            valeurs["risque"] |= {"proprietaire": par, "revue_le": terme}
    return valeurs


@transaction.atomic
def retenir(
    *,
    proposee: Proposee,
    par: Utilisateur,
    action: Mapping[str, Any] | None = None,
    risque: Mapping[str, Any] | None = None,
) -> SuiteDonnee:
    """Écrit le risque, l'action, ou les deux, et la suite qui les relie à leur origine.

    `action`, `risque` : leurs valeurs, comme `creer_action` et `creer_risque` les attendent ; None : on n'en veut pas.
    Lève `Refus` (droit, etat, champ).
    """
    suite = _prendre(proposee, par)
    if action is None and risque is None:
        raise Refus("champ", RIEN)
    suite.issue = IssueSuite.RETENUE
    suite.risque = _ecrire_risque(proposee, par, risque)
    suite.action = _ecrire_action(proposee, par, action, suite.risque)
    valider(suite)
    suite.save()
    return suite


def _ecrire_risque(proposee: Proposee, par: Utilisateur, valeurs: Mapping[str, Any] | None) -> Risque | None:
    if valeurs is None:
        return None
    d_ou = {"question": proposee.question, "grille": proposee.grille, "ligne": proposee.ligne}
    return creer_risque(cible=proposee.cible, par=par, **d_ou, **valeurs)


def _ecrire_action(
    proposee: Proposee, par: Utilisateur, valeurs: Mapping[str, Any] | None, risque: Risque | None
) -> Action | None:
    """Sans risque retenu, l'action dit venir de l'analyse ou de la grille où on l'a vue."""
    if valeurs is None:
        return None
    source = risque or (proposee.ligne.analyse if proposee.ligne else proposee.grille)
    return creer_action(cible=proposee.cible, par=par, origine=RISQUE, source=source, **valeurs)


@transaction.atomic
def ecarter(*, proposee: Proposee, par: Utilisateur, motif: str) -> SuiteDonnee:
    """N'en retient rien, et dit pourquoi. Lève `Refus` (droit, etat, champ)."""
    suite = _prendre(proposee, par)
    if not motif.strip():
        raise Refus("champ", SANS_MOTIF, champs={"motif": [SANS_MOTIF]})
    suite.issue, suite.motif = IssueSuite.ECARTEE, motif
    valider(suite)
    suite.save()
    return suite


def donnees(parcours: Parcours, *, par: Utilisateur) -> list[SuiteDonnee]:
    """Les suites données dans un ESMS, la dernière d'abord. Une requête ; le financeur n'en lit aucune."""
    lues = SuiteDonnee.objects.visibles_par(par).filter(parcours=parcours)
    return list(lues.select_related("risque", "action", "question", "ligne", "par"))


def compter_proposees(diriges: Sequence[Parcours], *, par: Utilisateur) -> dict[int, int]:
    """Combien de propositions attendent la direction, par ESMS qu'elle dirige ; les nuls exclus. Requêtes constantes.

    Ce que `proposees` montre ESMS par ESMS, compté pour tous à la fois.
    """
    grappes = Grappe.objects.filter(pk__in={p.grappe_id for p in diriges}).select_related("bareme_risques")
    de_grappe = {grappe.pk: bareme_de(grappe) for grappe in grappes}
    baremes = {p.pk: de_grappe[p.grappe_id] for p in diriges}
    rendu = dict.fromkeys(baremes, 0)
    lignes = LigneAnalyse.objects.filter(analyse__parcours__in=rendu, suites_donnees__isnull=True)
    par_cle = {p.pk: p for p in diriges}
    for ligne in lignes.select_related("analyse"):
        cle = ligne.analyse.parcours_id
        rendu[cle] += de_ligne(ligne, par_cle[cle], baremes[cle]) is not None
    lisibles = Grille.objects.lisibles_par(par).filter(evaluation__parcours__in=rendu).pour_lecture()
    rangees: dict[int, list[Grille]] = defaultdict(list)
    for grille in lisibles.order_by("pk"):
        rangees[grille.evaluation.parcours_id].append(grille)
    lues: dict[Bareme, list[Grille]] = defaultdict(list)
    for cle, grilles in rangees.items():
        lues[baremes[cle]] += _qui_parlent(grilles, par)
    for bareme, grilles in lues.items():
        for proposee in _de_grilles(grilles, bareme):
            rendu[proposee.cible.pk] += 1
    return {cle: nb for cle, nb in rendu.items() if nb}
