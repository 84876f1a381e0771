"""Expressions SQL communes : chercher dans une colonne normalisée, compter des lignes liées."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from programme.socle.texte import normaliser


def mots_contenus(chemin: str, texte: str) -> Q:
    """Critère : la colonne que désigne `chemin` contient tous les mots du texte, accents et casse ignorés."""
    return Q(*(Q(**{f"{chemin}__contains": mot}) for mot in normaliser(texte).split()))


def chercher_en_memoire(lignes: Any, texte: str, *champs: str) -> Any:
    """Les `lignes` dont ces champs portent tous les mots, accents et casse ignorés.

    Pour une table courte, sans colonne normalisée : elle se lit en entier, clés et champs seulement.
    """
    mots = normaliser(texte).split()
    if not mots:
        return lignes
    lues = lignes.order_by().values_list("pk", *champs)
    portes = ((cle, normaliser(" ".join(str(v) for v in valeurs if v))) for cle, *valeurs in lues)
    return lignes.filter(pk__in=[cle for cle, porte in portes if all(mot in porte for mot in mots)])


def compte_par(chemin: str, lignes: QuerySet) -> Coalesce:
    """Combien de `lignes` ont pour `chemin` la clé de l'objet annoté ; par sous-requête, jamais par jointure."""
    comptes = lignes.filter(**{chemin: OuterRef("pk")}).order_by().values(chemin).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(comptes), 0)
