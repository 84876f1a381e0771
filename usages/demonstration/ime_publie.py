"""L'IME d'une monographie publiée par la CNSA (2025) : ses faits et ses chiffres ; la prose et les propos sont de nous.

La prose est dans `fixtures/demo/monographie-ime`, un fichier par section ; `@verbatim nuit` y nomme un propos d'ici.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from django.conf import settings

from usages.enums import (
    CodeFait,
    CodeSection,
    ForceEffet,
    FormeDeTemps,
    NatureConstat,
    PreuveEffet,
    SensEffet,
    SituationDite,
    ThemeEffet,
    VoixDite,
)

F, T, V = CodeFait, ThemeEffet, VoixDite
TITRE = "Un IME passe du cahier d'unité au dossier partagé"
SOUS_TITRE = "IME Léopold Bellan, Bry-sur-Marne"
SOURCE = "Monographies ESMS numérique, CNSA, 2025"
ANNONCEE, ACCEPTEE = date(2025, 5, 6), date(2025, 5, 13)
JOURS = (date(2025, 6, 2), date(2025, 6, 10))
RELUE, VALIDEE, PUBLIEE = date(2025, 9, 8), date(2025, 9, 22), date(2025, 9, 30)

FAITS: Mapping[CodeFait, str] = {
    F.TYPE: "Institut médico-éducatif (IME)",
    F.RAISON_SOCIALE: "IME Léopold Bellan",
    F.OG: "Fondation Léopold Bellan",
    F.STATUT: "Fondation",
    F.FINESS: "940711344",
    F.REGION: "Île-de-France",
    F.DEPARTEMENT: "Val-de-Marne",
    F.ARS: "Île-de-France",
    F.ETP: "62,4 ETP, dont quatre enseignantes mises à disposition par l'Éducation nationale",
    F.PERSONNES: "54 places en internat et 20 places en semi-internat",
    F.TYPOLOGIE: "Jeunes de 6 à 20 ans, porteurs d'une épilepsie et de troubles du neurodéveloppement associés",
    F.FINANCEMENT: "2021",
    F.PARAMETRAGE: "Octobre 2022",
    F.VSR: "Décembre 2022",
    F.FORMES_DUI: "Oui",
    F.FORMES_SOCLES: "Non",
    F.UTILISATION: "Moyen : plusieurs métiers s'en servent régulièrement",
    F.EFFETS_POSITIFS: (
        "Coordination interne des professionnels\n"
        "Coordination avec les intervenants extérieurs\n"
        "Gain de temps sur certaines tâches\n"
        "Qualité de l'accompagnement\n"
        "Qualité des écrits\n"
        "Pilotage des établissements"
    ),
    F.EFFETS_NEGATIFS: (
        "Appropriation difficile pour certains métiers\n"
        "Outils qui ne répondent pas assez aux besoins propres à l'établissement\n"
        "Interopérabilité"
    ),
    F.EFFET_QVCT: "Amélioration partielle : certains métiers en profitent plus que d'autres",
    F.MOTIVATION: "Oui",
    F.EFFET_AUTODETERMINATION: "Aucun effet",
    F.EFFET_ACCOMPAGNEMENT: "Oui, notable",
    F.EFFET_PILOTAGE: "Oui, de manière significative",
}
RENCONTRES: tuple[tuple[str, int], ...] = (
    ("Directrice", 1),
    ("Coordinateur", 1),
    ("Éducateurs", 5),
    ("Jeunes", 6),
    ("Assistante de direction", 1),
    ("Assistante sociale", 1),
    ("Assistante administrative", 1),
    ("Infirmier diplômé d'État (IDE)", 1),
)
DOCUMENTS = (
    "Contrat pluriannuel d'objectifs et de moyens (CPOM) 2024-2028",
    "Projet d'établissement 2014-2019",
    "Rapport d'évaluation externe",
)
SIGLES: Mapping[str, str] = {
    "ASE": "Aide sociale à l'enfance",
    "CDAPH": "Commission des droits et de l'autonomie des personnes handicapées",
    "CDD": "Contrat à durée déterminée",
    "DMP": "Dossier médical partagé",
    "HAS": "Haute Autorité de santé",
    "IA": "Intelligence artificielle",
    "IDE": "Infirmier diplômé d'État",
    "IMPRO": "Institut médico-professionnel",
    "MDPH": "Maison départementale des personnes handicapées",
    "PIA": "Projet individuel d'accompagnement",
    "SERAFIN-PH": "Réforme du financement des établissements et services pour personnes handicapées",
}

_O, _I, _C = FormeDeTemps.OBSERVATION, FormeDeTemps.INDIVIDUEL, FormeDeTemps.COLLECTIF
TEMPS: tuple[tuple[int, time, time, FormeDeTemps, str, str, str], ...] = (
    (0, time(9), time(9, 45), _I, T.DEPLOIEMENT, "La directrice", "Bureau de direction"),
    (0, time(10), time(11, 30), _O, T.ORGANISATION, "Relève et ateliers", "Section IMPRO"),
    (0, time(13, 30), time(15), _C, T.ORGANISATION, "Cinq éducateurs", "Salle de réunion"),
    (0, time(15, 15), time(16), _I, T.ACCOMPAGNEMENT, "L'infirmier", "Infirmerie"),
    (1, time(9, 30), time(10, 30), _C, T.AUTODETERMINATION, "Six jeunes, avec un éducateur", "Salle commune"),
    (1, time(10, 45), time(11, 30), _I, T.PILOTAGE, "Le coordinateur", "Bureau du coordinateur"),
    (1, time(13, 30), time(14, 45), _C, T.EFFICIENCE, "Les assistantes, de direction, sociale et administrative", ""),
)
"""Le jour (son rang), de quand à quand, comment, sur quoi, avec qui, où : notre programme, aux dates publiées."""


@dataclass(frozen=True)
class Propos:
    """Un propos inventé ; `code` : son nom dans la prose. `protege` : un mineur, et son représentant est d'accord."""

    code: str
    qui: str
    voix: VoixDite
    theme: ThemeEffet
    texte: str
    protege: bool = False

    @property
    def situation(self) -> SituationDite:
        """Mineure pour un jeune, majeure sinon."""
        return SituationDite.MINEUR if self.protege else SituationDite.MAJEUR


