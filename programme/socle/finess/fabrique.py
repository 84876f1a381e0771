"""Des champs bruts d'un fichier à une ligne sûre : la même règle pour tous les formats."""

import re
from datetime import date

from programme.socle.finess.casse import adoucir
from programme.socle.finess.lignes import LigneESMS, LigneOG, Rejet
from programme.socle.finess.numero import Defaut, est_valide, expliquer, luhn_juste
from programme.socle.finess.secteurs import CATEGORIES_ADRESSE_MASQUEE
from programme.socle.finess.territoire import Paire, departement_de, situer

SIRET_ABSENT = "SIRET absent."
SIRET_PROVISOIRE = "SIRET provisoire (finit par 99999) : il ne désigne pas cet établissement."
SIRET_FAUX = "SIRET à vérifier : sa longueur ou sa clé n'est pas juste."
SIREN_FAUX = "SIREN à vérifier : sa longueur ou sa clé n'est pas juste."
ZERO_REMIS = "Le numéro FINESS avait perdu son zéro de tête : il a été remis."
OG_ABSENT = "Aucun organisme gestionnaire utilisable sur cette ligne."
DATE_ILLISIBLE = "Date illisible, laissée vide : « {} »."
CATEGORIE_ABSENTE = "Catégorie d'établissement absente."

_SIREN_LA_POSTE = "356000000"
_ACHEMINEMENT = re.compile(r"([0-9]{5})\s+(.*)")
_TYPES_DE_VOIE = {
    "ALL": "ALLEE",
    "AV": "AVENUE",
    "BD": "BOULEVARD",
    "CHE": "CHEMIN",
    "CRS": "COURS",
    "FG": "FAUBOURG",
    "IMP": "IMPASSE",
    "LD": "LIEU-DIT",
    "LOT": "LOTISSEMENT",
    "PAS": "PASSAGE",
    "PL": "PLACE",
    "QU": "QUAI",
    "QUA": "QUARTIER",
    "R": "RUE",
    "RES": "RESIDENCE",
    "RTE": "ROUTE",
    "SQ": "SQUARE",
}


def nettoyer(texte: str | None) -> str:
    """Espaces de bord et doubles retirées ; None devient chaîne vide."""
    return " ".join(texte.split()) if texte else ""


def lire_date(texte: str) -> date | None:
    """`AAAA-MM-JJ` (heure ignorée) ou `JJ/MM/AAAA` ; None si vide. Lève ValueError si illisible."""
    if not texte:
        return None
    if texte[2:3] == "/":
        return date(int(texte[6:10]), int(texte[3:5]), int(texte[:2]))
    return date.fromisoformat(texte[:10])


def lire_acheminement(texte: str) -> tuple[str, str]:
    """`01000 BOURG EN BRESSE` → code postal et ville ; sans code postal, tout est la ville."""
    texte = nettoyer(texte)
    lu = _ACHEMINEMENT.fullmatch(texte)
    return (lu[1], lu[2]) if lu else ("", texte)


def composer_adresse(numero: str, complement: str, type_voie: str, voie: str, lieu_dit: str) -> str:
    """Une adresse sur une ligne, sans la commune ; un type de voie inconnu reste en code."""
    type_voie = nettoyer(type_voie)
    rue = nettoyer(f"{numero or ''} {complement or ''} {_TYPES_DE_VOIE.get(type_voie, type_voie)} {voie or ''}")
    return ", ".join(filter(None, (rue, nettoyer(lieu_dit))))


