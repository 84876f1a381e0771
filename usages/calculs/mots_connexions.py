"""Les mots d'un journal de connexion ou d'une liste d'utilisateurs : intitulés de colonnes, lieux. Module pur."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from programme.socle import liaisons
from programme.socle.liaisons import ESMS
from programme.socle.texte import normaliser
from usages.calculs.instants import ressemble_a_un_instant
from usages.enums import LieuConnexion, SourceUsage

COMPTE, INSTANT, LIEU = "compte", "instant", "lieu"
COLONNES: dict[str, str] = {
    COMPTE: "Compte (identifiant ou pseudonyme)",
    INSTANT: "Date et heure de connexion",
    ESMS: "ESMS ou unité",
    LIEU: "Lieu de connexion",
}
INDISPENSABLES = (COMPTE, INSTANT)
NOM_DE_L_INSTANT = {SourceUsage.LISTE.value: "Dernière connexion"}

SANS_ENTETE = (
    "La ligne d'en-tête porte déjà une connexion, pas des intitulés : on garderait un identifiant en croyant garder un "
    "nom de colonne. Ajoutez une ligne d'en-tête, ou dites où elle est."
)


def _mots(*motifs: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(motifs)})\b")


# Dans l'ordre : le premier motif qui convient l'emporte.
_RECONNUS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        INSTANT,
        _mots("derniere connexion", "date", "heure", "horodatage", "timestamp", "instant", "connecte le", "debut"),
    ),
    (ESMS, _mots("esms", "essms", "finess", "etablissements?", "structures?", "unites?", "services?", "site")),
    (COMPTE, _mots("comptes?", "utilisateurs?", "identifiants?", "login", "user", "pseudonymes?", "matricule")),
    (LIEU, _mots("lieux?", "postes?", "acces", "reseau", "origine")),
)
_LIEUX: dict[str, str] = {
    mot: valeur
    for valeur, ecrits in {
        LieuConnexion.SUR_PLACE: "sur place, interne, reseau interne, local, lan, etablissement, dans l etablissement",
        LieuConnexion.A_DISTANCE: "a distance, distance, externe, vpn, teletravail, domicile, internet, mobile",
    }.items()
    for mot in map(normaliser, ecrits.split(","))
}


def proposer_colonnes(
    entetes: Sequence[str], connues: Mapping[str, str], *, admises: Collection[str]
) -> dict[int, str]:
    """Rang de colonne (à partir de 0) → code. `connues` : ce qui a déjà été relié pour cet éditeur.

    Un numéro FINESS l'emporte sur un nom d'ESMS ; entre deux colonnes qui diraient autant l'une que l'autre, rien.
    """
    normalises = [normaliser(e) for e in entetes]
    codes = {rang: connues.get(mot) or _reconnaitre(mot) for rang, mot in enumerate(normalises) if mot}
    rendu: dict[int, str] = {}
    for rang, code in codes.items():
        rivaux = [r for r, c in codes.items() if c == code]
        surs = [r for r in rivaux if normalises[r] in connues or "finess" in normalises[r].split()]
        if code in admises and (len(rivaux) == 1 or surs == [rang]):
            rendu[rang] = code
    return rendu


def _reconnaitre(intitule: str) -> str:
    return next((code for code, motif in _RECONNUS if motif.search(intitule)), "")


def proposer_lieu(mot: str) -> str | None:
    """Le lieu que dit ce mot, s'il n'en dit qu'un."""
    return _LIEUX.get(normaliser(mot))


def controler(entetes: Sequence[str], colonnes: Mapping[str, str]) -> list[str]:
    """Ce qui empêche de lire, en phrases. `colonnes` : intitulé normalisé → code."""
    if any(ressemble_a_un_instant(e.strip()) or "@" in e for e in entetes):
        return [SANS_ENTETE]
    return liaisons.controler(entetes, colonnes, COLONNES, INDISPENSABLES)


def est_une_ligne(entetes: Sequence[str], lignes: Iterable[Sequence[str]]) -> bool:
    """Vrai si un intitulé se retrouve plus bas dans sa colonne : c'était une valeur, pas un nom de colonne."""
    nommes = [normaliser(e) for e in entetes]
    return any(
        nomme and nomme == normaliser(texte) for ligne in lignes for nomme, texte in zip(nommes, ligne, strict=False)
    )
