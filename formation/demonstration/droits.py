"""Les droits d'accès de la démonstration : le modèle de la grappe, la variante de chaque ESMS qui ouvre."""

from datetime import date

from formation.calculs.coherence import PORTEE
from formation.enums import DroitAcces, MotifType, PorteeAcces
from formation.models import ConnexionVerifiee, Matrice
from formation.services import matrices, profils
from formation.services.raisons import RaisonDite, donner_raisons
from programme.demonstration.recit import franchir
from programme.models import Grappe, Module, Parcours, Unite, Utilisateur

EQUIPE = "L'équipe se relaie auprès des mêmes personnes : chacun lit ce que l'autre a écrit."
PETITE = "Petite équipe : la même personne tient l'accueil et la facturation."


def batir_le_modele(grappe: Grappe, par: Utilisateur, le: date) -> Matrice:
    """Le modèle type, ses choix expliqués, validé ce jour-là."""
    matrice = profils.partir_du_type(grappe=grappe, par=par)
    _expliquer(matrice, par, le)
    franchir(matrice, "valider", par=par, le=le)
    return matrice


def valider_la_variante(parcours: Parcours, par: Utilisateur, le: date, rang: int) -> None:
    """La variante de l'ESMS, validée ; la même si elle l'est déjà. Un ESMS sur trois ouvre à toute l'équipe."""
    if Matrice.objects.en_vigueur().filter(parcours=parcours).exists():
        return
    matrice = matrices.ouvrir_variante(parcours=parcours, par=par, au_modele=True)
    if rang % 3 == 0:
        ouvrir_a_toute_l_equipe(matrice, par)
    _expliquer(matrice, par, le)
    franchir(matrice, "valider", par=par, le=le)


def ouvrir_a_toute_l_equipe(matrice: Matrice, par: Utilisateur, module: str = "journal-de-bord") -> None:
    """Le journal de bord de toutes les personnes, pour chaque profil qui y écrit."""
    cle = Module.objects.get(code=module).pk
    cases = dict(matrices.cases(matrice))
    for (profil, lu), (droit, _) in list(cases.items()):
        if lu == cle and droit != DroitAcces.AUCUN:
            cases[profil, lu] = (droit, PorteeAcces.TOUTES)
    matrices.ecrire_cases(matrice, cases, par=par)


def _expliquer(matrice: Matrice, par: Utilisateur, le: date) -> None:
    """Une raison pour chaque choix qui en demande une."""
    raisons = {
        (m.regle, m.cle): RaisonDite(MotifType.EQUIPE, EQUIPE)
        if m.regle == PORTEE
        else RaisonDite(MotifType.PETITE_EQUIPE, PETITE)
        for m in matrice.reste_a_expliquer()
    }
    if raisons:
        donner_raisons(matrice=matrice, raisons=raisons, par=par, decidee_le=le)


def soumettre_une_variante(parcours: Parcours, par: Utilisateur, le: date) -> None:
    """Une variante préparée, que la direction trouve à valider."""
    matrice = matrices.ouvrir_variante(parcours=parcours, par=par, au_modele=True)
    ouvrir_a_toute_l_equipe(matrice, par)
    _expliquer(matrice, par, le)
    franchir(matrice, "soumettre", par=par, le=le)


def verifier_les_connexions(unite: Unite, par: Utilisateur, le: date) -> None:
    """Chacun a son compte dans l'unité, et s'est connecté."""
    ConnexionVerifiee.objects.get_or_create(unite=unite, defaults={"verifiee_par": par, "verifiee_le": le})
