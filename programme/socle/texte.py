"""Texte libre : ni NIR, ni INS, ni identité d'une personne accompagnée ; et de quoi chercher sans accents.

Module pur : ni base, ni horloge.
"""

import re
import unicodedata

from stdnum import luhn

_SEP = r"[^0-9A-Za-z]{0,8}"
_AVANT_CLE = r"[^0-9A-Za-z]{0,8}(?:cl[ée]f?[^0-9A-Za-z]{0,8})?"
_NIR = re.compile(
    r"(?<!\d)"
    + _SEP.join([r"([123478])", *[r"(\d)"] * 5, r"([\dAB])", *[r"(\d)"] * 6])
    + _AVANT_CLE
    + _SEP.join([r"(\d)"] * 2)
    + r"(?!\d)",
    re.ASCII | re.IGNORECASE,
)
_SIRET_SUIVI = re.compile(r"(\d{14}|\d{3}([ .-])\d{3}\2\d{3}\2\d{5})(?: ?[,;:(] ?| - )\d", re.ASCII)
_DATE = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)", re.ASCII)
_NAISSANCE = re.compile(
    r"\bn[ée]{1,2}(?:\(e\)|·e)?\s+(?:le\s+)?\d{1,2}[\s./-]+(?:\d{1,2}|[a-zéûô]+)[\s./-]+\d{2,4}"
    r"|\bdate\s+de\s+naissance\b|\bDDN\b",
    re.IGNORECASE,
)
_MOT = r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ'’-]+"
_CAPITALES = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]{2,}"
_JUSQU_A = r"[\s,;:(]{1,4}(?:n[ée]{1,2}\s+(?:le\s+)?)?"
_JOUR_MOIS = r"(?:0?[1-9]|[12]\d|3[01])[./ -](?:0?[1-9]|1[0-2])[./ -]"
# Un nom, puis une date tout contre. Sans « M. » ni « Mme », un sigle a l'air d'un nom (« Réunion COMOP 12/11/2026 ») :
# on s'en tient alors aux années où le projet n'existait pas.
_NOM_ET_DATE = re.compile(
    rf"\b(?:M\.|MM\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle)\s+(?:{_MOT}\s+)?{_MOT}{_JUSQU_A}{_JOUR_MOIS}"
    rf"(?:(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|(?:\b{_MOT}\s+{_CAPITALES}|\b{_CAPITALES}\s+{_MOT}){_JUSQU_A}{_JOUR_MOIS}(?:19\d\d|200\d|201\d)(?!\d)"
)
_CONTROLES = dict.fromkeys(c for c in range(32) if c not in (9, 10, 13))

REFUS_NIR = (
    "Ce texte contient un numéro de sécurité sociale (NIR ou INS). Treille ne reçoit aucune donnée de personne "
    "accompagnée : retirez le numéro, le reste de votre texte est gardé."
)
AVERTISSEMENT_IDENTITE = (
    "Ce texte semble donner la date de naissance d'une personne. S'il s'agit d'une personne accompagnée, retirez-la."
)
AVERTISSEMENT_NOM = (
    "Ce texte semble donner le nom et la date de naissance d'une personne. S'il s'agit d'une personne accompagnée, "
    "retirez-les."
)
_SIGNALES = ((_NAISSANCE, AVERTISSEMENT_IDENTITE), (_NOM_ET_DATE, AVERTISSEMENT_NOM))


def cle_nir(treize: str) -> int:
    """Clé de contrôle (1 à 97) des 13 premiers caractères d'un NIR ; Corse : 2A compte 19, 2B compte 18."""
    departement = {"2A": "19", "2B": "18"}.get(treize[5:7].upper(), treize[5:7])
    return 97 - int(treize[:5] + departement + treize[7:]) % 97


def trouver_nir(texte: str) -> str | None:
    """Premier NIR ou INS valide du texte, sans séparateurs ; None s'il n'y en a pas."""
    # Chiffres pleine chasse, arabes ou collés d'espaces nulles : la même écriture avant de chercher.
    plat = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c
        for c in unicodedata.normalize("NFKC", texte)
        if unicodedata.category(c) != "Cf"
    )
    # Un numéro coupé par un retour à la ligne reprend parfois loin de la marge.
    plat = re.sub(r"\s+", lambda blancs: "\n" if "\n" in blancs.group() else " ", plat)
    debut = 0
    while correspondance := _NIR.search(plat, debut):
        compact = "".join(correspondance.groups()).upper()
        treize, cle = compact[:13], int(compact[13:])
        corse = treize[5:7] in {"2A", "2B"}
        if (corse or treize.isdigit()) and cle_nir(treize) == cle and not _autre_chose(correspondance.group()):
            return compact
        debut = correspondance.start() + 1
    return None


def _autre_chose(quinze: str) -> bool:
    """Vrai si ces quinze chiffres sont un SIRET juste puis un compte (« …, 3 places »), ou portent une date entière.

    Leur clé tombe juste une fois sur cent ; un NIR ne s'écrit pas ainsi.
    """
    siret = _SIRET_SUIVI.fullmatch(quinze)
    return bool(siret and luhn.is_valid(re.sub(r"\D", "", siret[1]))) or _DATE.search(quinze) is not None


def porte_nir(texte: str) -> bool:
    """Vrai si le texte porte un NIR ou un INS ; répond vite quand il ne peut pas y en avoir."""
    if len(texte) < 15 or (texte.isascii() and sum(map(texte.count, "0123456789")) < 13):
        return False
    return trouver_nir(texte) is not None


def avertissements(texte: str) -> list[str]:
    """Ce qui mérite relecture sans être refusé : une date de naissance, un nom suivi d'une date."""
    return [phrase for motif, phrase in _SIGNALES if motif.search(texte)][-1:]


def signaux() -> list[dict[str, str]]:
    """Les mêmes repérages, pour une page qui avertit sans réseau : l'expression, ses drapeaux, la phrase."""
    return [
        {"motif": motif.pattern, "drapeaux": "i" if motif.flags & re.IGNORECASE else "", "phrase": phrase}
        for motif, phrase in _SIGNALES
    ]


def nettoyer(texte: str) -> str:
    """Texte sans caractères de contrôle ni blancs de bord, fins de ligne unifiées, forme NFC."""
    return unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n")).translate(_CONTROLES).strip()


def en_phrase(libelle: str) -> str:
    """Un libellé repris au milieu d'une phrase : « Consultation du CSE » → « consultation du CSE », « AIPD » intact."""
    return libelle if libelle[1:2].isupper() else libelle[:1].lower() + libelle[1:]


def avec_point(texte: str) -> str:
    """Le texte et son point final, qu'une abréviation a parfois déjà mis (« le 3 déc. »)."""
    return texte if texte.endswith((".", "…")) else f"{texte}."


def abreger(texte: str, signes: int) -> str:
    """Ce qui tient en tant de signes, « … » compris : un texte composé n'a pas de longueur connue d'avance."""
    return texte if len(texte) <= signes else f"{texte[: signes - 1].rstrip()}…"


def insecables(texte: str) -> str:
    """Les blancs qu'on ne coupe pas en fin de ligne : devant « : ; ? ! », et au dedans des guillemets."""
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", texte)


def normaliser(texte: str) -> str:
    """Forme de recherche et de tri : sans accents, sans casse, ponctuation ramenée à un blanc."""
    if texte.isascii():
        sans_accents = texte.lower()
    else:
        decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae"))
        sans_accents = "".join(c for c in decompose if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^0-9a-z]+", " ", sans_accents).split())
