"""Les colonnes d'un classeur de parcours et les mots qu'on y écrit : reconnus s'ils sont clairs, sinon à choisir.

Un mot d'état vaut l'état qu'il prouve, jamais le suivant : « cadrage fait » est en cadrage. Ce qui peut en dire deux
(« OK », « en cours », « terminé ») n'est pas deviné. Les synonymes sont dans `synonymes`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from programme.enums import FRISE_PARCOURS, EtatParcours
from programme.reprise.dates import DateIllisible, lire_date
from programme.reprise.synonymes import COCHES, ROMAINS, SYNONYMES, VACANTS, VIDES
from programme.socle.grilles import Grille
from programme.socle.liaisons import Rencontre
from programme.socle.texte import normaliser

E = EtatParcours
FINESS, NOM_ESMS, ETAT, VAGUE, EST_PILOTE, REMARQUE = "finess", "nom_esms", "etat", "vague", "est_pilote", "remarque"
DATES_REELLES = {etat: f"date:{etat.value}" for etat in (*FRISE_PARCOURS, E.SUSPENDU, E.SORTI)}
DATES_PREVUES = {etat: f"prevue:{etat.value}" for etat in FRISE_PARCOURS[1:]}
ISSUES = {"va_issue": "va_date", "vsr_issue": "vsr_date"}
"""Issue d'une vérification → sa date."""


@dataclass(frozen=True)
class Attendue:
    """Une colonne que Treille sait lire. `famille` : groupe à l'écran. `a_mots` : ses valeurs se relient mot à mot."""

    code: str
    libelle: str
    famille: str
    obligatoire: bool = False
    a_mots: bool = False


def _inventaire() -> list[Attendue]:
    esms, reelles, prevues = "L'ESMS", "Dates réelles", "Dates prévues"
    projet, personnes, verifications = "Le projet", "Personnes", "Vérifications"
    return [
        Attendue(FINESS, "Numéro FINESS", esms, obligatoire=True),
        Attendue(NOM_ESMS, "Nom de l'ESMS (lu pour vérifier)", esms),
        Attendue(ETAT, "État", projet, a_mots=True),
        Attendue("type_projet", "Type de projet", projet, a_mots=True),
        Attendue("point_depart", "Point de départ", projet, a_mots=True),
        Attendue(EST_PILOTE, "Site pilote", projet, a_mots=True),
        Attendue(VAGUE, "Vague de déploiement", projet, a_mots=True),
        Attendue("solution", "Solution", projet),
        *(Attendue(code, f"{etat.label}, date réelle", reelles) for etat, code in DATES_REELLES.items()),
        *(Attendue(code, f"{etat.label}, date prévue", prevues) for etat, code in DATES_PREVUES.items()),
        Attendue("directeur_nom", "Direction, nom", personnes),
        Attendue("directeur_courriel", "Direction, courriel", personnes),
        Attendue("referent_nom", "Référent local, nom", personnes),
        Attendue("referent_courriel", "Référent local, courriel", personnes),
        Attendue("va_date", "Vérification d'aptitude (VA), date", verifications),
        Attendue("va_issue", "Vérification d'aptitude (VA), issue", verifications, a_mots=True),
        Attendue("vsr_date", "Vérification de service régulier (VSR), date", verifications),
        Attendue("vsr_issue", "Vérification de service régulier (VSR), issue", verifications, a_mots=True),
        Attendue(REMARQUE, "Remarque (n'est pas reprise)", "Ignorées"),
    ]


COLONNES: dict[str, Attendue] = {attendue.code: attendue for attendue in _inventaire()}
"""Code → colonne attendue, dans l'ordre où l'écran les propose."""


def cle_de_mot(mot: str) -> str:
    """Le mot normalisé, clé des `valeurs` d'une correspondance ; « ✓ » ou « ? » restent eux-mêmes, le vide est vide."""
    return normaliser(mot) or mot.strip()


def est_vide(mot: str) -> bool:
    """Vrai pour ce qui dit qu'il n'y a rien : case vide, « - », « néant », « à définir »…"""
    return cle_de_mot(mot) in VIDES


def est_vacant(mot: str) -> bool:
    """Vrai pour un nom de personne qui dit qu'il n'y en a pas : « poste vacant », « à recruter »…"""
    return cle_de_mot(mot) in VACANTS


