"""Rend lisibles les noms que FINESS écrit tout en capitales. Module pur.

« FAM LA ROCHE FLEURIE » devient « FAM La Roche Fleurie ». Les accents perdus ne sont pas devinés, et un nom qui porte
déjà des minuscules n'est pas touché.
"""

import re
from functools import lru_cache

_SIGLES = frozenset(
    re.findall(
        r"\w+",
        """
        ACT ADAPEI ADAPT ADMR AEMO AFIS AJ ALEFPA ANPAA APAJH APEI APF ARSEAA AT CAARUD CADA CAJ CAMSP CATTG CATTP CCAS
        CEF CER CHRS CHRU CHU CIAS CMPEA CPMI CPO CSAPA CSI DITEP EAM EANM EEAP EHPAD EMSP EPNAK ESAT ESPO ESRP ESSIP
        FAM FAS FH GCSMS HAD HAI HUDA IDA IEM IES IFAS IFCS IFSI IME IMP IMPRO IRFSS ITEP LAM LHSS MAH MAS MECS MNA OHS
        PA PACA PEP PEAD PMI PUV RA SAAD SAD SAFEP SAI SAMSAH SAMU SAPMN SAVA SAVS SEES SEFIS SESSAD SIAE SIPFP SPASAD
        SSEFIS SSESD SSIAD SSIADPA TED UEMA UEROS UGECAM UHR USLD
        """,
    )
)
_LIAISONS = frozenset({"DE", "DU", "DES", "D", "ET", "EN", "SUR", "SOUS", "AU", "AUX", "POUR", "PAR", "A", "À"})
_ARTICLES = frozenset({"LE", "LA", "LES", "L"})
_MOT = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\.?")
_VOYELLES = frozenset("AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜ")
_COURT = 6


def _est_sigle(mot: str) -> bool:
    return "." in mot[:-1] or mot in _SIGLES or not _VOYELLES.intersection(mot) or any(c.isdigit() for c in mot)


@lru_cache(maxsize=8192)  # les villes et les noms d'enseigne reviennent par milliers
def adoucir(texte: str) -> str:
    """Nom en casse ordinaire, sigles gardés ; rendu tel quel s'il n'est pas tout en capitales."""
    if any(c.islower() for c in texte) or (texte.isalpha() and len(texte) <= _COURT):
        return texte
    apres_sigle = True

    def ecrire(trouve: re.Match[str]) -> str:
        nonlocal apres_sigle
        mot = trouve.group()
        debut, apres_sigle = apres_sigle, False
        elide = texte[trouve.end() : trouve.end() + 1] in {"'", "’"}
        if mot in _LIAISONS and (len(mot) > 1 or elide or mot in "AÀ"):
            return mot.capitalize() if trouve.start() == 0 else mot.lower()
        if mot in _ARTICLES and (len(mot) > 1 or elide):
            return mot.capitalize() if debut else mot.lower()
        if len(mot) > 1 and _est_sigle(mot):
            apres_sigle = True
            return mot
        return mot.capitalize()

    return _MOT.sub(ecrire, texte)
