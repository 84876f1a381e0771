"""Le cas publié par la CNSA, rejoué : les comptes sont ceux du texte, le reste est fictif, sans hasard ni personne.

111 grappes → 44 OG, 9 exceptions, 86 réponses, six projets, puis cinq. Ce que le texte ne dit pas (combien de grappes
passent, la taille d'un OG « important », les notes) est une valeur d'essai.
"""

from itertools import cycle

from usages.calculs.classement import Critere, Departage, RegleDeClassement
from usages.calculs.entonnoir import Etape, Exceptions, Filtre, Passage, Readmission, Selection
from usages.calculs.prerequis import Prerequis
from usages.calculs.quotas import Partage, Plafond, Quota
from usages.calculs.unites_entonnoir import Nature, Unite, Valeur

Dits = dict[str, Valeur]

REGIONS = ("Bretagne", "Normandie", "Occitanie", "Grand Est", "Pays de la Loire", "Île-de-France")
EDITEURS = ("Éditeur A", "Éditeur B", "Éditeur C", "Éditeur D", "Éditeur E")
SECTEURS = ("PA", "PA", "PH_ADULTE", "PH_ENFANT", "PA", "PH_ADULTE")
OG_IMPORTANT, PETIT = 10, 2
HORS_HEXAGONE = ("Corse", "La Réunion", "Guadeloupe", "Martinique", "Guyane", "Mayotte")

ACQUISITION = Prerequis(
    "acquisition", "Projet d'acquisition", "parmi", {"fait": "type", "valeurs": ("acquisition",)}, "pas une acquisition"
)
VSR = Prerequis("vsr", "VSR signée", "est_vrai", {"fait": "vsr"}, "VSR non signée")
MONO_OG = Prerequis(
    "mono-og",
    "Un seul OG, ou un OG important",
    "un_seul_ou_au_moins",
    {"nombre": "nb_og", "taille": "plus_grand_og", "seuil": OG_IMPORTANT},
    "plusieurs OG, aucun important",
)
HEXAGONE = Prerequis(
    "hexagone", "Dans l'Hexagone", "hors_de", {"fait": "region", "valeurs": HORS_HEXAGONE}, "hors Hexagone"
)
IMPORTANT = Prerequis(
    "og-important", "OG seul, ou important", "un_seul_ou_au_moins",
    {"nombre": "nb_og", "taille": "esms", "seuil": OG_IMPORTANT}, "pas assez d'ESMS",
)  # fmt: skip

MONO, A_DEUX, PARTAGEE = 33, 5, 1
"""Grappes qui passent : 33 d'un seul OG, 5 de deux OG importants, 1 dont l'OG est déjà celui d'une autre."""


def grappes() -> tuple[Unite, ...]:
    """Les 111 grappes : 39 qui passent, 9 du domicile qu'on réadmettra, 63 autres."""

    def grappe(n: int, **faits: Valeur) -> Unite:
        base: Dits = {"type": "acquisition", "vsr": True, "nb_og": 1, "plus_grand_og": 16, "region": REGIONS[n % 6]}
        return Unite(Nature.GRAPPE, f"{n:03}", f"Grappe {n:03}", {**base, **faits})

    passent = [grappe(n, nb_og=1 if n <= MONO else 3) for n in range(1, MONO + A_DEUX + PARTAGEE + 1)]
    leves: cycle[Dits] = cycle([{"type": "mixte"}, {"type": "mise_en_conformite"}, {"type": "mixte", "vsr": False}])
    domicile = [grappe(n, **faits) for n, faits in zip(range(40, 49), leves, strict=False)]
    defauts: cycle[Dits] = cycle(
        [
            {"type": "usages"},
            {"vsr": False},
            {"nb_og": 6, "plus_grand_og": 4},
            {"region": "La Réunion"},
            {"vsr": None},
            {"type": "mise_en_conformite", "vsr": False},
        ]
    )
    return (*passent, *domicile, *(grappe(n, **faits) for n, faits in zip(range(49, 112), defauts, strict=False)))


def organismes() -> tuple[Unite, ...]:
    """Les OG des grappes qui passent : 44 à solliciter, et de petits OG qui ne le seront pas."""

    def og(cle: str, esms: int, nb_og: int, *de: int) -> Unite:
        faits = {"esms": esms, "nb_og": nb_og}
        return Unite(Nature.OG, cle, f"OG {cle}", faits, tuple(f"grappe:{n:03}" for n in de))

    seuls = [og(f"{n:03}", 16, 1, n, *([39] if n == 1 else [])) for n in range(1, MONO + 1)]
    a_deux = [og(f"{n:03}{lettre}", 12, 3, n) for n in range(34, 39) for lettre in "ab"]
    petits = [og(f"{n:03}c", PETIT, 3, n) for n in range(34, 40)]
    quarante_quatrieme = [og("039a", 11, 3, 39)]
    return (*seuls, *a_deux, *quarante_quatrieme, *petits)