# --- Les colonnes ---


def _mots(*motifs: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(motifs)})\b")


_ETRANGERES = _mots(
    "nb", "nombre", "taux", "cout", "montant", "heures?", "fin", "duree", "tel", "telephone", "portable", "fonction",
    "siren", "siret",
)  # fmt: skip
_FINESS_AUTRE = _mots("juridique", "ej", "og", "gestionnaire", "pm")
_PERSONNES = {
    "directeur": _mots("direct\\w*", "dir"),
    "referent": _mots("referente?s?"),
}
_AUTRE_REFERENT = _mots("ars", "grades", "editeur", "segur", "regiona\\w+", "national\\w*")
_COURRIEL = _mots("courriels?", "mails?", "mel", "e ?mails?", "adresse electronique")
_REMARQUE = _mots("remarques?", "commentaires?", "observations?", "notes?", "points? d attention", "divers")
_VERIFICATIONS = {
    "vsr": _mots("vsr", "verification (?:de |du )?service regulier"),
    "va": _mots("va", "(?:verification|validation) d aptitude"),
}
_ISSUE = _mots("issue", "resultat", "avis", "decision", "conclusion", "statut", "etat")
_PREVUE = _mots(
    "prev\\w*", "cibles?", "planifie\\w*", "estime\\w*", "objectif", "theorique", "projete\\w*", "revise\\w*",
    "attendue?s?", "a venir",
)  # fmt: skip
_REELLE = _mots("reel\\w*", "effecti\\w*", "realise\\w*", "constate\\w*")
_DATE = _mots("dates?", "le", "jour", "debut", "demarrage", "lancement", "entree", "passage", "depuis")
_SIMPLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "point_depart",
        _mots("point de depart", "situation (?:de depart|initiale)", "existant", "(?:outil|support) actuel"),
    ),
    ("type_projet", _mots("(?:type|nature) (?:de |du )?projet")),
    (VAGUE, _mots("vagues?", "lot de deploiement")),
    (ETAT, _mots("etat", "statut", "avancement", "situation", "stade", "phase", "etape")),
    (EST_PILOTE, _mots("(?:site|esms|etablissement|est) pilote", "pilote oui non", "pilote o n")),
)
_ETATS = {
    E.RECENSE: _mots("recens\\w+", "entree dans (?:le projet|la grappe)"),
    E.CADRAGE: _mots("cadrage"),
    E.PREPARATION: _mots("preparation", "parametrage"),
    E.PILOTE: _mots("pilote"),
    E.OUVERTURE: _mots("ouverture", "mise en (?:production|service)", "mep", "go live", "bascule"),
    E.SERVICE_REGULIER: _mots("service regulier"),
    E.ROUTINE: _mots("routine", "vie courante"),
    E.SUSPENDU: _mots("suspen\\w+"),
    E.SORTI: _mots("sortie?", "abandon"),
}
_AUTRE_OUVERTURE = _mots("etablissement", "autorisation")
_SOLUTION = _mots("solution", "logiciel", "dui")
_ANCIENNE = _mots("actuel\\w*", "ancien\\w*", "precedent\\w*", "existant\\w*")
_NOM = _mots("esms", "essms", "etablissements?", "structures?", "raison sociale", "nom")
_PAS_UN_NOM = _mots(
    "type", "categorie", "ville", "commune", "adresse", "code", "secteur", "gestionnaire", "og", "association",
    "groupe", "pole", "departement", "prenom", "contact", "porteur", "grappe",
)  # fmt: skip


def proposer_colonnes(entetes: Sequence[str], grille: Grille | None = None) -> dict[int, str]:
    """Rang de colonne (à partir de 0) → code ; rien pour ce qui est ambigu ou inconnu, jamais deux fois le même code.

    `grille` : les cases départagent un intitulé qui peut être une date ou un mot (« Pilote », « VSR »).
    """
    proposees: dict[int, str] = {}
    for rang, entete in enumerate(entetes):
        codes = _reconnaitre(normaliser(entete))
        code = codes[0] if len(codes) == 1 else _departager(codes, grille, rang)
        if code:
            proposees[rang] = code
    return _sans_doublon(proposees, entetes)


