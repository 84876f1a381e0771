"""Sept séances tenues en quatorze mois, dont une sans quorum, et ce qu'elles ont décidé. Tout y est inventé.

Elles se rejouent avec les passages des ESMS : une condition levée l'est avant le passage qui s'en sert.
"""

from datetime import timedelta

from gouvernance.demonstration.gestes import (
    Confiee,
    Gouvernance,
    Sujet,
    Tenue,
    Tranche,
    diffuser,
    jour_de_diffusion,
    prevoir,
    tenir,
)
from gouvernance.demonstration.instances import COMOP, COSTRAT, UTILISATEURS, installer
from gouvernance.enums import EffetDecision, NaturePoint, SuitePoint
from programme.demonstration.ain_rhone.grappe import NOM
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import Recit

D, N, S = EffetDecision, NaturePoint, SuitePoint
EXPORT = "010784130"
"""L'ESMS dont l'export vers la pharmacie bloque : le COSTRAT lève la condition, et il passe."""
EN_AVANCE = "010780906"
RELEVE = "La relève de nuit coupe à minuit"
PANNE = "Que faire quand le DUI tombe la nuit"


def noter(recit: Recit, c: Calendrier) -> None:
    """Installe les instances, puis note chaque séance à sa date dans le récit de la grappe."""
    if recit.grappe.nom != NOM:
        return
    g = Gouvernance(recit.grappe, recit.chef, recit.comptes, recit.parcours)
    installer(g, c)
    for tenue in seances(c):
        prevue = tenue.le - timedelta(days=tenue.prevue)
        recit.noter(prevue, prevoir, g, tenue.comite, tenue.le, prevue_le=prevue, titre=tenue.titre, lieu=tenue.lieu)
        recit.noter(tenue.le, tenir, g, tenue)
        if tenue.diffusee:
            jour = jour_de_diffusion(tenue.le)
            recit.noter(jour, diffuser, g, tenue, jour)
    for comite, le, prevue_il_y_a, titre in (
        (COMOP, c.dans_jours(6), 40, ""),
        (UTILISATEURS, c.dans(1, 18), 3, ""),
        (COSTRAT, c.dans(2, 12), 18, "Bilan de l'année"),
    ):
        prevue = c.jours(prevue_il_y_a)
        recit.noter(prevue, prevoir, g, comite, le, prevue_le=prevue, titre=titre, lieu="Siège de l'association, Bourg")


def seances(c: Calendrier) -> tuple[Tenue, ...]:
    """De la plus ancienne à la plus récente."""
    return (*_du_modele_au_deploiement(c), *_cet_automne(c))


def _du_modele_au_deploiement(c: Calendrier) -> tuple[Tenue, ...]:
    return (
        Tenue(
            COSTRAT,
            c.mois(14, 15),
            titre="Le modèle commun",
            lieu="Siège de l'association, Bourg",
            absents=frozenset({"direction-surdite"}),
            sujets=(
                Sujet(
                    "Écouter les équipes avant de préparer",
                    N.DECISION,
                    30,
                    notes="Deux organismes l'ont déjà fait et disent ce que cela a changé ; personne ne s'y oppose.",
                    decision=Tranche(
                        "Pas de préparation sans concertation des équipes",
                        texte="Dans cette grappe, la concertation des équipes barre l'entrée en préparation.",
                        pourquoi="Une équipe qui découvre le DUI le jour de l'ouverture le contourne.",
                        effet=D.REGLAGE,
                        changement="Concertation des équipes : barre au lieu d'avertir",
                        appliquee=c.mois(14, 15),
                        revue_le=c.dans(3, 15),
                    ),
                ),
                Sujet("Le calendrier des vagues", duree=20, notes="Quatre vagues, pilotes compris."),
            ),
        ),
        Tenue(
            COMOP,
            c.mois(10, 22),
            titre="Après l'ajournement de la VA",
            sujets=(
                Sujet(
                    "Ne pas arrêter qui est prêt",
                    N.DECISION,
                    25,
                    expose="La vérification d'aptitude (VA) est ajournée : l'agenda et la relève de nuit.",
                    notes="L'ESMS est prêt et n'emploie ni l'agenda, ni la relève de nuit avant deux mois.",
                    decision=Tranche(
                        "Préparer l'ouverture sans attendre la VA",
                        cle="va",
                        texte="L'ESMS peut ouvrir le journal de bord sans la VA prononcée.",
                        pourquoi="La réserve ne touche pas le module qu'il ouvre.",
                        effet=D.LEVEE,
                        condition="va",
                        esms=(EN_AVANCE,),
                        jusqu_au=c.dans(1, 26),
                    ),
                ),
                Sujet("Les correctifs attendus de l'éditeur", N.INFORMATION, 10),
            ),
        ),
        Tenue(
            COMOP,
            c.mois(8, 5),
            titre="Avant la deuxième vague",
            excuses=frozenset({"direction-surdite"}),
            sujets=(
                Sujet(
                    "La VA est prononcée : refermer ce qu'on avait levé",
                    N.DECISION,
                    10,
                    notes="La levée n'a pas servi : l'ESMS ouvre le mois prochain, VA prononcée.",
                    decision=Tranche(
                        "La VA vaut de nouveau pour tous",
                        texte="La VA est prononcée avec réserves : la levée accordée à un ESMS n'a plus lieu d'être.",
                        remplace="va",
                        appliquee=c.mois(8, 5),
                    ),
                ),
                Sujet(
                    "Ce que les pilotes ont appris",
                    duree=30,
                    notes="Commencer par le journal de bord ; former la nuit comme le jour.",
                    informations=("Les enseignements de chaque pilote se lisent sur sa page.",),
                ),
            ),
        ),
    )


