"""Lire une page d'un grand ensemble sans le parcourir : par identifiants, et par la fin quand elle est plus proche."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from programme.socle.ecritures import compter

TAILLES = (25, 50, 100)
TAILLE = 50


class PageParCles(Paginator):
    """Pages d'un QuerySet trié sans ex æquo.

    La base ne trie et ne saute que des clés (`tries`) ; les objets complets se lisent ensuite dans `objets`, par ces
    clés : ni jointure ni sous-requête de ligne n'est faite pour ce qu'on ne montre pas. Deux requêtes plutôt qu'une
    sous-requête, que PostgreSQL lirait en joignant toute la table. Une page de la seconde moitié se lit à rebours :
    la dernière coûte ce que coûte la première. `rare` : peu de lignes attendues (une recherche) ; si elles tiennent sur
    la première page, on ne balaie pas la table une seconde fois pour les compter.
    """

    def __init__(self, tries: QuerySet, taille: int, objets: QuerySet, *, rare: bool = False) -> None:
        super().__init__(tries, taille)
        self.rare = rare
        self.tries = tries
        self.objets = objets

    @cached_property
    def count(self) -> int:
        """Le total exact ; gardé d'une page à l'autre tant que rien n'a été écrit dans les tables lues."""
        return compter(self.tries)

    def get_page(self, number: Any) -> Page:
        """La page demandée, ou la plus proche ; une recherche qui tient sur la première se lit sans être comptée."""
        if not self.rare or str(number) != "1":
            return super().get_page(number)
        cles = list(self.tries.values_list("pk", flat=True)[: self.per_page + 1])
        if len(cles) <= self.per_page:
            self.count = len(cles)
        return Page(self.lire(cles[: self.per_page]), 1, self)

    def page(self, number: Any) -> Page:
        """La page demandée ; lève `InvalidPage` hors bornes (voir `get_page`, qui ramène à la plus proche)."""
        numero = self.validate_number(number)
        debut = (numero - 1) * self.per_page
        fin = min(debut + self.per_page, self.count)
        return Page(self.lire(self.cles(debut, fin)), numero, self)

    def cles(self, debut: int, fin: int) -> list[Any]:
        """Clés des rangs `debut` à `fin`, exclu."""
        cles, reste = self.tries.values_list("pk", flat=True), self.count - fin
        if debut <= reste:
            return list(cles[debut:fin])
        return list(cles.reverse()[reste : self.count - debut])[::-1]

    def lire(self, cles: list[Any]) -> list[Any]:
        """Les objets, dans l'ordre des clés ; un objet retiré entre les deux lectures manque, sans faute."""
        if not cles:
            return []
        lus = {objet.pk: objet for objet in self.objets.filter(pk__in=cles).order_by()}
        return [lus[cle] for cle in cles if cle in lus]


def taille_demandee(valeur: str | None) -> int:
    """25, 50 ou 100 lignes ; 50 si la demande n'en est pas une."""
    return int(valeur) if valeur in {str(t) for t in TAILLES} else TAILLE
