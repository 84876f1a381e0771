"""Compléter un lot d'objets de ce qu'ils citent, chaque objet cité n'étant bâti qu'une fois.

`select_related` rebâtit la même catégorie, le même organisme, la même grappe à chaque ligne : à 25 000 lignes, c'est
l'essentiel du temps d'un export. Ici, une lecture par relation et par lot, gardée d'un lot à l'autre.
"""

from operator import attrgetter
from typing import Any

GARDES_PAR_MODELE = 5_000
"""Au-delà, on oublie : un export garde une mémoire plate quelle que soit sa longueur."""

Gardes = dict[Any, dict[Any, Any]]


def relations_de(requete: Any) -> dict[str, Any]:
    """L'arbre des relations que la requête demandait de lire avec elle."""
    arbre = requete.query.select_related
    return arbre if isinstance(arbre, dict) else {}


def completer(objets: list[Any], arbre: dict[str, Any], gardes: Gardes) -> None:
    """Pose sur chaque objet ceux qu'il cite, selon l'arbre (relation → ses propres relations).

    Une relation un-à-un se suit dans les deux sens (« grappe → son barème ») ; None si rien n'est au bout.
    """
    if not objets:
        return
    for nom, suite in arbre.items():
        champ = type(objets[0])._meta.get_field(nom)
        inverse = not champ.concrete
        cle_de = attrgetter("pk" if inverse else champ.attname)
        cles = {cle_de(objet) for objet in objets} - {None}
        connus = gardes.setdefault(champ if inverse else champ.related_model, {})
        if len(connus) > GARDES_PAR_MODELE:
            connus.clear()
        neufs = (_au_bout if inverse else _cites)(champ, cles - connus.keys())
        completer([objet for objet in neufs.values() if objet is not None], suite, gardes)
        connus.update(neufs)
        for objet in objets:
            champ.set_cached_value(objet, connus.get(cle_de(objet)))


def _cites(champ: Any, cles: set[Any]) -> dict[Any, Any]:
    """Les objets cités, par clé."""
    return champ.related_model._base_manager.in_bulk(cles)


def _au_bout(champ: Any, cles: set[Any]) -> dict[Any, Any]:
    """Ceux qui citent un à un ces objets, par clé de l'objet cité ; None pour qui n'en a pas."""
    vers = champ.field
    lus = champ.related_model._base_manager.filter(**{f"{vers.name}__in": cles}) if cles else ()
    return dict.fromkeys(cles) | {getattr(lu, vers.attname): lu for lu in lus}
