"""Rendu rapide d'une table django-tables2 : ce qui ne dépend que de la colonne est calculé une fois, pas par cellule.

Conventions lues sur la classe de table, toutes facultatives :
`legende` (titre de la table, pour les lecteurs d'écran), `colonne_titre` (nom de la colonne qui nomme la ligne :
elle devient l'en-tête de ligne), `classes` (classes de la table, « dense en-fiches » par défaut). Les attributs
`td` et `th` d'une colonne ne dépendent pas de la ligne ; ceux de la ligne (`row_attrs`) peuvent en dépendre.
"""

from dataclasses import dataclass

from django import template
from django.utils.formats import localize
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table
from django_tables2.columns.base import BoundColumn

from programme.socle.tables import echapper

register = template.Library()

PAGES_VOISINES = 2


@dataclass(frozen=True, slots=True)
class ColonneRendue:
    """Ce qu'il faut savoir d'une colonne pour écrire son en-tête et ses cellules."""

    nom: str
    titre: str
    titre_en_fiche: str
    classe_entete: str
    classe_cellule: str
    nomme_la_ligne: bool
    triable: bool
    sens: str
    tri_suivant: str


def _sens(colonne: BoundColumn) -> str:
    if not colonne.is_ordered:
        return ""
    return "descending" if colonne.order_by_alias.is_descending else "ascending"


def _classes(attributs: dict, *, sans: tuple[str, ...] = ()) -> str:
    return " ".join(c for c in sorted(str(attributs.get("class") or "").split()) if c not in sans)


def _rendre(table: Table, colonne: BoundColumn) -> ColonneRendue:
    titre = str(colonne.header or "")
    est_du_html = "<" in titre
    return ColonneRendue(
        nom=colonne.name,
        titre=colonne.header,
        titre_en_fiche="" if est_du_html else titre,
        classe_entete=_classes(colonne.attrs["th"], sans=("orderable", "asc", "desc")),
        classe_cellule=_classes(colonne.attrs["td"]),
        nomme_la_ligne=colonne.name == getattr(table, "colonne_titre", None),
        triable=bool(colonne.orderable),
        sens=_sens(colonne),
        tri_suivant=str(colonne.order_by_alias.next) if colonne.orderable else "",
    )


@register.filter
def colonnes(table: Table) -> list[ColonneRendue]:
    """Les colonnes visibles, dans l'ordre."""
    return [_rendre(table, colonne) for colonne in table.columns]


def _balises(colonne: ColonneRendue) -> tuple[str, str]:
    nom, attributs = ("th", ' scope="row"') if colonne.nomme_la_ligne else ("td", "")
    if colonne.classe_cellule:
        attributs += f' class="{escape(colonne.classe_cellule)}"'
    if colonne.titre_en_fiche and not colonne.nomme_la_ligne:
        attributs += f' data-titre="{escape(colonne.titre_en_fiche)}"'
    return f"<{nom}{attributs}>", f"</{nom}>"


def _case(nom: str, objet: object) -> str:
    """La case qui choisit la ligne, nommée pour qui n'a que la voix."""
    cle = getattr(objet, "pk", "")
    return (
        f'<td><input class="form-check-input" type="checkbox" name="{nom}" value="{cle}" '
        f'aria-label="Choisir {escape(str(objet))}"></td>'
    )


@register.filter
def lignes(table: Table, decrites: list[ColonneRendue]) -> SafeString:
    """Le corps de la table, écrit d'un trait : les balises d'une colonne ne changent pas d'une ligne à l'autre."""
    balises = [_balises(colonne) for colonne in decrites]
    case = getattr(table, "case_a_cocher", "")
    morceaux: list[str] = []
    for ligne in table.paginated_rows:
        morceaux.append(f"<tr {ligne.attrs.as_html()}>" if table.row_attrs else "<tr>")
        if case:
            morceaux.append(_case(case, ligne.record))
        for (ouvrante, fermante), valeur in zip(balises, ligne, strict=True):
            morceaux += (ouvrante, echapper(valeur if isinstance(valeur, str) else localize(valeur)), fermante)
        morceaux.append("</tr>\n")
    return mark_safe("".join(morceaux))


@register.simple_tag(takes_context=True)
def adresse_avec(context, cle: str, valeur: object, *oubliees: str) -> str:
    """L'adresse courante avec `cle=valeur`, et sans les clés `oubliees`."""
    parametres = context["request"].GET.copy()
    for oubliee in oubliees:
        parametres.pop(oubliee, None)
    parametres[cle] = str(valeur)
    return f"?{parametres.urlencode()}"


@register.filter
def pages_voisines(page) -> list[int | None]:
    """Les numéros à proposer : la première, les voisines, la dernière ; None pour un saut."""
    derniere = page.paginator.num_pages
    proches = range(max(1, page.number - PAGES_VOISINES), min(derniere, page.number + PAGES_VOISINES) + 1)
    numeros: list[int | None] = []
    for numero in sorted({1, derniere, *proches}):
        if numeros and numeros[-1] is not None and numero > numeros[-1] + 1:
            numeros.append(None)
        numeros.append(numero)
    return numeros