def fabriquer_esms(
    *,
    ligne: int,
    colonne: str,
    numero: str | None,
    numero_og: str | None,
    nom: str | None,
    nom_long: str | None,
    categorie: str | None,
    siret: str | None,
    commune_cog: str | None,
    code_postal: str | None,
    ville: str | None,
    adresse: str,
    ouvert_le: str | None,
    ferme_le: str | None,
    actif: bool,
    paires: tuple[Paire, ...] = (),
) -> LigneESMS | Rejet:
    """Vérifie, nettoie, tait l'adresse quand il le faut ; un numéro faux donne un Rejet."""
    avertissements: list[str] = []
    finess = _numero(numero, avertissements)
    if finess is None:
        return _rejeter(ligne, colonne, numero)
    og = _numero(numero_og, [])
    if og is None:
        avertissements.append(OG_ABSENT)
    commune = (commune_cog or "").strip().upper()
    postal = (code_postal or "").strip()
    departement = departement_de(commune, postal)
    code = _categorie(categorie, avertissements)
    masquee = code in CATEGORIES_ADRESSE_MASQUEE
    longitude, latitude = (None, None) if masquee else situer(paires, departement)
    fermeture = _date(ferme_le, avertissements)
    return LigneESMS(
        ligne=ligne,
        finess=finess,
        finess_og=og or "",
        nom=adoucir(nettoyer(nom) or nettoyer(nom_long)),
        nom_long=nettoyer(nom_long) or nettoyer(nom),
        categorie=code,
        siret=_siret(siret, avertissements),
        commune_cog=commune,
        code_postal=postal,
        ville=adoucir(nettoyer(ville)),
        departement=departement,
        adresse="" if masquee else adresse,
        ouvert_le=_date(ouvert_le, avertissements),
        ferme_le=fermeture,
        # Une date de fermeture illisible reste une fermeture.
        actif=actif and not ferme_le,
        longitude=longitude,
        latitude=latitude,
        avertissements=tuple(avertissements),
    )


def fabriquer_og(
    *,
    ligne: int,
    numero: str | None,
    siren: str | None,
    nom: str | None,
    nom_long: str | None,
    statut_juridique: str | None,
    commune_cog: str | None,
    code_postal: str | None,
    ville: str | None,
    cree_le: str | None,
    ferme_le: str | None,
) -> LigneOG | Rejet:
    """Vérifie et nettoie un organisme gestionnaire ; un numéro faux donne un Rejet."""
    avertissements: list[str] = []
    finess = _numero(numero, avertissements)
    if finess is None:
        return _rejeter(ligne, "numFinessPm", numero)
    siren = (siren or "").strip()
    if siren and not _luhn(siren, 9):
        avertissements.append(SIREN_FAUX)
    commune = (commune_cog or "").strip().upper()
    postal = (code_postal or "").strip()
    return LigneOG(
        ligne=ligne,
        finess=finess,
        siren=siren,
        nom=adoucir(nettoyer(nom) or nettoyer(nom_long)),
        nom_long=nettoyer(nom_long) or nettoyer(nom),
        statut_juridique=(statut_juridique or "").strip(),
        commune_cog=commune,
        code_postal=postal,
        ville=adoucir(nettoyer(ville)),
        departement=departement_de(commune, postal),
        cree_le=_date(cree_le, avertissements),
        ferme_le=_date(ferme_le, avertissements),
        avertissements=tuple(avertissements),
    )


def numero_utilisable(texte: str | None) -> str | None:
    """Le numéro lu, zéro de tête remis s'il le faut, ou None."""
    return _numero(texte, [])


def _numero(texte: str | None, avertissements: list[str]) -> str | None:
    if texte and est_valide(texte):
        return texte
    lecture = expliquer(texte or "")
    if lecture.defaut is Defaut.ZERO_PERDU:
        avertissements.append(ZERO_REMIS)
    return lecture.numero


def _rejeter(ligne: int, colonne: str, numero: str | None) -> Rejet:
    lecture = expliquer(numero or "")
    return Rejet(ligne, lecture.texte[:30], colonne, lecture.message)


def _categorie(code: str | None, avertissements: list[str]) -> str:
    code = (code or "").strip()
    if not code:
        avertissements.append(CATEGORIE_ABSENTE)
        return ""
    return code.zfill(3)


def _date(texte: str | None, avertissements: list[str]) -> date | None:
    texte = (texte or "").strip()
    try:
        return lire_date(texte)
    except ValueError:
        avertissements.append(DATE_ILLISIBLE.format(texte[:20]))
        return None


def _siret(siret: str | None, avertissements: list[str]) -> str:
    """Un SIRET douteux est gardé : beaucoup sont absents, partagés ou provisoires dans le répertoire."""
    siret = (siret or "").strip()
    if not siret:
        avertissements.append(SIRET_ABSENT)
    elif siret.endswith("99999"):
        avertissements.append(SIRET_PROVISOIRE)
    # Les SIRET de La Poste ne suivent pas la règle de Luhn.
    elif not _luhn(siret, 14) and not siret.startswith(_SIREN_LA_POSTE):
        avertissements.append(SIRET_FAUX)
    return siret


def _luhn(texte: str, longueur: int) -> bool:
    return len(texte) == longueur and texte.isascii() and texte.isdecimal() and luhn_juste(texte)
