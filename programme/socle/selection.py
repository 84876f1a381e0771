"""Une sélection : un lecteur et une adresse donnent un ensemble de lignes. Rien ne s'y rend.

La page, l'export, l'impression, l'API, le travail de fond et le geste groupé passent par elle : ils ne peuvent pas
montrer des lignes différentes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, Self

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, QueryDict

from programme.socle.filtres import FiltreListe
from programme.socle.models import Filtre
from programme.socle.partage import Gardes, completer, relations_de
from programme.socle.reglages import Reglages
from programme.socle.tables import TableListe
from programme.socle.valeurs import LigneLue, planifier

OBJETS_PAR_LOT = 1_000
LONGUEUR_RECHERCHE = 200
CHOIX_MAX = 500
"""Lignes que l'on peut désigner une à une ; au-delà, un filtre le dit mieux."""


@dataclass(frozen=True)
class Lecture:
    """L'adresse une fois lue : paramètres, filtres ; `muette` : un critère de la vue ne vaut pas pour ce lecteur."""

    parametres: QueryDict
    criteres: FiltreListe | None
    muette: bool = False


class Selection(Reglages):
    """Ce que lit une liste : `modele`, `requete()`, `table`, `filtre`, `recherche`, `tri`.

    `?vue=12` ouvre une vue enregistrée, sur laquelle l'adresse l'emporte critère par critère ; `?modifiee=12` dit que
    l'adresse part de cette vue et porte tous ses critères ; `?vue=aucune` sort de la vue par défaut. `?choix=4,7`
    réduit aux lignes désignées. `sorte` : ce qu'`enrichir` demande d'une ligne lue en valeurs, s'il se passe d'objets.
    `redites` : critère → colonnes qui, une fois qu'il est posé, ne feraient que le redire à chaque ligne.
    """

    modele: ClassVar[type[Model]]
    table: ClassVar[type[TableListe]]
    filtre: ClassVar[type[FiltreListe] | None] = None
    recherche: ClassVar[str] = ""
    tri: ClassVar[str] = "nom"
    sorte: ClassVar[type[LigneLue] | None] = None
    redites: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    request: Any
    kwargs: dict[str, Any]

    @classmethod
    def pour(cls, request: HttpRequest, route: str, **kwargs: Any) -> Self:
        """La sélection que ferait la liste `route` de cette demande, sans réponse à rendre.

        `kwargs` : ce que l'adresse de la liste désigne. Lève ce que lève `autoriser()`.
        """
        selection: Any = cls()
        selection.setup(request, **kwargs)
        selection.route = route
        selection.autoriser()
        return selection

    # --- à redéfinir -----------------------------------------------------------------------------------------------

    def autoriser(self) -> None:
        """Lève `PermissionDenied` si la liste entière est réservée ; par défaut, `requete()` suffit."""

    def requete(self) -> QuerySet:
        """Ce que le lecteur peut voir, avec ce qu'une ligne affiche (`select_related`, annotations)."""
        objets: Any = self.modele._default_manager
        return objets.visibles_par(self.request.user)

    def colonnes_offertes(self) -> list[str]:
        """Colonnes que ce lecteur peut montrer, dans l'ordre de la table."""
        return list(self.table.base_columns)

    def colonnes_par_defaut(self) -> list[str]:
        """Colonnes montrées quand on n'en choisit pas."""
        toutes = self.colonnes_offertes()
        tues = {nom for critere, noms in self.redites.items() if self.parametres.get(critere) for nom in noms}
        montrees = set(self.table.par_defaut or toutes) - tues
        return [n for n in toutes if n in montrees or n == self.table.colonne_titre]

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Complète les objets affichés, en un nombre constant de requêtes ; `colonnes` : celles qu'on montre."""

    # --- l'adresse -------------------------------------------------------------------------------------------------

    @cached_property
    def route(self) -> str:
        """Nom de route de la liste ; vide hors d'une adresse."""
        adresse = getattr(self.request, "resolver_match", None)
        return adresse.view_name if adresse else ""

    @property
    def garde_des_vues(self) -> bool:
        """Vrai si l'on peut y enregistrer une vue : une liste à part entière, non la part de la fiche d'un objet."""
        return bool(self.route) and not self.kwargs and self.modele is not Filtre

    @cached_property
    def noms_connus(self) -> frozenset[str]:
        """Paramètres qui décident des lignes, de leur ordre ou des colonnes : ceux qu'une vue enregistre."""
        noms = {"tri", "colonnes"} | ({"recherche"} if self.recherche else set())
        return frozenset(noms.union(self.filtre.base_filters if self.filtre else ()))

    @cached_property
    def lecture(self) -> Lecture:
        """L'adresse, la vue ouverte dessous ; ce que la vue nomme et que le lecteur ne voit pas en est ôté."""
        poses, ajoutes = self.adresse_et_vue
        criteres = self.filtrer(poses)
        if criteres is None or criteres.is_valid():
            return Lecture(poses, criteres)
        ecartes = [nom for nom in ajoutes if nom in criteres.form.errors]
        for nom in ecartes:
            poses.pop(nom)
        return Lecture(poses, self.filtrer(poses), bool(ecartes)) if ecartes else Lecture(poses, criteres)

    def filtrer(self, parametres: QueryDict) -> FiltreListe | None:
        """Les filtres de la liste, lus dans ces paramètres."""
        return self.filtre(parametres, self.visibles, request=self.request) if self.filtre else None

    @property
    def parametres(self) -> QueryDict:
        """Les paramètres qui valent : ceux de l'adresse, et dessous ceux de la vue ouverte."""
        return self.lecture.parametres

    @property
    def criteres(self) -> FiltreListe | None:
        """Les filtres qui valent."""
        return self.lecture.criteres

    @cached_property
    def texte(self) -> str:
        """Texte cherché, borné : au-delà, ce n'est plus une recherche."""
        return self.parametres.get("recherche", "").strip()[:LONGUEUR_RECHERCHE] if self.recherche else ""

    @cached_property
    def colonnes(self) -> list[str]:
        """Colonnes montrées, dans l'ordre de la table ; celle qui nomme la ligne l'est toujours."""
        toutes = self.colonnes_offertes()
        choisies = set(self.colonnes_nommees) & set(toutes)
        if not choisies:
            return self.colonnes_par_defaut()
        return [nom for nom in toutes if nom in choisies or nom == self.table.colonne_titre]

    @property
    def colonnes_nommees(self) -> list[str]:
        """Colonnes que nomme l'adresse, connues ou non."""
        return [nom for valeur in self.parametres.getlist("colonnes") for nom in valeur.split(",") if nom]

    @cached_property
    def tri_pose(self) -> str:
        """Tri demandé s'il existe, sinon celui de la liste."""
        demande = self.parametres.get("tri", "")
        return demande if self.est_un_tri(demande) else self.tri

    def est_un_tri(self, demande: str) -> bool:
        """Vrai si la liste sait trier ainsi."""
        colonne = self.table.base_columns.get(demande.removeprefix("-"))
        return colonne is not None and colonne.orderable is not False

    @cached_property
    def choix(self) -> list[int] | None:
        """Clés des seules lignes à garder, ou None si l'adresse n'en désigne pas."""
        if "choix" not in self.request.GET:
            return None
        nommees = [cle for valeur in self.request.GET.getlist("choix") for cle in valeur.split(",")]
        return [int(cle) for cle in nommees if cle.isdecimal() and len(cle) < 19][:CHOIX_MAX]

    def criteres_poses(self) -> dict[str, list[str]]:
        """Ce qu'enregistrerait une vue, sous sa forme la plus courte : paramètre → valeurs."""
        poses: dict[str, list[str]] = {}
        for nom in sorted(self.noms_connus - {"tri", "colonnes"}):
            if valeurs := sorted({v.strip() for v in self.parametres.getlist(nom)} - {""}):
                poses[nom] = valeurs
        if self.tri_pose != self.tri:
            poses["tri"] = [self.tri_pose]
        if self.colonnes != self.colonnes_par_defaut():
            poses["colonnes"] = [",".join(nom for nom in self.colonnes if nom != self.table.colonne_titre)]
        return poses

    def fautes(self) -> dict[str, list[str]]:
        """Tout ce que l'adresse dit de travers, par paramètre : une phrase à montrer. Vide si elle se comprend."""
        fautes: dict[str, list[str]] = {}
        if self.criteres is not None and not self.criteres.is_valid():
            fautes |= {nom: [str(f) for f in textes] for nom, textes in self.criteres.form.errors.items()}
        if len(self.parametres.get("recherche", "")) > LONGUEUR_RECHERCHE:
            fautes["recherche"] = [f"Cherchez {LONGUEUR_RECHERCHE} signes au plus."]
        if (demande := self.parametres.get("tri", "")) and not self.est_un_tri(demande):
            fautes["tri"] = [f"On ne trie pas par « {demande[:40]} »."]
        if inconnues := set(self.colonnes_nommees) - set(self.colonnes_offertes()):
            fautes["colonnes"] = [f"Colonnes inconnues : {', '.join(sorted(inconnues))[:120]}."]
        return fautes

    # --- l'ensemble ------------------------------------------------------------------------------------------------

    @cached_property
    def visibles(self) -> QuerySet:
        """`requete()`, bâtie une fois."""
        return self.requete()

    @cached_property
    def ensemble(self) -> QuerySet:
        """Tout ce que la liste montre : vu par le lecteur, filtré, cherché, trié sans ex æquo."""
        qs: Any = self.visibles
        if self.criteres is not None:
            if not self.criteres.is_valid():
                return qs.none()
            qs = self.criteres.qs
        if self.lecture.muette:
            return qs.none()
        if self.texte:
            qs = qs.chercher(self.texte)
        if self.choix is not None:
            qs = qs.filter(pk__in=self.choix)
        return qs.order_by(*self.ordre())

    def objets(self) -> QuerySet:
        """D'où se lisent les objets d'une page, désignés par leurs clés : avec ce que leurs colonnes citent."""
        return self.visibles

    def ordre(self) -> list[OrderBy]:
        """Le tri posé, puis celui de la liste, puis la clé : deux pages ne se recouvrent jamais."""
        expressions: dict[str, OrderBy] = {}
        for alias in (self.tri_pose, self.tri):
            nom = alias.removeprefix("-")
            colonne = self.table.base_columns[nom]
            for chemin in colonne.order_by or (str(colonne.accessor or nom),):
                chemin, inverse = str(chemin), alias.startswith("-")
                cle = chemin.removeprefix("-").replace(".", "__")
                expressions.setdefault(cle, self._ordonner(cle, chemin.startswith("-") != inverse))
        expressions.pop("pk", None)
        return [*expressions.values(), F("pk").asc()]

    def _ordonner(self, chemin: str, descendant: bool) -> OrderBy:
        # Les deux bases rangent les vides à l'opposé l'une de l'autre : ils vont toujours à la fin.
        vides = {"nulls_last": True} if _peut_manquer(self.modele, chemin) else {}
        return F(chemin).desc(**vides) if descendant else F(chemin).asc(**vides)

    def table_de(self, objets: Iterable[Any]) -> TableListe:
        """La table de ces objets, réduite aux colonnes montrées."""
        return self.table.reduite(self.colonnes, objets, self.tri_pose)

    def emporter(self, table: TableListe) -> Iterator[list[Any]]:
        """Les lignes d'export de la liste entière : lues en valeurs si la table s'y prête, sinon par objets."""
        sorte = self.sorte or (LigneLue if type(self).enrichir is Selection.enrichir else None)
        plan = planifier(self.table, self.colonnes, self.ensemble, sorte) if sorte else None
        lots: Iterable[list[Any]] = self.lots()
        if plan is not None and sorte is not None:
            table.lire_selon(plan.lectures)
            lots = self._completer(plan.lire_par_lots(self.ensemble, sorte))
        for lot in lots:
            yield from map(table.en_export, lot)
            del lot

    def _completer(self, lots: Iterable[list[Any]]) -> Iterator[list[Any]]:
        for lot in lots:
            self.enrichir(lot, self.colonnes)
            yield lot
            del lot

    def lots(self) -> Iterator[list[Any]]:
        """Les objets de la liste entière, par lots complétés."""
        relations, gardes = relations_de(self.objets()), Gardes()
        lues = self.ensemble.select_related(None) if relations else self.ensemble
        objets = lues.iterator(chunk_size=OBJETS_PAR_LOT)
        while lot := list(islice(objets, OBJETS_PAR_LOT)):
            completer(lot, relations, gardes)
            self.enrichir(lot, self.colonnes)
            yield lot
            del lot


def _peut_manquer(modele: type[Model], chemin: str) -> bool:
    """Vrai si ce qu'atteint le chemin peut être nul : un champ facultatif, ou une annotation."""
    nulle = False
    for nom in chemin.split("__"):
        try:
            champ = modele._meta.pk if nom == "pk" else modele._meta.get_field(nom)
        except FieldDoesNotExist:
            return True
        nulle = nulle or bool(getattr(champ, "null", False))
        modele = champ.related_model or modele
    return nulle
