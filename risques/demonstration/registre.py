"""Le registre de la démonstration : les suites des cent questions, ce que des ESMS craignent. Inventé."""

from collections.abc import Mapping
from datetime import date, timedelta

from programme.demonstration.ain_rhone.grappe import ENFANCE
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import a_neuf_heures
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.porte import changer_etat
from risques.enums import CategorieRisque, EtatAnalyse
from risques.models import AnalyseLocale, Grille, Risque, SuiteDonnee
from risques.services.analyses import enregistrer_analyse
from risques.services.registre import creer_risque
from risques.services.suites import ecarter, retenir, trouver, valeurs_proposees

C = CategorieRisque
MAISON = ENFANCE[2]
RETENUES, ECARTEES = 4, 2
MOTIF = "Déjà suivi par le comité technique de l'organisme : une seule liste suffit."

DES_ESMS: tuple[tuple[str, str, str, CategorieRisque, int, int, str], ...] = (
    (MAISON, "directrice", "Veilleurs de nuit jamais formés : la relève se perd", C.HUMAIN, 3, 4, ""),
    (MAISON, "directrice", "Réseau absent à l'étage de l'internat", C.TECHNIQUE, 3, 3, "Le prestataire réseau"),
    ("010780906", "voisin", "Retour au cahier papier à la première panne", C.ORGANISATIONNEL, 2, 3, ""),
    ("010784130", "direction-residences", "Réseau absent à l'étage de l'internat", C.TECHNIQUE, 2, 3, ""),
    ("380793612", "direction-domicile", "Deux chantiers informatiques la même saison", C.STRATEGIQUE, 3, 3, ""),
    ("420015380", "direction-domicile", "Retour au cahier papier à la première panne", C.ORGANISATIONNEL, 3, 2, ""),
)
EN_ATTENTE: tuple[tuple[str, str], ...] = (
    ("010789824", "direction-travail-logement"),
    ("380793612", "direction-domicile"),
)
"""Analyses transmises que la cheffe n'a pas encore lues."""
LIGNES = {
    C.ORGANISATIONNEL: (2, 3, "Deux réunions d'équipe par mois, déjà pleines."),
    C.FINANCIER: (1, 2, ""),
    C.HUMAIN: (3, 3, "Un poste d'éducateur sur quatre tourne dans l'année."),
    C.JURIDIQUE: (1, 3, ""),
    C.TECHNIQUE: (3, 2, "Trois tablettes pour deux équipes."),
    C.STRATEGIQUE: (2, 2, ""),
}


def suivre_les_risques(
    grappe: Grappe,
    parcours: Mapping[str, Parcours],
    comptes: Mapping[str, Utilisateur],
    consensus: Grille,
    c: Calendrier,
) -> None:
    """Les suites des cent questions, puis le registre des ESMS, puis leurs analyses en attente."""
    _donner_suite(comptes["cheffe"], consensus, c)
    for rang, (finess, qui, libelle, categorie, p, i, fonction) in enumerate(DES_ESMS):
        risque = creer_risque(
            cible=parcours[finess],
            par=comptes[qui],
            libelle=libelle,
            categorie=categorie,
            probabilite=p,
            impact=i,
            proprietaire=None if fonction else comptes[qui],
            proprietaire_nom=fonction,
            revue_le=c.dans(1 + rang % 3, 10),
        )
        _antidater(risque, c.jours(50 - 6 * rang))
    for finess, qui in EN_ATTENTE:
        _transmettre(parcours[finess], comptes[qui], c.jours(11))
    _preciser(parcours["010007391"], comptes, c)


def _antidater(risque: Risque, le: date) -> None:
    Risque.objects.filter(pk=risque.pk).update(cree_le=a_neuf_heures(le))


def _donner_suite(cheffe: Utilisateur, consensus: Grille, c: Calendrier) -> None:
    dites = consensus.reponses.filter(valeur__gte=8).select_related("question").order_by("-valeur", "question")
    for rang, reponse in enumerate(dites[: RETENUES + ECARTEES]):
        proposee = trouver(cheffe, {"grille": consensus.pk, "question": reponse.question_id})
        if proposee is None:
            continue
        if rang >= RETENUES:
            ecarter(proposee=proposee, par=cheffe, motif=MOTIF)
            continue
        valeurs = valeurs_proposees(proposee, cheffe)
        action = valeurs["action"] | {"echeance": c.dans_jours(15 + 10 * rang), "responsable": cheffe}
        suite = retenir(proposee=proposee, par=cheffe, action=action, risque=valeurs.get("risque"))
        if suite.risque and rang == 0:
            changer_etat(suite.risque, "traiter", par=cheffe)
    SuiteDonnee.objects.filter(grille=consensus).update(le=a_neuf_heures(c.jours(35)))


def _transmettre(parcours: Parcours, direction: Utilisateur, le: date) -> AnalyseLocale:
    """Dite puis transmise ce jour-là."""
    lignes = {str(categorie): {"probabilite": p, "impact": i, "mot": mot} for categorie, (p, i, mot) in LIGNES.items()}
    analyse = enregistrer_analyse(parcours=parcours, lignes=lignes, par=direction)
    if analyse.etat in (EtatAnalyse.A_FAIRE, EtatAnalyse.PRECISION):
        changer_etat(analyse, "transmettre", par=direction, date_effet=le)
    return analyse


def _preciser(parcours: Parcours, comptes: Mapping[str, Utilisateur], c: Calendrier) -> None:
    analyse = _transmettre(parcours, comptes["direction-adultes"], c.jours(16))
    changer_etat(
        analyse,
        "demander_precision",
        par=comptes["cheffe"],
        date_effet=c.jours(9) + timedelta(days=0),
        motif="Humain : combien de départs dans l'équipe mobile, et quand ?",
    )
