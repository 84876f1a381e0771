"""Expressions SQL communes : chercher dans une colonne normalisée, compter des lignes liées."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from programme.socle.texte import normaliser


def mots_contenus(chemin: str, texte: str) -> Q:
    """Critère : la colonne que désigne `chemin` contient tous les mots du texte, accents et casse ignorés."""
    return Q(*(Q(**{f"{chemin}__contains": mot}) for mot in normaliser(texte).split()))


def compte_par(chemin: str, lignes: QuerySet) -> Coalesce:
    """Combien de `lignes` ont pour `chemin` la clé de l'objet annoté ; par sous-requête, jamais par jointure."""
    comptes = lignes.filter(**{chemin: OuterRef("pk")}).order_by().values(chemin).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(comptes), 0)
