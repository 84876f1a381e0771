"""Les mots d'un fichier du personnel : intitulés de colonnes, métiers, rythmes, et ce qu'ils veulent dire. Module pur.

Seulement ce qui ne peut dire qu'une chose : « AS » (aide-soignant ou assistant social), « ES », « cadre », « agent »
manquent exprès, la personne choisit.
"""

import re
from collections.abc import Iterable, Sequence

from formation.enums import Rythme
from programme.socle.liaisons import ESMS, Choix
from programme.socle.texte import normaliser

MATRICULE, NOM, PRENOM, METIER, UNITE = "matricule", "nom", "prenom", "metier", "unite"
ENTREE, SORTIE, RYTHME, COURRIEL = "entree", "sortie", "rythme", "courriel"

COLONNES: dict[str, str] = {
    MATRICULE: "Matricule",
    NOM: "Nom",
    PRENOM: "Prénom",
    METIER: "Métier",
    ESMS: "ESMS",
    UNITE: "Unité",
    ENTREE: "Entrée",
    SORTIE: "Sortie",
    RYTHME: "Rythme",
    COURRIEL: "Courriel professionnel",
}
"""Code → intitulé, dans l'ordre de la feuille rendue."""

INDISPENSABLES = (MATRICULE, NOM, METIER, ESMS, ENTREE)
A_MOTS = (METIER, ESMS, UNITE, RYTHME)
"""Colonnes dont chaque mot se relie à une valeur de Treille."""


def _mots(*motifs: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(motifs)})\b")


_JAMAIS = _mots(
    "naissance", "secu", "securite sociale", "nir", "insee", "telephone", "portable", "mobile", "adresse postale",
    "salaire", "taux", "etp", "coefficient", "anciennete", "conge", "iban", "sexe", "civilite", "nom de jeune fille",
    "nationalite", "manager", "responsable", "superieur", "statut", "motif", "perso\\w*",
)  # fmt: skip
_RECONNUS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (COURRIEL, _mots("courriels?", "mails?", "mel", "e mails?", "adresse electronique")),
    (MATRICULE, _mots("matricule", "mat", "n agent", "numero d agent", "id agent", "identifiant agent", "n salarie",
                      "numero salarie", "code salarie", "code agent", "id salarie")),
    (SORTIE, _mots("sortie", "depart", "(?:date )?fin", "fin de contrat", "au", "jusqu au")),
    (ENTREE, _mots("entree", "embauche", "arrivee", "debut", "prise de poste", "du", "depuis le", "date d effet")),
    (RYTHME, _mots("rythme", "jour nuit", "jour ou nuit", "poste de nuit", "nuit")),
    (PRENOM, _mots("prenoms?")),
    (ESMS, _mots("esms", "essms", "finess", "etablissements?", "structures?", "site")),
    (UNITE, _mots("unites?", "services?", "pavillon", "groupe de vie", "equipe", "section")),
    (METIER, _mots("metiers?", "emplois?", "fonctions?", "postes?", "qualification", "profession")),
    (NOM, _mots("noms?", "nom d usage", "nom usuel", "salaries?", "agents?")),
)  # fmt: skip


def proposer_colonnes(entetes: Sequence[str]) -> dict[int, str]:
    """Rang de colonne (à partir de 0) → code ; rien pour l'inconnu, ni quand deux colonnes diraient la même chose.

    Du numéro FINESS et du nom de l'ESMS, le numéro l'emporte ; des noms, celui d'usage.
    """
    codes = {rang: code for rang, entete in enumerate(entetes) if (code := _reconnaitre(normaliser(entete)))}
    rendu: dict[int, str] = {}
    for rang, code in codes.items():
        rivaux = [r for r, c in codes.items() if c == code]
        surs = [r for r in rivaux if _PREFERES.search(normaliser(entetes[r]))]
        if len(rivaux) == 1 or surs == [rang]:
            rendu[rang] = code
    return rendu


_PREFERES = _mots("finess", "usage", "usuel", "professionnel", "metier")


def _reconnaitre(intitule: str) -> str:
    if not intitule or _JAMAIS.search(intitule):
        return ""
    if "finess" in intitule.split() and re.search(r"\b(?:juridique|ej|og)\b", intitule):
        return ""
    return next((code for code, motif in _RECONNUS if motif.search(intitule)), "")