def exceptions() -> tuple[Readmission, ...]:
    """Neuf projets du domicile, trop peu nombreux sans cela : le type levé pour tous, la VSR pour trois."""
    return tuple(
        Readmission(
            f"grappe:{n:03}",
            "Trop peu de projets du domicile",
            frozenset({"acquisition", "vsr"} if (n - 40) % 3 == 2 else {"acquisition"}),
            Unite(Nature.PROJET, f"D{n}", f"Projet domicile {n}", {"secteur": "DOMICILE"}),
        )
        for n in range(40, 49)
    )


THEMES = (
    ("deploiement", "Avancement du déploiement", 10),
    ("utilisation", "Niveau d'utilisation", 10),
    ("metiers", "Effets sur les métiers", 20),
    ("autodetermination", "Autodétermination", 20),
    ("accompagnements", "Effets sur les accompagnements", 20),
    ("qvct", "QVCT", 10),
    ("efficience", "Efficience", 10),
)
CENT_POINTS = RegleDeClassement(
    tuple(Critere(fait, libelle, sur, sur) for fait, libelle, sur in THEMES),
    (Departage("autodetermination", "la meilleure autodétermination"),),
)
VALORISES = RegleDeClassement(
    (
        Critere("total", "note du questionnaire", 100, 60),
        Critere("motivation", "motivation", 5, 20),
        Critere("transmission", "capacité à transmettre", 5, 20),
    ),
    (Departage("transmission", "la meilleure capacité à transmettre"),),
)
QUOTAS = (
    Quota("secteur", "PA", 2, "Personnes âgées"),
    Quota("secteur", "PH_ADULTE", 1, "Handicap, adultes"),
    Quota("secteur", "PH_ENFANT", 1, "Handicap, enfants"),
    Quota("secteur", "DOMICILE", 1, "Domicile"),
)
DIVERSITE = (
    Plafond("projet", 1, "du même projet"),
    Plafond("region", 2, "de la même région"),
    Plafond("editeur", 2, "du même éditeur"),
)
CONTRASTE = "structure:40"
"""Une note moyenne, gardée exprès : ce qui a coincé s'apprend là."""


def reponses() -> tuple[Unite, ...]:
    """86 structures : deux pour 36 OG, une pour 6, une pour 8 projets du domicile ; le reste n'a rien relayé."""
    ogs = [og for og in organismes() if og.faits["esms"] != PETIT]
    domicile = [e.comme for e in exceptions() if e.comme]
    sources = [*ogs[:36], *ogs[:36], *ogs[36:42], *domicile[:8]]
    return tuple(_structure(n, source) for n, source in enumerate(sources, start=1))


def _structure(n: int, source: Unite) -> Unite:
    notes = {fait: str((n * (7 + 4 * k) + 3 * k) % (2 * sur + 1) / 2) for k, (fait, _, sur) in enumerate(THEMES)}
    faits = {
        **notes,
        "secteur": source.faits.get("secteur") or SECTEURS[n % 6],
        "region": REGIONS[(n * 5 + n // 7) % 6],
        "editeur": EDITEURS[(n * 3 + n // 4) % 5],
        "projet": source.cle,
    }
    return Unite(Nature.STRUCTURE, f"{n:02}", f"Structure {n:02}", faits, (source.ref,))


def projets() -> tuple[Unite, ...]:
    """Un projet par structure qui a répondu, avec ce que disent les critères valorisés."""
    rendu = []
    for n, s in enumerate(reponses(), start=1):
        total = sum(float(str(s.faits[fait])) for fait, _, _ in THEMES)
        faits: Dits = {fait: s.faits[fait] for fait in ("secteur", "region", "editeur")}
        valorises: Dits = {"total": str(total), "motivation": 1 + n % 5, "transmission": 1 + n * 3 % 5}
        rendu.append(Unite(Nature.PROJET, f"P{n:02}", f"Projet {n:02}", {**faits, **valorises}, (s.ref,)))
    return tuple(rendu)


def etapes() -> tuple[Etape, ...]:
    """L'entonnoir publié, étape par étape."""
    avances, questionnaire, six, cinq = "Projets avancés", "Questionnaire", "Six projets", "Cinq projets"
    return (
        Filtre(code="prerequis", titre="Prérequis", palier=avances, prerequis=(ACQUISITION, VSR, MONO_OG, HEXAGONE)),
        Passage(
            code="og", titre="Organismes", palier=avances, vers=Nature.OG, unites=organismes(), prerequis=(IMPORTANT,)
        ),
        Exceptions(code="exceptions", titre="Élargir au domicile", de="prerequis", exceptions=exceptions()),
        Passage(
            code="reponses",
            titre="Réponses",
            palier=questionnaire,
            vers=Nature.STRUCTURE,
            unites=reponses(),
            sans_suite="n'a relayé aucune réponse",
        ),
        Selection(
            code="six",
            titre="Les plus pertinentes",
            palier=six,
            regle=CENT_POINTS,
            partage=Partage(6, QUOTAS, DIVERSITE, {CONTRASTE: "une note moyenne, et un déploiement difficile"}),
        ),
        Passage(code="projets", titre="Leurs projets", palier=six, vers=Nature.PROJET, unites=projets()),
        Selection(code="cinq", titre="Quotas", palier=cinq, regle=VALORISES, partage=Partage(5, QUOTAS, DIVERSITE[1:])),
    )
