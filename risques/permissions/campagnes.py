"""Droits sur les campagnes, leurs évaluations et leurs grilles."""

from programme.enums import Role
from programme.models import Grappe, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire
from risques.enums import NatureGrille
from risques.models import Campagne, Evaluation, Grille

CAMPAGNE_AU_CHEF_DE_PROJET = "Une campagne revient au chef de projet de la grappe."
EVALUATION_RESERVEE = "Ce geste revient au chef de projet de la grappe, et à la direction pour son ESMS."
GRILLE_A_L_EVALUATEUR = "Cette grille se remplit par la personne désignée."
REPONSES_CACHEES = "Les réponses d'une autre personne se lisent une fois les vôtres transmises, et les siennes aussi."
REPONSES_DE_PRES = (
    "Ces réponses ne se lisent que par qui est de l'ESMS ou de la grappe évaluée ; le financeur ne les lit jamais."
)
EVALUATEUR = "Évaluateur"


@inscrire("risques.campagne", "ouvrir", "clore", "rouvrir")
def peut_conduire_campagne(utilisateur: Utilisateur, objet: Campagne | Grappe) -> Droit:
    """Préparer, ouvrir, clore : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), CAMPAGNE_AU_CHEF_DE_PROJET)


@inscrire("risques.grille", "valider", "demander_precision")
def peut_conduire_evaluation(utilisateur: Utilisateur, objet: Evaluation | Grille) -> Droit:
    """Désigner les évaluateurs, valider, tenir le consensus : le chef de projet ; la direction, pour son ESMS."""
    evaluation = objet.evaluation if isinstance(objet, Grille) else objet
    roles = (Role.CHEF_PROJET,) if evaluation.parcours_id is None else (Role.CHEF_PROJET, Role.DIRECTEUR)
    return tenir(utilisateur, evaluation, roles, EVALUATION_RESERVEE)


@inscrire("risques.grille", "commencer", "transmettre")
def peut_repondre_a(utilisateur: Utilisateur, grille: Grille) -> Droit:
    """Répondre et transmettre : la personne désignée ; une réunion, un consensus, aussi qui conduit l'évaluation.

    Un consensus montre les réponses de chacun : qui n'a pas transmis les siennes n'y entre pas.
    """
    if grille.nature == NatureGrille.CONSENSUS:
        siennes = Grille.objects.attendues_de(utilisateur).filter(evaluation=grille.evaluation_id)
        if siennes.exists():
            return Droit(False, REPONSES_CACHEES)
    if grille.evaluateur == utilisateur:
        return Droit(True, role=EVALUATEUR)
    if grille.nature != NatureGrille.INDIVIDUELLE:
        return peut_conduire_evaluation(utilisateur, grille)
    return Droit(False, GRILLE_A_L_EVALUATEUR)


def peut_lire_grille(utilisateur: Utilisateur, grille: Grille) -> Droit:
    """Lire ses réponses : la sienne ; celles d'un autre, une fois les deux transmises, si l'on conduit ou répond."""
    if peut_repondre_a(utilisateur, grille):
        return Droit(True)
    if not Grille.objects.visibles_par(utilisateur).filter(pk=grille.pk).exists():
        return Droit(False, REPONSES_DE_PRES)
    if not Grille.objects.lisibles_par(utilisateur).filter(pk=grille.pk).exists():
        return Droit(False, REPONSES_CACHEES)
    conduit = peut_conduire_evaluation(utilisateur, grille)
    repond = grille.evaluation.grilles.filter(evaluateur=utilisateur).exists()
    collective = grille.nature != NatureGrille.INDIVIDUELLE
    return Droit(True) if conduit or repond or collective else Droit(False, REPONSES_CACHEES)