METIERS: dict[str, str] = {
    mot: code
    for code, ecrits in {
        "direction": "directeur, directrice, directeur adjoint, directrice adjointe, directeur d etablissement",
        "chef-de-service": "cheffe de service, cds, chef de service educatif, chef de service paramedical",
        "coordination": "coordinateur, coordinatrice, coordonnateur, coordonnatrice, coordinateur de parcours",
        "medecin": "medecin coordonnateur, medecin psychiatre, psychiatre, pediatre, medecin generaliste",
        "infirmier": "infirmiere, infirmier e, ide, idec, infirmier de, infirmiere de, infirmier diplome d etat",
        "aide-soignant": "aide soignante, aide soignant e, aide soignant de nuit",
        "accompagnant-educatif-social": """aes, amp, aide medico psychologique, accompagnant educatif et social,
            accompagnante educative et sociale""",
        "psychologue": "psychologues, neuropsychologue",
        "ergotherapeute": "ergo",
        "kinesitherapeute": "kine, masseur kinesitherapeute, masseuse kinesitherapeute",
        "orthophoniste": "ortho",
        "psychomotricien": "psychomotricienne, psychomot",
        "educateur-specialise": "educateur specialise, educatrice specialisee, educ spe, educ spec, educateur spe",
        "moniteur-educateur": "monitrice educatrice, moniteur educ, moniteur educateur",
        "educateur-jeunes-enfants": "eje, educatrice de jeunes enfants",
        "educateur-technique": """educatrice technique, educateur technique specialise, ets, moniteur d atelier,
            monitrice d atelier, moniteur atelier""",
        "animateur": "animatrice, animateur socio educatif",
        "assistant-social": "ass, assistante sociale, assistant social, assistante de service social",
        "conseiller-economie-sociale": "cesf, conseillere en economie sociale et familiale",
        "enseignant": "enseignante, enseignant specialise, professeur des ecoles, instituteur, institutrice",
        "intervenant-domicile": "avs, auxiliaire de vie, auxiliaire de vie sociale, aide a domicile",
        "maitre-de-maison": "maitresse de maison, maitre de maison",
        "surveillant-de-nuit": "veilleur de nuit, veilleuse de nuit, surveillante de nuit, surveillant qualifie",
        "secretaire": "secretaire medicale, secretaire administrative, assistante de direction, hotesse d accueil",
        "gestion": "comptable, gestionnaire, gestionnaire de paie, economiste",
        "ressources-humaines": "rh, responsable rh, assistante rh, charge rh",
        "systeme-information": "informaticien, informaticienne, rssi, dsi, technicien informatique",
        "qualite": "qualiticien, qualiticienne, responsable qualite, referent qualite",
        "logistique": """agent de service, ash, asl, agent d entretien, agent technique, ouvrier d entretien, cuisinier,
            cuisiniere, lingere, chauffeur, agent de service interieur""",
    }.items()
    for mot in map(normaliser, ecrits.split(","))
}
"""Mot normalisé → code de métier ; s'y ajoutent les noms et les codes de Treille."""

_RYTHMES: dict[str, str] = {
    mot: valeur
    for valeur, ecrits in {
        Rythme.JOUR: "jour, de jour, j, journee, jours, externat",
        Rythme.NUIT: "nuit, de nuit, n, nuits",
        Rythme.JOUR_ET_NUIT: "jour et nuit, de jour et de nuit, jour nuit, j n, mixte, alterne, alternance, 3x8",
    }.items()
    for mot in map(normaliser, ecrits.split(","))
}


def choix_de_rythme() -> list[Choix]:
    """Les rythmes, tels que l'écran les propose."""
    return [Choix(r.value, str(r.label)) for r in Rythme]


def proposer(code: str, mot: str, choix: Iterable[Choix]) -> str | None:
    """La clé de la valeur que dit ce mot (écrit ou normalisé), ou None : à la personne de choisir."""
    cle = normaliser(mot)
    if not cle:
        return None
    if code == RYTHME:
        return _RYTHMES.get(cle)
    trouves = [c.cle for c in choix if cle in {normaliser(f) for f in (c.cle, c.libelle, *c.autres)}]
    if len(trouves) == 1:
        return trouves[0]
    connu = METIERS.get(cle) if code == METIER else None
    return connu if any(c.cle == connu for c in choix) else None
