"""Rendre un document : un gabarit et des données en JSON, un PDF balisé (typst, PDF/UA-1) ou un DOCX qui se reprend.

Rien ne sort de la machine : les gabarits sont dans `templates/documents`, les polices dans la bibliothèque. Les données
passent à côté du gabarit, jamais dedans : un nom qui ressemble à du balisage reste un nom.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import typst
from django.conf import settings
from docxtpl import DocxTemplate

from programme.socle.types_de_fichier import DOCX, PDF

GABARITS = settings.RACINE / "templates" / "documents"
NORME: Final = "ua-1"
TYPE_PDF, TYPE_DOCX = PDF.mime, DOCX.mime
SANS_FORME = "▯"
"""Ce qu'on écrit à la place d'un signe qu'aucune police du document ne dessine (un emoji, une autre écriture)."""

POINTS_PAR_POUCE: Final = 200.0
"""Finesse d'un dessin imprimé."""

_INCONNU = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ECHAPPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_ESSAIS = 8
_HORS_ALPHABET = re.compile(r"[^ -~\u00a0-\u017f\u2013-\u2026\u202f\u2039\u203a\u20ac\u2190-\u2193\u2212\u25af]")


def entrees(donnees: Mapping[str, Any]) -> dict[str, str]:
    """Ce que le gabarit lit dans `sys.inputs` : les données, en un texte JSON."""
    return {"donnees": json.dumps(donnees, ensure_ascii=False)}


def _compiler(gabarit: str, entree: dict[str, str], le: datetime) -> bytes:
    rendu = typst.compile(
        str(GABARITS / gabarit),
        root=str(GABARITS),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=NORME,
        sys_inputs=entree,
        timestamp=int(le.timestamp()),
    )
    assert isinstance(rendu, bytes)
    return rendu


def _sans_forme(erreur: typst.TypstError) -> list[str]:
    """Les signes que le compilateur dit ne pas savoir dessiner."""
    return [_ECHAPPE.sub(lambda m: chr(int(m[1], 16)), signes) for signes in _INCONNU.findall(str(erreur))]


def _remplacer(valeur: Any, motif: re.Pattern[str]) -> Any:
    if isinstance(valeur, str):
        return motif.sub(SANS_FORME, valeur)
    if isinstance(valeur, Mapping):
        return {cle: _remplacer(v, motif) for cle, v in valeur.items()}
    return [_remplacer(v, motif) for v in valeur] if isinstance(valeur, list | tuple) else valeur


def rendre_pdf(gabarit: str, donnees: Mapping[str, Any], *, le: datetime) -> bytes:
    """Le PDF/UA-1 d'un gabarit de `templates/documents` ; les mêmes données au même instant rendent les mêmes octets.

    `donnees` : du JSON simple. `le` : l'instant écrit dans le fichier. La norme refuse un caractère sans forme : un
    signe que les polices ne dessinent pas devient `SANS_FORME`. Lève `typst.TypstError` si le gabarit est fautif.
    """
    for _ in range(_ESSAIS):
        try:
            return _compiler(gabarit, entrees(donnees), le)
        except typst.TypstError as erreur:
            signes = _sans_forme(erreur)
            if not signes:
                raise
            donnees = _remplacer(donnees, re.compile("|".join(map(re.escape, signes))))
    return _compiler(gabarit, entrees(_remplacer(donnees, _HORS_ALPHABET)), le)


def rendre_image(gabarit: str, donnees: Mapping[str, Any]) -> bytes:
    """Un dessin seul, en PNG, à poser dans un DOCX ; un gabarit d'une page, à la taille de ce qu'il dessine."""
    rendu = typst.compile(
        str(GABARITS / gabarit),
        root=str(GABARITS),
        ignore_system_fonts=True,
        format="png",
        ppi=POINTS_PAR_POUCE,
        sys_inputs=entrees(donnees),
    )
    assert isinstance(rendu, bytes)
    return rendu


def rendre_docx(
    gabarit: str,
    donnees: Mapping[str, Any],
    *,
    titre: str,
    le: datetime,
    retoucher: Callable[[Any], None] = lambda _: None,
) -> bytes:
    """Le DOCX d'un gabarit de bureautique de `templates/documents` : on en change l'allure sans toucher au code.

    Les textes saisis y entrent échappés. `titre`, `le` : ses propriétés. `retoucher(document)` : ce que le gabarit ne
    sait pas dire.
    """
    document = DocxTemplate(GABARITS / gabarit)
    document.render(dict(donnees), autoescape=True)
    retoucher(document.docx)
    proprietes = document.docx.core_properties
    proprietes.title = titre
    proprietes.created = proprietes.modified = le
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()
