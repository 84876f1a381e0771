"""Compléter un lot d'objets de ce qu'ils citent, chaque objet cité n'étant bâti qu'une fois.

`select_related` rebâtit la même catégorie, le même organisme, la même grappe à chaque ligne : à 25 000 lignes, c'est
l'essentiel du temps d'un export. Ici, une lecture par relation et par lot, gardée d'un lot à l'autre.
"""

from typing import Any

GARDES_PAR_MODELE = 5_000
"""Au-delà, on oublie : un export garde une mémoire plate quelle que soit sa longueur."""

Gardes = dict[Any, dict[Any, Any]]


def relations_de(requete: Any) -> dict[str, Any]:
    """L'arbre des relations que la requête demandait de lire avec elle."""
    arbre = requete.query.select_related
    return arbre if isinstance(arbre, dict) else {}


def completer(objets: list[Any], arbre: dict[str, Any], gardes: Gardes) -> None:
    """Pose sur chaque objet ceux qu'il cite, selon l'arbre (relation → ses propres relations)."""
    if not objets:
        return
    for nom, suite in arbre.items():
        champ = type(objets[0])._meta.get_field(nom)
        cible: Any = champ.related_model
        cles = {getattr(objet, champ.attname) for objet in objets} - {None}
        connus = gardes.setdefault(cible, {})
        if len(connus) > GARDES_PAR_MODELE:
            connus.clear()
        neufs = cible._base_manager.in_bulk(cles - connus.keys())
        completer(list(neufs.values()), suite, gardes)
        connus.update(neufs)
        for objet in objets:
            champ.set_cached_value(objet, connus.get(getattr(objet, champ.attname)))
