"""Une prose lue (`prose.lire`), rendue pour l'écran ou en données pour un document ; titres, sigles. Module pur.

Rien de ce que quelqu'un a tapé ne devient du balisage : l'écran reçoit un texte échappé, typst et le DOCX reçoivent des
données, que leur gabarit dispose.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from programme.socle.texte import normaliser
from usages.calculs.prose import Bloc, Citation, Encadre, Liste, Paragraphe, Texte, Titre, sans_accent, texte_nu

DERNIER_NIVEAU = 6
LONGUEUR_D_UN_SIGLE = 7
"""Au-delà, un mot inconnu tout en capitales est un mot crié, pas un sigle."""
_MOT = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_SIGLE = re.compile(r"(?=(?:.*[^\W\d_]){2})[A-ZÀ-ÖØ-Þ0-9]+(?:-[A-ZÀ-ÖØ-Þ0-9]+)*")
_ROMAIN = re.compile(r"(?=[IVXL])(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


@dataclass(frozen=True, slots=True)
class Entree:
    """Une ligne de la table des titres ; `ancre` est la même que dans le HTML."""

    niveau: int
    texte: str
    ancre: str


@dataclass(frozen=True, slots=True)
class Sigle:
    """Un sigle employé ; `sens` vide : personne ne l'a encore dit."""

    sigle: str
    sens: str
    nombre: int


def titres(blocs: Iterable[Bloc], *, prefixe: str = "") -> list[Entree]:
    """La table des titres, chacun son ancre ; `prefixe` : deux sections sur une page ne se confondent pas."""
    prises = Counter[str]()
    table = []
    for titre in (bloc for bloc in blocs if isinstance(bloc, Titre)):
        texte = sans_accent(titre.texte)
        racine = "-".join([*filter(None, [prefixe]), *(normaliser(texte).split() or ["titre"])])
        ancre, rang = racine, 1
        while prises[ancre]:
            rang += 1
            ancre = f"{racine}-{rang}"
        prises[ancre] += 1
        table.append(Entree(titre.niveau, texte, ancre))
    return table


def en_html(blocs: Iterable[Bloc], *, decalage: int = 1, prefixe: str = "") -> SafeString:
    """Le HTML d'une prose, sûr ; un titre de niveau 1 devient un `h` de niveau `1 + decalage`, jamais plus de 6."""
    blocs = tuple(blocs)
    ancres = iter(titres(blocs, prefixe=prefixe))
    morceaux = []
    for bloc in blocs:
        if isinstance(bloc, Titre):
            h = f"h{max(1, min(bloc.niveau + decalage, DERNIER_NIVEAU))}"
            morceaux.append(f'<{h} id="{escape(next(ancres).ancre)}">{_accents(bloc.texte)}</{h}>')
        elif isinstance(bloc, Encadre):
            dedans = "\n".join(_interieur(b) for b in bloc.blocs)
            morceaux.append(
                f'<div class="prose-encadre" role="note" aria-label="{escape(sans_accent(bloc.titre))}">\n'
                f'<p class="prose-encadre-titre">{_accents(bloc.titre)}</p>\n{dedans}\n</div>'
            )
        else:
            morceaux.append(_interieur(bloc))
    return mark_safe("\n".join(morceaux))


def _interieur(bloc: Paragraphe | Liste | Citation) -> str:
    if isinstance(bloc, Liste):
        points = "".join(f"<li>{_accents(point)}</li>" for point in bloc.points)
        if bloc.depart is None:
            return f"<ul>{points}</ul>"
        return f'<ol start="{bloc.depart}">{points}</ol>' if bloc.depart != 1 else f"<ol>{points}</ol>"
    if isinstance(bloc, Citation):
        qui = f"<figcaption>{escape(bloc.qui)}</figcaption>" if bloc.qui else ""
        return f'<figure class="prose-citation"><blockquote><p>{_accents(bloc.texte)}</p></blockquote>{qui}</figure>'
    return f"<p>{_accents(bloc.texte)}</p>"


def _accents(texte: Texte) -> str:
    morceaux = []
    for segment in texte:
        echappe = str(escape(segment.texte)).replace("\n", "<br>")
        echappe = f"<em>{echappe}</em>" if segment.italique else echappe
        morceaux.append(f"<strong>{echappe}</strong>" if segment.gras else echappe)
    return "".join(morceaux)


def en_donnees(blocs: Iterable[Bloc]) -> list[dict[str, Any]]:
    """Les mêmes blocs en JSON simple : `genre` dit lequel, un texte est une liste de morceaux, jamais du balisage."""
    return [_donnee(bloc) for bloc in blocs]


def _donnee(bloc: Bloc) -> dict[str, Any]:
    match bloc:
        case Titre(niveau, texte):
            return {"genre": "titre", "niveau": niveau, "texte": _morceaux(texte)}
        case Liste(points, depart):
            return {"genre": "liste", "depart": depart, "points": [_morceaux(point) for point in points]}
        case Citation(texte, qui):
            return {"genre": "citation", "texte": _morceaux(texte), "qui": qui}
        case Encadre(titre, dedans):
            return {"genre": "encadre", "titre": _morceaux(titre), "blocs": en_donnees(dedans)}
        case Paragraphe(texte):
            return {"genre": "paragraphe", "texte": _morceaux(texte)}


def _morceaux(texte: Texte) -> list[dict[str, Any]]:
    return [{"texte": s.texte, "gras": s.gras, "italique": s.italique} for s in texte]


def sigles(blocs: Iterable[Bloc], connus: Mapping[str, str]) -> list[Sigle]:
    """Les sigles employés, par ordre alphabétique : ceux que `connus` explique, et ceux qui restent à expliquer.

    Un sigle composé que personne n'explique (« OG-ESMS ») vaut ses parts, si elles le sont toutes. Une ligne tout en
    capitales n'apprend aucun sigle inconnu, un nombre romain non plus.
    """
    vus = Counter[str]()
    for ligne in "\n".join(texte_nu(bloc) for bloc in blocs).split("\n"):
        mots = _MOT.findall(ligne)
        criee = len(mots) > 1 and ligne.isupper()
        for mot in mots:
            parts = mot.split("-")
            if mot in connus:
                vus[mot] += 1
            elif len(parts) > 1 and all(part in connus for part in parts):
                vus.update(parts)
            elif not criee and _a_l_air_d_un_sigle(mot):
                vus[mot] += 1
    return [Sigle(s, connus.get(s, ""), vus[s]) for s in sorted(vus, key=lambda s: (normaliser(s), s))]


def _a_l_air_d_un_sigle(mot: str) -> bool:
    court = all(len(part) <= LONGUEUR_D_UN_SIGLE for part in mot.split("-"))
    return court and bool(_SIGLE.fullmatch(mot)) and not _ROMAIN.fullmatch(mot)