def _sans_doublon(proposees: dict[int, str], entetes: Sequence[str]) -> dict[int, str]:
    """Deux colonnes pour un code : aucune, sauf si une seule se dit réelle ; le nom, lu pour vérifier, au premier."""
    nombres = Counter(proposees.values())
    gardees: dict[int, str] = {}
    for rang, code in proposees.items():
        rivales = [r for r, c in proposees.items() if c == code]
        sures = [r for r in rivales if _REELLE.search(normaliser(entetes[r]))]
        premiere = code == NOM_ESMS and rang == rivales[0]
        if nombres[code] == 1 or code == REMARQUE or premiere or sures == [rang]:
            gardees[rang] = code
    return gardees


def _reconnaitre(intitule: str) -> list[str]:
    """Les codes possibles d'un intitulé normalisé : aucun, un, ou deux à départager par les cases."""
    if "finess" in intitule.split():
        return [] if _FINESS_AUTRE.search(intitule) else [FINESS]
    if _REMARQUE.search(intitule):
        return [REMARQUE]
    if _ETRANGERES.search(intitule):
        return []
    if personne := next((nom for nom, motif in _PERSONNES.items() if motif.search(intitule)), ""):
        if _AUTRE_REFERENT.search(intitule):
            return []
        return [f"{personne}_courriel" if _COURRIEL.search(intitule) else f"{personne}_nom"]
    if verification := next((nom for nom, motif in _VERIFICATIONS.items() if motif.search(intitule)), ""):
        return _verification(verification, intitule)
    datee = any(motif.search(intitule) for motif in (_DATE, _PREVUE, _REELLE))
    simples = [code for code, motif in _SIMPLES if motif.search(intitule)]
    if simples and (not datee or simples[0] == "point_depart"):
        return simples[:1]
    return _etape(intitule, datee) or _autre(intitule, datee)


def _verification(nom: str, intitule: str) -> list[str]:
    if _PREVUE.search(intitule):
        return []
    if _DATE.search(intitule):
        return [f"{nom}_date"]
    return [f"{nom}_issue"] if _ISSUE.search(intitule) else [f"{nom}_date", f"{nom}_issue"]


def _etape(intitule: str, datee: bool) -> list[str]:
    etats = [etat for etat, motif in _ETATS.items() if motif.search(intitule)]
    if len(etats) != 1 or (etats[0] == E.OUVERTURE and _AUTRE_OUVERTURE.search(intitule)):
        return []
    etat = etats[0]
    if _PREVUE.search(intitule):
        return [DATES_PREVUES[etat]] if etat in DATES_PREVUES else []
    if etat == E.PILOTE and not datee:
        return [DATES_REELLES[etat], EST_PILOTE]
    return [DATES_REELLES[etat]]


def _autre(intitule: str, datee: bool) -> list[str]:
    if datee:
        return []
    if _SOLUTION.search(intitule):
        return [] if _ANCIENNE.search(intitule) else ["solution"]
    return [NOM_ESMS] if _NOM.search(intitule) and not _PAS_UN_NOM.search(intitule) else []


def _departager(codes: list[str], grille: Grille | None, rang: int) -> str:
    """Entre une date et des mots : ce que disent plus de la moitié des cases remplies ; sinon rien."""
    if not codes or grille is None:
        return ""
    textes = [ligne.cellules[rang].texte for ligne in grille.lignes]
    remplies = [texte for texte in textes if not est_vide(texte)]
    comme_date = sum(map(_est_date, remplies))
    comme_mot = sum(valeur is not None for valeur in map(proposer_valeurs(codes[1], remplies).get, remplies))
    if 2 * comme_date > len(remplies):
        return codes[0]
    return codes[1] if 2 * comme_mot > len(remplies) else ""


def _est_date(texte: str) -> bool:
    # « 1 » pour oui n'est pas une date ; les dates typées s'écrivent « 2024-03-12 00:00:00 ».
    try:
        lire_date(texte)
    except DateIllisible:
        return False
    return True


# --- Les mots ---


