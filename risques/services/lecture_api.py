"""Les risques d'un ESMS ou d'une grappe, en données simples : ce que l'API rend, avec les lectures des pages."""

from typing import Any

from programme.enums import EtatParcours, Role
from programme.models import Grappe, Parcours, Utilisateur
from risques.calculs.criticite import Bornes, niveau
from risques.calculs.echelle import arrondi
from risques.enums import CategorieRisque
from risques.models import AnalyseLocale, Risque
from risques.models.partages import confiees
from risques.services.baremes import bareme_de
from risques.services.chaleur import evaluations_lues
from risques.services.resultats import ResultatEvaluation, resultat_de

SANS_EVALUATION: dict[str, Any] = {
    "total": None,
    "sur": None,
    "complet": None,
    "date": None,
    "nature": None,
    "phase": None,
    "etoilees": None,
    "version": None,
    "sections": [],
}


def risques_du_parcours(parcours: Parcours, par: Utilisateur) -> dict[str, Any]:
    """Son dernier questionnaire rendu, son analyse, son registre."""
    bornes = bareme_de(parcours.grappe).bornes
    analyse = AnalyseLocale.objects.visibles_par(par).filter(parcours=parcours).avec_lignes().first()
    return {
        "parcours": parcours.pk,
        "grappe": parcours.grappe_id,
        "esms": parcours.esms,
        **_evaluation(parcours.grappe, parcours, par),
        "analyse": _analyse(analyse, bornes),
        "registre": _registre(Risque.objects.filter(parcours=parcours), par, bornes),
    }


def risques_de_la_grappe(grappe: Grappe, par: Utilisateur) -> dict[str, Any]:
    """Sa dernière évaluation rendue ; les analyses et le registre, ESMS lus compris, sans copie."""
    bornes = bareme_de(grappe).bornes
    vues = (
        AnalyseLocale.objects.visibles_par(par)
        .filter(parcours__grappe=grappe)
        .exclude(parcours__etat=EtatParcours.SORTI)
    )
    lues = vues.select_related("parcours__esms").avec_lignes().order_by("parcours__esms__tri", "pk")
    return {
        "grappe": grappe.pk,
        **_evaluation(grappe, None, par),
        "analyses": [{"parcours": a.parcours_id, "esms": a.parcours.esms} | (_analyse(a, bornes) or {}) for a in lues],
        "registre": _registre(
            Risque.objects.filter(grappe=grappe).exclude(parcours__etat=EtatParcours.SORTI), par, bornes
        ),
    }


def _evaluation(grappe: Grappe, parcours: Parcours | None, par: Utilisateur) -> dict[str, Any]:
    derniere = evaluations_lues(grappe, par).filter(parcours=parcours).last()
    return _resultat(resultat_de(derniere)) if derniere else SANS_EVALUATION


def _resultat(lue: ResultatEvaluation) -> dict[str, Any]:
    resultat, campagne = lue.resultat, lue.evaluation.campagne
    if resultat is None:
        return SANS_EVALUATION
    version = campagne.version_posee
    return {
        "total": resultat.affiche,
        "sur": arrondi(resultat.sur),
        "complet": resultat.complet,
        "date": lue.le,
        "nature": lue.nature,
        "phase": campagne.phase,
        "etoilees": campagne.etoilees,
        "version": {
            "questionnaire": version.questionnaire.code,
            "numero": version.numero,
            "sens": version.sens,
            "grappe": version.grappe_id,
        },
        "sections": [
            {
                "code": s.code,
                "nom": s.nom,
                "valeur": s.affiche,
                "sur": float(s.sur),
                "nb_notees": s.n,
                "somme": float(s.somme),
                "inverse": float(s.inverse),
            }
            for s in resultat.sections
        ],
    }


def _analyse(analyse: AnalyseLocale | None, bornes: Bornes) -> dict[str, Any] | None:
    """Ses six lignes, telles que transmises la dernière fois ; tant que rien ne l'est, seulement où elle en est."""
    if analyse is None:
        return None
    dites = {x.categorie: x for x in analyse.lignes_transmises}
    lignes = [(c, dites[c]) for c in CategorieRisque if c in dites]
    return {
        "etat": analyse.etat,
        "transmise_le": analyse.transmise_le,
        "categories": [
            {
                "categorie": c,
                "probabilite": x.probabilite,
                "impact": x.impact,
                "criticite": x.criticite,
                "niveau": niveau(x.criticite, bornes) if x.criticite else None,
                "mot": x.mot,
            }
            for c, x in lignes
        ],
    }


def _registre(risques: Any, par: Utilisateur, bornes: Bornes) -> list[dict[str, Any]]:
    """Tout le registre visible, clos compris, du plus grave au moins grave.

    De ce qu'un partage lui ouvre, le financeur ne lit ni la précision, ni qui suit le risque.
    """
    vus = risques.visibles_par(par).avec_criticite().pour_lecture().order_by("-criticite", "-criticite_brute", "pk")
    tus: set[int] = set()
    if par.perimetre.tient(Role.ARS):
        tus = set(vus.exclude(confiees(par, "parcours", "grappe")).order_by().values_list("pk", flat=True))
    return [
        {
            "id": r.pk,
            "parcours": r.parcours_id,
            "libelle": r.libelle,
            "precision": "" if r.pk in tus else r.precision,
            "categorie": r.categorie,
            "etat": r.etat,
            "probabilite": r.probabilite,
            "impact": r.impact,
            "criticite": r.brut,
            "probabilite_residuelle": r.probabilite_residuelle,
            "impact_residuel": r.impact_residuel,
            "criticite_residuelle": r.residuel,
            "niveau": niveau(r.cote, bornes),
            "proprietaire": "" if r.pk in tus else r.nom_du_proprietaire,
            "revue_le": r.revue_le,
            "version": r.version,
        }
        for r in vus
    ]