def _cet_automne(c: Calendrier) -> tuple[Tenue, ...]:
    return (
        Tenue(
            COMOP,
            c.jours(50),
            absents=frozenset({"direction-adultes", "direction-montagne", "direction-domicile"}),
            excuses=frozenset({"direction-residences", "direction-surdite", "direction-personnes-agees"}),
            sujets=(
                Sujet("Les ESMS en attente depuis plus d'un mois", notes="Passés en revue, sans rien trancher."),
                Sujet(PANNE, N.DECISION, 20, suite=S.A_TRAITER, notes="Pas de quorum : à reprendre."),
                Sujet(RELEVE, duree=15, suite=S.A_TRAITER, du_comite=True),
            ),
        ),
        Tenue(
            COMOP,
            c.jours(35),
            supplees=frozenset({"direction-adultes"}),
            sujets=(
                Sujet(
                    PANNE,
                    N.DECISION,
                    20,
                    notes="Une page par unité, affichée ; un essai à blanc avant chaque ouverture.",
                    decision=Tranche(
                        "Une procédure dégradée affichée avant d'ouvrir",
                        texte="Chaque unité affiche la sienne et l'essaie une fois, de nuit comprise.",
                        pourquoi="Trois pannes en un an, deux la nuit : le papier est revenu sans qu'on le décide.",
                        esms=("010780591", "010780864", "010006401", "420015380"),
                        revue_le=c.jours(2),
                    ),
                    action=Confiee(
                        "Écrire le modèle de procédure dégradée, jour et nuit",
                        "membre",
                        c.dans_jours(4),
                        "Une page, lisible par une remplaçante.",
                    ),
                ),
                Sujet(
                    RELEVE,
                    suite=S.TRAITE,
                    notes="L'éditeur a reproduit le défaut.",
                    reponse="Le correctif est demandé à l'éditeur ; d'ici là, la relève se rouvre à minuit cinq.",
                ),
                Sujet("Le correctif de l'agenda", N.INFORMATION, 10, informations=("Trois ESMS l'attendent.",)),
                Sujet("Les renforts d'été et leurs comptes", duree=15, suite=S.A_TRAITER),
            ),
        ),
        Tenue(
            COSTRAT,
            c.jours(20),
            lieu="Siège de l'association, Bourg",
            supplees=frozenset({"direction-residences"}),
            sujets=(
                Sujet("Où en sont les vagues 2 et 3", N.INFORMATION, 20, notes="Sept ESMS ont glissé d'un mois."),
                Sujet(
                    "L'export vers la pharmacie",
                    N.DECISION,
                    25,
                    expose="L'export reste manuel ; le correctif est promis par l'éditeur.",
                    notes="L'équipe ressaisit une fois par jour, et le fait relire.",
                    decision=Tranche(
                        "Mettre en service malgré l'export vers la pharmacie",
                        cle="export",
                        texte="L'export reste manuel jusqu'au correctif de l'éditeur, relu chaque jour.",
                        pourquoi="Tout le reste tient ; attendre ferait revenir le papier.",
                        effet=D.LEVEE,
                        condition="bloquants",
                        esms=(EXPORT,),
                        jusqu_au=c.dans(2, 26),
                        revue_le=c.dans(1, 12),
                    ),
                ),
                Sujet(
                    "Le poste d'accompagnatrice",
                    N.DECISION,
                    15,
                    decision=Tranche(
                        "Prolonger l'accompagnatrice jusqu'à la dernière vague",
                        effet=D.CALENDRIER,
                        changement="Accompagnement sur site jusqu'à la fin de la vague 4",
                        pourquoi="Les derniers ESMS sont aussi les plus petits : personne n'y est dégagé.",
                    ),
                ),
            ),
        ),
        Tenue(
            UTILISATEURS,
            c.jours(5),
            prevue=20,
            diffusee=False,
            sujets=(
                Sujet(
                    "Ce qui a changé depuis l'ouverture",
                    notes="On lit mieux ce qui s'est passé la nuit ; on écrit parfois deux fois.",
                    informations=("Deux équipes gardent un cahier à côté, faute de poste le soir.",),
                ),
                Sujet("Les mots de passe des remplaçantes", notes="Personne ne sait qui les donne le week-end."),
            ),
        ),
    )
