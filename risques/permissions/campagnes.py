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
REPONSES_DE_CHACUN = "Les réponses de chacun se lisent par qui conduit l'évaluation ou y répond : à vous, le résultat."
REPONSES_DE_PRES = (
    "Ces réponses ne se lisent que par qui est de l'ESMS ou de la grappe évaluée ; le financeur ne les lit jamais."
)
LA_VOTRE = "C'est votre propre réponse : quelqu'un d'autre la valide, ou y demande une précision."
LES_VOTRES_D_ABORD = "Transmettez d'abord vos réponses : jusque-là, vous ne lisez ni ne jugez celles des autres."
EVALUATEUR = "Évaluateur"


@inscrire("risques.campagne", "ouvrir", "clore", "rouvrir")
def peut_conduire_campagne(utilisateur: Utilisateur, objet: Campagne | Grappe) -> Droit:
    """Préparer, ouvrir, clore : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), CAMPAGNE_AU_CHEF_DE_PROJET)


def peut_conduire_evaluation(utilisateur: Utilisateur, objet: Evaluation | Grille) -> Droit:
    """Désigner les évaluateurs, tenir le consensus : le chef de projet ; la direction, pour son ESMS."""
    evaluation = objet.evaluation if isinstance(objet, Grille) else objet
    roles = (Role.CHEF_PROJET,) if evaluation.parcours_id is None else (Role.CHEF_PROJET, Role.DIRECTEUR)
    return tenir(utilisateur, evaluation, roles, EVALUATION_RESERVEE)


@inscrire("risques.grille", "valider", "demander_precision")
def peut_juger_grille(utilisateur: Utilisateur, grille: Grille) -> Droit:
    """Valider, demander une précision : qui conduit, hors sa propre réponse, et une fois celle-ci transmise."""
    return juger_grille(utilisateur, grille, _doit_repondre(utilisateur, grille))


def juger_grille(utilisateur: Utilisateur, grille: Grille, doit_repondre: bool) -> Droit:
    """Le même droit, sans requête. Une réunion, un consensus ne sont la réponse de personne."""
    if grille.nature == NatureGrille.INDIVIDUELLE and grille.evaluateur == utilisateur:
        return Droit(False, LA_VOTRE)
    droit = peut_conduire_evaluation(utilisateur, grille)
    return Droit(False, LES_VOTRES_D_ABORD) if droit and doit_repondre else droit


def _doit_repondre(utilisateur: Utilisateur, grille: Grille) -> bool:
    if grille._state.adding:
        return False
    return bool(Grille.objects.attendues_de(utilisateur).filter(evaluation=grille.evaluation_id).exists())


@inscrire("risques.grille", "commencer", "transmettre")
def peut_repondre_a(utilisateur: Utilisateur, grille: Grille) -> Droit:
    """Répondre et transmettre : la personne désignée ; une réunion, un consensus, aussi qui conduit l'évaluation.

    Encore faut-il être toujours de l'ESMS ou de la grappe. Une réponse à plusieurs dit ce que pensent les autres : qui
    n'a pas transmis les siennes n'y entre pas.
    """
    collective = grille.nature != NatureGrille.INDIVIDUELLE
    tenue = grille.evaluateur == utilisateur
    if not collective and not tenue:
        return Droit(False, GRILLE_A_L_EVALUATEUR)
    if not Grille.objects.visibles_par(utilisateur).filter(pk=grille.pk).exists():
        return Droit(False, REPONSES_DE_PRES)
    if collective and _doit_repondre(utilisateur, grille):
        return Droit(False, REPONSES_CACHEES)
    return Droit(True, role=EVALUATEUR) if tenue else peut_conduire_evaluation(utilisateur, grille)


def peut_lire_grille(utilisateur: Utilisateur, grille: Grille) -> Droit:
    """Lire ses réponses : la sienne ; celles d'un autre, une fois les deux transmises, si l'on conduit ou répond."""
    if peut_repondre_a(utilisateur, grille):
        return Droit(True)
    if not Grille.objects.visibles_par(utilisateur).filter(pk=grille.pk).exists():
        return Droit(False, REPONSES_DE_PRES)
    if not Grille.objects.lisibles_par(utilisateur).filter(pk=grille.pk).exists():
        return Droit(False, REPONSES_CACHEES)
    collective = grille.nature != NatureGrille.INDIVIDUELLE
    if collective or Evaluation.objects.detaillees_a(utilisateur).filter(pk=grille.evaluation_id).exists():
        return Droit(True)
    return Droit(False, REPONSES_DE_CHACUN)