def mots_rencontres(grille: Grille, colonnes: dict[str, str]) -> dict[str, dict[str, Rencontre]]:
    """Code d'une colonne à mots → {mot normalisé → rencontre}. `colonnes` : intitulé normalisé → code.

    La case vide compte pour un mot (clé "") là où elle doit être comprise : l'état, l'issue d'une vérification datée.
    """
    rangs = rangs_des_codes(grille, colonnes)
    rencontres: dict[str, dict[str, Rencontre]] = {}
    for code, rang in rangs.items():
        if not COLONNES[code].a_mots:
            continue
        mots: dict[str, Rencontre] = {}
        for ligne in grille.lignes:
            cellule = ligne.cellules[rang]
            cle = mot_de_cellule(code, cellule.texte)
            datee = code in ISSUES and ISSUES[code] in rangs and not est_vide(ligne.cellules[rangs[ISSUES[code]]].texte)
            if cellule.est_formule or (not cle and code != ETAT and not datee):
                continue
            deja = mots.get(cle, Rencontre(cellule.texte, 0, cellule.place))
            mots[cle] = replace(deja, nombre=deja.nombre + 1)
        rencontres[code] = mots
    return rencontres


def rangs_des_codes(grille: Grille, colonnes: dict[str, str]) -> dict[str, int]:
    """Code connu → rang de sa colonne dans la grille (la première), dans l'ordre de `COLONNES`."""
    rangs: dict[str, int] = {}
    for rang, entete in enumerate(grille.entetes):
        code = colonnes.get(normaliser(entete), "") if entete else ""
        if code in COLONNES:
            rangs.setdefault(code, rang)
    return {code: rangs[code] for code in COLONNES if code in rangs}


def mot_de_cellule(code: str, texte: str) -> str:
    """La clé du mot d'une case ; « à définir » est un vide, sauf pour l'état, où c'est à la personne de le dire."""
    return "" if code != ETAT and est_vide(texte) else cle_de_mot(texte)


def proposer_valeurs(colonne: str, mots: Iterable[str]) -> dict[str, Any]:
    """Mot (tel que donné, écrit ou normalisé) → valeur de Treille, ou None s'il est ambigu ou inconnu."""
    comprendre = {EST_PILOTE: _pilote, VAGUE: _vague}.get(colonne)
    return {mot: comprendre(mot) if comprendre else _valeur(colonne, mot) for mot in mots}


_BRUIT_AVANT = re.compile(
    r"(?:\d+ )?(?:en (?:cours|phase|etape) d(?:e|u) (?:la )?|en phase |phase (?:de |d )?|etape (?:de |d )?|en )?(.*)"
)
_BRUIT_APRES = re.compile(r"(.*?)(?: en cours)?")


def _valeur(colonne: str, mot: str) -> str | None:
    synonymes = SYNONYMES.get(colonne, {})
    cle = cle_de_mot(mot)
    if cle in synonymes:
        return synonymes[cle]
    if colonne != ETAT:
        return None
    # « 3 - En cours de paramétrage », « phase de cadrage » : la même chose, plus bavarde.
    apres = _BRUIT_AVANT.fullmatch(cle)
    nu = _BRUIT_APRES.fullmatch(apres[1] if apres else cle)
    return synonymes.get(nu[1]) if nu else None


def _pilote(mot: str) -> bool | None:
    cle = cle_de_mot(mot)
    if cle in COCHES:
        return True
    return {"oui": True, "non": False}.get(SYNONYMES[EST_PILOTE].get(cle, ""))


_VAGUE = re.compile(
    r"(?:(?:v|vague|lot|groupe)(?: de deploiement)?(?: n| no| numero)? ?)?(?P<n>0*[1-9]\d{0,2}|[ivx]+)"
    r"|(?P<o>\d{1,2})(?:e|er|ere|re|eme|nd|nde) vague"
)
_RANGS = {"premiere": 1, "deuxieme": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5}


def _vague(mot: str) -> int | None:
    cle = cle_de_mot(mot)
    ecrit, _, reste = cle.partition(" ")
    if reste == "vague" and ecrit in _RANGS:
        return _RANGS[ecrit]
    lu = _VAGUE.fullmatch(cle)
    if not lu:
        return None
    rang = lu["n"] or lu["o"]
    return int(rang) if rang.isdecimal() else ROMAINS.get(rang)
