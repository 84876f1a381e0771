"""Le plan de changement de la démonstration : quatre leviers, une annonce en trois temps, des objectifs. Inventé."""

from dataclasses import dataclass
from datetime import date, timedelta

from formation.enums import Levier, MesureObjectif, PublicVise
from formation.models import Annonce
from formation.services.bilans import creer_objectif
from formation.services.changement import creer_mesure
from programme.demonstration.recit import franchir
from programme.models import Grappe, Parcours, Utilisateur

L, P = Levier, PublicVise


@dataclass(frozen=True)
class Geste:
    """Une action du plan : son levier, son public, dans combien de jours (négatif : passé), déjà faite ou non."""

    libelle: str
    levier: Levier
    public: PublicVise
    jours: int
    qui: str = ""
    faite: bool = False


DE_GRAPPE = (
    Geste("Une lettre du projet, un mois sur deux", L.COMMUNICATION, P.EQUIPES, 20, "Chargée de communication"),
    Geste("Un quart d'heure au CVS de chaque ESMS", L.INFORMATION, P.PERSONNES, 45),
    Geste("Les référents se retrouvent une matinée", L.INCLUSION, P.EQUIPES, -40, "Référente DUI du siège", True),
)
DE_L_IME = (
    Geste("Afficher « ce qui change lundi » à la relève", L.INFORMATION, P.EQUIPES, -12, "Cheffe de service", True),
    Geste("Expliquer le DUI aux jeunes, en pictogrammes", L.COMMUNICATION, P.PERSONNES, 9, "Éducatrice du groupe B"),
    Geste("Deux heures de pratique par petit groupe", L.FORMATION, P.EQUIPES, 14, "Référente DUI"),
    Geste("L'équipe choisit les rubriques du journal de bord", L.INCLUSION, P.EQUIPES, -30, "Cheffe de service", True),
    Geste("Répondre au CSE sur le temps d'écriture", L.COMMUNICATION, P.REPRESENTANTS, -3),
)
ANNONCE = {
    "contexte": "Deux cahiers, un logiciel pour la pharmacie, des feuilles volantes : la relève de nuit se perd.",
    "ambition": "Un seul journal, lisible par toute l'équipe. Ce qui ne change pas : on écrit pour la personne, "
    "et elle peut le lire.",
    "demarche": "Un groupe de l'équipe choisit les rubriques ; on commence par le journal de bord ; on se revoit à "
    "trois semaines pour dire ce qui ne va pas.",
}
OBJECTIFS = (
    ("Toute l'équipe sait s'en servir, nuit comprise", MesureObjectif.COUVERTURE, 90),
    ("Plus de cahier de liaison dans les unités", MesureObjectif.SUPPORTS, 100),
    ("Le journal de bord ouvert partout", MesureObjectif.OUVERTURES, 60),
    ("Les jeunes savent ce qui s'écrit sur eux", MesureObjectif.A_DIRE, None),
)


def raconter(cible: Parcours | Grappe, gestes: tuple[Geste, ...], par: Utilisateur, aujourdhui: date) -> None:
    """Les actions d'un plan, chacune décidée un mois avant son échéance."""
    for geste in gestes:
        echeance = aujourdhui + timedelta(days=geste.jours)
        mesure = creer_mesure(
            cible=cible,
            levier=geste.levier,
            public=geste.public,
            par=par,
            libelle=geste.libelle,
            echeance=echeance,
            responsable_nom=geste.qui,
            le=min(echeance, aujourdhui) - timedelta(days=30),
        )
        if geste.faite:
            franchir(mesure.action, "terminer", par=par, le=echeance)


def annoncer(parcours: Parcours, le: date) -> None:
    """L'annonce en trois temps, tenue ce jour-là : la date du fait est celle du récit."""
    Annonce.objects.create(parcours=parcours, date_prevue=le, date_tenue=le, lieu="Salle de réunion", **ANNONCE)


def fixer_des_objectifs(parcours: Parcours, par: Utilisateur) -> None:
    """Ce qu'on voulait au départ."""
    for intitule, mesure, part in OBJECTIFS:
        creer_objectif(cible=parcours, par=par, intitule=intitule, mesure=mesure, part_visee=part)