PROPOS = (
    Propos("habitude", "L'assistante de direction", V.PROFESSIONNEL, T.ORGANISATION,
           "J'imprime encore, par réflexe. Je sais pourtant que je ne rouvrirai pas la chemise."),
    Propos("nuit", "Un éducateur d'atelier", V.PROFESSIONNEL, T.ORGANISATION,
           "On voyait arriver un jeune épuisé sans savoir pourquoi. Maintenant je lis la nuit en posant mon sac, et je "
           "change l'atelier."),
    Propos("infirmerie", "Un soignant", V.PROFESSIONNEL, T.ORGANISATION,
           "Quand je sais qu'il y a eu une dispute, je commence par parler. Avant, c'était le traitement."),
    Propos("cahiers", "Une éducatrice", V.PROFESSIONNEL, T.QVCT,
           "Un cahier, on l'ouvrait quand on avait le temps. Là, c'est la première chose que je fais."),
    Propos("jeunes", "Un jeune de la section IMPRO", V.PERSONNE, T.AUTODETERMINATION,
           "Il y a mes rendez-vous, mon atelier, ce que je veux faire après. C'est à moi, tout ça.", protege=True),
    Propos("recul", "Le coordinateur", V.PROFESSIONNEL, T.ACCOMPAGNEMENT,
           "Trois jours après une bagarre, le bilan ne parlait que d'elle. On remonte six mois : c'est autre chose."),
)  # fmt: skip
TU = Propos(
    "tu", "Une professionnelle", V.PROFESSIONNEL, T.QVCT,
    "Le soir où le réseau est tombé, on a tout repris à la main et personne ne l'a compté."
)  # fmt: skip
"""Un propos dont l'accord a été retiré : il n'est dans aucun document."""


@dataclass(frozen=True)
class Constate:
    """Un constat et les codes de deux codeurs, (sens, force, preuve) ; un seul code vaut pour les deux."""

    nature: NatureConstat
    theme: ThemeEffet
    libelle: str
    codes: tuple[tuple[SensEffet, ForceEffet, PreuveEffet], ...]
    recurrence: str = ""
    propos: str = ""


