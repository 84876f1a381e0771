"""Le modèle de départ : l'entonnoir publié par la CNSA, prêt à régler (metier §10)."""

from django.db import transaction

from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from usages.calculs.classement import Critere, Departage, RegleDeClassement
from usages.calculs.definitions_entonnoir import definition_de
from usages.calculs.entonnoir import Etape, Exceptions, Filtre, Passage, Selection
from usages.calculs.faits_entonnoir import CONNUS, HORS_HEXAGONE
from usages.calculs.prerequis import Prerequis
from usages.calculs.quotas import Partage, Plafond, Quota
from usages.enums import GenreEtape
from usages.models import EtapeEtude, Etude
from usages.services.etudes.etapes import ecrire_etape, prendre_les_unites
from usages.services.etudes.etudes import etude_verrouillee, exiger_conduite
from usages.services.etudes.sources import OG, PROJETS, REPONSES, VERS

OG_IMPORTANT = 10
"""ESMS d'un OG « important » : la CNSA ne donne pas de seuil, celui-ci se règle."""
DEJA_DES_ETAPES = "L'entonnoir a déjà des étapes : retirez-les avant de repartir du modèle."

AVANCES, QUESTIONNAIRE, SIX, CINQ = "Projets avancés", "Questionnaire", "Six projets", "Cinq projets"
_THEMES = ("deploiement", "utilisation", "metiers", "autodetermination", "accompagnements", "qvct", "efficience")
_PREREQUIS = (
    Prerequis(
        "acquisition",
        "Projet d'acquisition",
        "parmi",
        {"fait": "type", "valeurs": ["acquisition"]},
        "pas une acquisition",
    ),
    Prerequis("vsr", "VSR signée", "est_vrai", {"fait": "vsr"}, "VSR non signée"),
    Prerequis(
        "mono-og",
        "Un seul OG, ou un OG important",
        "un_seul_ou_au_moins",
        {"nombre": "nb_og", "taille": "plus_grand_og", "seuil": OG_IMPORTANT},
        "plusieurs OG, aucun important",
    ),
    Prerequis(
        "hexagone",
        "Dans l'Hexagone",
        "hors_de",
        {"fait": "region", "valeurs": list(HORS_HEXAGONE)},
        "hors de l'Hexagone",
    ),
)
_OG_SEUL_OU_IMPORTANT = Prerequis(
    "og-important",
    "OG seul, ou important",
    "un_seul_ou_au_moins",
    {"nombre": "nb_og", "taille": "esms", "seuil": OG_IMPORTANT},
    "pas assez d'ESMS",
)
_QUOTAS = (
    Quota("secteur", "PA", 2, "Personnes âgées"),
    Quota("secteur", "PH_ADULTE", 1, "Handicap, adultes"),
    Quota("secteur", "PH_ENFANT", 1, "Handicap, enfants"),
    Quota("secteur", "DOMICILE", 1, "Domicile"),
)
_DIVERSITE = (Plafond("region", 2, "de la même région"), Plafond("editeur", 2, "du même éditeur"))
_CENT_POINTS = RegleDeClassement(
    tuple(Critere(code, CONNUS[code].libelle, CONNUS[code].sur, CONNUS[code].sur) for code in _THEMES),
    (Departage("autodetermination", "la meilleure autodétermination"),),
)
_VALORISES = RegleDeClassement(
    (
        Critere("total", "note du questionnaire", 100, 60),
        Critere("motivation", "motivation", 5, 20),
        Critere("transmission", "capacité à transmettre", 5, 20),
    ),
    (Departage("transmission", "la meilleure capacité à transmettre"),),
)


def etapes_du_modele() -> list[tuple[Etape, str]]:
    """Les sept étapes, et la source des unités de chaque passage ; vide pour les autres."""
    og = Passage(
        code="og",
        titre="Organismes",
        palier=AVANCES,
        vers=VERS[OG],
        unites=(),
        prerequis=(_OG_SEUL_OU_IMPORTANT,),
        sans_suite="aucun de ses OG n'est seul ou important",
    )
    reponses = Passage(
        code="reponses",
        titre="Réponses",
        palier=QUESTIONNAIRE,
        vers=VERS[REPONSES],
        unites=(),
        sans_suite="n'a relayé aucune réponse",
    )
    projets = Passage(code="projets", titre="Leurs projets", palier=SIX, vers=VERS[PROJETS], unites=())
    un_par_projet = Plafond("projet", 1, "du même projet")
    return [
        (Filtre(code="prerequis", titre="Prérequis", palier=AVANCES, prerequis=_PREREQUIS), ""),
        (og, OG),
        (Exceptions(code="exceptions", titre="Exceptions", de="prerequis", exceptions=()), ""),
        (reponses, REPONSES),
        (
            Selection(
                code="six",
                titre="Les plus pertinentes",
                palier=SIX,
                regle=_CENT_POINTS,
                partage=Partage(6, _QUOTAS, (un_par_projet, *_DIVERSITE)),
            ),
            "",
        ),
        (projets, PROJETS),
        (
            Selection(
                code="cinq", titre="Quotas", palier=CINQ, regle=_VALORISES, partage=Partage(5, _QUOTAS, _DIVERSITE)
            ),
            "",
        ),
    ]


@transaction.atomic
def partir_du_modele(*, etude: Etude, par: Utilisateur) -> list[EtapeEtude]:
    """Pose les étapes du modèle et prend ce que chaque passage peut prendre. Lève `Refus` (droit, etat)."""
    relue = etude_verrouillee(etude)
    exiger_conduite(relue, par)
    if relue.etapes.exists():
        raise Refus("etat", DEJA_DES_ETAPES)
    posees = []
    for etape, source in etapes_du_modele():
        definition = definition_de(etape) | ({"source": source} if source else {})
        ecrite = ecrire_etape(
            etude=relue,
            genre=etape.genre,
            titre=etape.titre,
            palier=etape.palier,
            code=etape.code,
            definition=definition,
            par=par,
        )
        if ecrite.genre == GenreEtape.PASSAGE:
            prendre_les_unites(etape=ecrite, par=par)
        posees.append(ecrite)
    return posees
