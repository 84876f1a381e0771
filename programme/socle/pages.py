"""Lire une page d'un grand ensemble sans le parcourir : par identifiants, et par la fin quand elle est plus proche."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Window

from programme.socle.ecritures import compter, total_garde

Batir = Callable[[QuerySet], Iterable[Any]]
TAILLES = (25, 50, 100)
TAILLE = 50


class PageParCles(Paginator):
    """Pages d'un QuerySet trié sans ex æquo.

    La base ne trie et ne saute que des clés (`tries`) ; les objets complets se lisent ensuite dans `objets`, par ces
    clés : ni jointure ni sous-requête de ligne n'est faite pour ce qu'on ne montre pas. Deux requêtes plutôt qu'une
    sous-requête, que PostgreSQL lirait en joignant toute la table. Une page de la seconde moitié se lit à rebours :
    la dernière coûte ce que coûte la première. `rare` : une recherche, que nul index ne sert : sa première page ne
    balaie la table qu'une fois. `a_part` : ce qu'on compte à part dans l'ensemble (`nb_a_part`).
    `batir` : ce qui tire ses lignes d'une requête, si ce ne sont pas des objets.
    """

    def __init__(
        self,
        tries: QuerySet,
        taille: int,
        objets: QuerySet,
        *,
        rare: bool = False,
        batir: Batir = list,
        a_part: Q | None = None,
    ) -> None:
        super().__init__(tries, taille)
        self.batir = batir
        self.a_part = a_part
        self.rare = rare
        self.tries = tries
        self.objets = objets

    @cached_property
    def count(self) -> int:
        """Le total exact ; gardé d'une page à l'autre tant que rien n'a été écrit dans les tables lues."""
        return compter(self.tries)

    @cached_property
    def nb_a_part(self) -> int:
        """Combien, dans l'ensemble, répondent à `a_part`."""
        return self.tries.order_by().filter(self.a_part).count() if self.a_part is not None else 0

    def get_page(self, number: Any) -> Page:
        """La page demandée, ou la plus proche ; la première d'une recherche se lit et se compte d'un seul balayage."""
        if not self.rare or str(number) != "1":
            return super().get_page(number)
        connu, garder = total_garde(self.tries)
        if connu is not None:
            # Sans rien à compter, la base s'arrête à la première page trouvée.
            self.count = connu
            return super().get_page(number)
        comptes = [Window(Count("pk"))]
        if self.a_part is not None:
            comptes.append(Window(Count("pk", filter=self.a_part)))
        lues = list(self.tries.values_list("pk", *comptes)[: self.per_page])
        self.count = lues[0][1] if lues else 0
        if self.a_part is not None:
            self.nb_a_part = lues[0][2] if lues else 0
        garder(self.count)
        return Page(self.lire([cle for cle, *_ in lues]), 1, self)

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
        lus = {objet.pk: objet for objet in self.batir(self.objets.filter(pk__in=cles).order_by())}
        return [lus[cle] for cle in cles if cle in lus]


def taille_demandee(valeur: str | None) -> int:
    """25, 50 ou 100 lignes ; 50 si la demande n'en est pas une."""
    return int(valeur) if valeur in {str(t) for t in TAILLES} else TAILLE