_N, _S, _W, _P = NatureConstat, SensEffet, ForceEffet, PreuveEffet
CONSTATS = (
    Constate(_N.EFFET, T.ORGANISATION, "Les unités lisent les mêmes transmissions",
             ((_S.POSITIF, _W.FORTE, _P.OBSERVEE),), "Transmissions communes", "nuit"),
    Constate(_N.EFFET, T.ORGANISATION, "L'admission se prépare avant l'arrivée",
             ((_S.POSITIF, _W.MOYENNE, _P.CROISEE), (_S.POSITIF, _W.FORTE, _P.CROISEE))),
    Constate(_N.EFFET, T.ORGANISATION, "Lire les transmissions demande un temps de plus à la prise de poste",
             ((_S.NEGATIF, _W.MOYENNE, _P.CROISEE), (_S.MITIGE, _W.MOYENNE, _P.CROISEE)), "Temps de lecture"),
    Constate(_N.EFFET, T.QVCT, "On ne cherche plus l'information",
             ((_S.POSITIF, _W.MOYENNE, _P.CROISEE),), "Moins de recherche", "cahiers"),
    Constate(_N.EFFET, T.QVCT, "Des postes manquent au moment de valider les soins",
             ((_S.NEGATIF, _W.MOYENNE, _P.OBSERVEE),), "Équipement trop court"),
    Constate(_N.EFFET, T.AUTODETERMINATION, "La part des jeunes dans leur projet n'a pas changé",
             ((_S.AUCUN, _W.MOYENNE, _P.CROISEE),)),
    Constate(_N.EFFET, T.AUTODETERMINATION, "Ce que les jeunes disent laisse une trace",
             ((_S.POSITIF, _W.FAIBLE, _P.DITE), (_S.POSITIF, _W.MOYENNE, _P.DITE)), "", "jeunes"),
    Constate(_N.EFFET, T.ACCOMPAGNEMENT, "Les bilans s'appuient sur plusieurs mois",
             ((_S.POSITIF, _W.FORTE, _P.CROISEE),), "", "recul"),
    Constate(_N.EFFET, T.ACCOMPAGNEMENT, "Les crises sont relevées une par une",
             ((_S.POSITIF, _W.FORTE, _P.OBSERVEE),)),
    Constate(_N.EFFET, T.PILOTAGE, "Les extractions se corrigent dans un tableur",
             ((_S.NEGATIF, _W.MOYENNE, _P.DITE), (_S.NEGATIF, _W.FORTE, _P.DITE)), "Chiffres à reprendre"),
    Constate(_N.EFFET, T.EFFICIENCE, "Aucun gain financier ne se mesure encore",
             ((_S.AUCUN, _W.FAIBLE, _P.DITE),)),
    Constate(_N.LEVIER, T.DEPLOIEMENT, "Commencer par le journal de bord",
             ((_S.POSITIF, _W.FORTE, _P.CROISEE),), "Un seul module d'abord"),
    Constate(_N.LEVIER, T.DEPLOIEMENT, "Former entre pairs",
             ((_S.POSITIF, _W.MOYENNE, _P.CROISEE),), "Former entre pairs"),
    Constate(_N.FREIN, T.ACCOMPAGNEMENT, "Le projet individuel suit une nomenclature loin des mots du métier",
             ((_S.NEGATIF, _W.FORTE, _P.CROISEE),), "Vocabulaire de l'outil"),
    Constate(_N.FREIN, T.SECTEUR, "Ni messagerie sécurisée ni DMP : on ressaisit",
             ((_S.NEGATIF, _W.MOYENNE, _P.CROISEE),), "Services socles absents"),
)  # fmt: skip

CODEURS = ("cheffe", "appui")


def prose(cles: Mapping[str, int]) -> dict[CodeSection, str]:
    """La prose de chaque section écrite ; `cles` : la clé en base de chaque propos, par son code."""
    dossier: Path = settings.RACINE / "fixtures" / "demo" / "monographie-ime"
    textes = {}
    for fichier in sorted(dossier.glob("*.txt")):
        texte = fichier.read_text(encoding="utf-8").strip()
        for code, cle in cles.items():
            texte = texte.replace(f"@verbatim {code}\n", f"@verbatim {cle}\n")
        textes[CodeSection(fichier.stem)] = texte
    return textes
