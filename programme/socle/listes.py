"""La liste : une vue déclarative d'où viennent toutes les listes du produit.

Elle part toujours de `requete()`, donc de ce que le lecteur a le droit de voir : table, total, filtres, export et
fragment htmx lisent le même ensemble.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import FileResponse, HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.views import View

from programme.socle import exports
from programme.socle.filtres import FiltreListe
from programme.socle.pages import TAILLES, PageParCles, taille_demandee
from programme.socle.tables import TableListe

FRAGMENT = "composants/liste_resultats.html"
FORMATS = {"csv": "CSV", "xlsx": "XLSX"}
OBJETS_PAR_LOT = 500


@dataclass
class Liste:
    """Ce que lisent `composants/liste.html` et `composants/liste_resultats.html`."""

    titre: str
    chapeau: str
    unite: str
    recherche: dict[str, str] | None
    table: TableListe
    total: int
    debut: int
    fin: int
    filtres_actifs: list[dict[str, str]]
    exports: list[dict[str, str]]
    tailles: list[dict[str, Any]]
    caches: list[tuple[str, str]]
    vide: dict[str, str]
    dont: str = ""
    formulaire: Any = None
    colonnes: list[dict[str, Any]] = field(default_factory=list)
    onglets: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)
    url_actions: str = ""


class VueListe(View):
    """Une liste : `modele`, `requete()`, `table`, `filtre`. Le reste a une valeur par défaut.

    `tri` : colonne de départ (« -nom » pour l'inverse). `recherche` : libellé du champ, vide pour ne pas chercher ;
    la recherche appelle `chercher(texte)` du QuerySet. `unite` : « ESMS,ESMS », pour le compte. `vues` : onglets
    (libellé, nom de route). `enrichir()` complète les objets d'une page (ou d'un lot d'export) de ce que le SQL de
    `requete()` ne dit pas.
    """

    modele: ClassVar[type[Model]]
    table: ClassVar[type[TableListe]]
    filtre: ClassVar[type[FiltreListe] | None] = None
    gabarit: ClassVar[str] = "composants/liste.html"
    titre: str = ""
    chapeau: str = ""
    unite: ClassVar[str] = "ligne"
    recherche: ClassVar[str] = ""
    tri: ClassVar[str] = "nom"
    nom_fichier: ClassVar[str] = ""
    vues: ClassVar[tuple[tuple[str, str], ...]] = ()

    # --- à redéfinir -----------------------------------------------------------------------------------------------

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
        return [n for n in toutes if n in (self.table.par_defaut or toutes) or n == self.table.colonne_titre]

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Complète les objets affichés, en un nombre constant de requêtes ; `colonnes` : celles qu'on montre."""

    def vide(self) -> dict[str, str]:
        """Page vide sans critère : pourquoi, et le premier geste (titre, texte, url, libelle, icone)."""
        return {"titre": "Rien ici pour l’instant", "texte": "", "icone": "inbox"}

    def nommer(self) -> str:
        """Titre de la page."""
        return self.titre

    def presenter(self) -> str:
        """Ligne de contexte sous le titre."""
        return self.chapeau

    def detailler(self) -> str:
        """Ce que le total ne dit pas (« dont 1 sorti ») ; rien le plus souvent."""
        return ""

    def contexte(self) -> dict[str, Any]:
        """De quoi compléter la page entière ; le fragment n'en a pas besoin."""
        return {}

    # --- la réponse ------------------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, **_: Any) -> HttpResponseBase:
        """La page, son fragment, ou l'export de ce qu'on voit."""
        format_demande = request.GET.get("export", "")
        if format_demande in FORMATS:
            return self.exporter(format_demande)
        htmx = getattr(request, "htmx", None)
        if htmx and htmx.target in (None, "resultats") and not htmx.history_restore_request:
            reponse = render(request, FRAGMENT, {"liste": self.lire(complete=False)})
            reponse["HX-Push-Url"] = self._canonique(request.GET.copy())
        else:
            reponse = render(request, self.gabarit, {"liste": self.lire(complete=True), **self.contexte()})
        patch_vary_headers(reponse, ("HX-Request",))
        return reponse

    def lire(self, *, complete: bool) -> Liste:
        """Lit la page demandée ; `complete` : avec le formulaire et le choix des colonnes."""
        page = self.page
        objets = list(page)
        self.enrichir(objets, self.colonnes)
        table = self.table_de(objets)
        table.page, table.paginator = page, page.paginator
        total = page.paginator.count
        return Liste(
            titre=self.nommer(),
            chapeau=self.presenter(),
            unite=self.unite,
            recherche={"libelle": self.recherche, "nom": "recherche", "valeur": self.texte} if self.recherche else None,
            table=table,
            total=total,
            debut=page.start_index(),
            fin=page.end_index(),
            filtres_actifs=self.filtres_actifs(),
            exports=[{"libelle": nom, "url": self.adresse(export=cle)} for cle, nom in FORMATS.items()],
            tailles=[{"nombre": t, "url": self.adresse(par_page=t), "courante": t == self.taille} for t in TAILLES],
            caches=[(nom, self.request.GET[nom]) for nom in ("tri", "par_page") if self.request.GET.get(nom)],
            vide=self.vide_ou_filtree() if not total else {},
            dont=self.detailler() if total else "",
            formulaire=self.criteres.form if complete and self.criteres else None,
            colonnes=self.choix_de_colonnes() if complete else [],
            onglets=self.onglets() if complete else [],
        )

    # --- ce que dit l'adresse --------------------------------------------------------------------------------------

    @cached_property
    def texte(self) -> str:
        """Texte cherché, borné : au-delà, ce n'est plus une recherche."""
        return self.request.GET.get("recherche", "").strip()[:200] if self.recherche else ""

    @cached_property
    def taille(self) -> int:
        """Lignes par page."""
        return taille_demandee(self.request.GET.get("par_page"))

    @cached_property
    def colonnes(self) -> list[str]:
        """Colonnes montrées, dans l'ordre de la table ; celle qui nomme la ligne l'est toujours."""
        toutes = self.colonnes_offertes()
        valeurs = self.request.GET.getlist("colonnes")
        choisies = {nom for valeur in valeurs for nom in valeur.split(",")} & set(toutes)
        if not choisies:
            return self.colonnes_par_defaut()
        return [nom for nom in toutes if nom in choisies or nom == self.table.colonne_titre]

    @cached_property
    def tri_pose(self) -> str:
        """Tri demandé s'il existe, sinon celui de la liste."""
        demande = self.request.GET.get("tri", "")
        colonne = self.table.base_columns.get(demande.removeprefix("-"))
        return demande if colonne is not None and colonne.orderable is not False else self.tri

    @cached_property
    def criteres(self) -> FiltreListe | None:
        """Les filtres, lus dans l'adresse."""
        return self.filtre(self.request.GET, self.visibles, request=self.request) if self.filtre else None

    def adresse(self, sans: Iterable[str] = (), **avec: Any) -> str:
        """L'adresse courante modifiée, revenue à la première page."""
        requete = self.request.GET.copy()
        for nom in ("page", "export", *sans):
            requete.pop(nom, None)
        for nom, valeur in avec.items():
            requete[nom] = str(valeur)
        return self._canonique(requete)

    def _canonique(self, requete: QueryDict) -> str:
        """L'adresse sans critère vide, colonnes réunies ou tues si ce sont celles du défaut : la plus courte."""
        if requete.pop("colonnes", None) and self.colonnes != self.colonnes_par_defaut():
            requete["colonnes"] = ",".join(nom for nom in self.colonnes if nom != self.table.colonne_titre)
        for nom in [nom for nom, valeurs in requete.lists() if not any(valeurs)]:
            requete.pop(nom)
        return "?" + requete.urlencode(safe=",") if requete else self.request.path

    # --- lecture ---------------------------------------------------------------------------------------------------

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
        if self.texte:
            qs = qs.chercher(self.texte)
        return qs.order_by(*self.ordre())

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

    @cached_property
    def page(self) -> Page:
        """La page demandée, ou la plus proche si elle n'existe pas (plus)."""
        return PageParCles(self.ensemble, self.taille, self.visibles).get_page(self.request.GET.get("page", 1))

    def table_de(self, objets: Iterable[Any]) -> TableListe:
        """La table de ces objets, réduite aux colonnes montrées."""
        exclues = [nom for nom in self.table.base_columns if nom not in self.colonnes]
        return self.table(objets, exclude=exclues, order_by=self.tri_pose)

    # --- ce que la page propose ------------------------------------------------------------------------------------

    def filtres_actifs(self) -> list[dict[str, str]]:
        """Une puce par critère posé, avec l'adresse qui le retire."""
        puces = []
        if self.texte:
            puces.append({"libelle": f"« {self.texte} »", "url_retrait": self._sans("recherche")})
        if self.criteres is not None and self.criteres.is_valid():
            for nom, valeur, libelle in self.criteres.puces():
                puces.append({"libelle": libelle, "url_retrait": self._sans(nom, valeur)})
        return puces

    def _sans(self, nom: str, valeur: str = "") -> str:
        """L'adresse sans ce critère ; un critère à plusieurs valeurs garde les autres."""
        requete = self.request.GET.copy()
        requete.setlist(nom, [v for v in requete.getlist(nom) if valeur and v != valeur])
        requete.pop("page", None)
        return self._canonique(requete)

    def choix_de_colonnes(self) -> list[dict[str, Any]]:
        """Les colonnes qu'on peut montrer ou taire."""
        return [
            {"nom": nom, "libelle": colonne.verbose_name or nom, "choisie": nom in self.colonnes}
            for nom in self.colonnes_offertes()
            if nom != self.table.colonne_titre and (colonne := self.table.base_columns[nom])
        ]

    def onglets(self) -> list[dict[str, Any]]:
        """Les vues voisines, celle-ci comprise."""
        ici = self.request.resolver_match.view_name if self.request.resolver_match else ""
        return [{"libelle": mots, "url": reverse(route), "courant": route == ici} for mots, route in self.vues]

    def vide_ou_filtree(self) -> dict[str, str]:
        """Pourquoi la page est vide, et le geste qui en sort."""
        tout_retirer = {"url": self.request.path, "libelle": "Tout retirer", "icone": "search"}
        if self.criteres is not None and (fautes := self.criteres.fautes()):
            return tout_retirer | {"titre": "Un critère n’a pas été compris", "texte": " ".join(fautes)}
        if self.filtres_actifs():
            texte = "Aucune ligne ne réunit tous ces critères. Retirez-en un, ou tous."
            return tout_retirer | {"titre": "Rien ne correspond", "texte": texte}
        return self.vide()

    # --- emporter --------------------------------------------------------------------------------------------------

    def exporter(self, format_demande: str) -> HttpResponseBase:
        """Tout ce que la liste montre, toutes pages, mêmes colonnes, même ordre."""
        table = self.table_de(())
        lignes = (table.en_export(objet) for lot in self.lots() for objet in lot)
        nom = f"{self.nom_fichier or slugify(self.nommer())}-{timezone.localdate():%Y-%m-%d}.{format_demande}"
        if format_demande == "xlsx":
            return FileResponse(exports.xlsx(self.nommer(), table.entetes, lignes), as_attachment=True, filename=nom)
        return StreamingHttpResponse(
            exports.csv_en_flux(table.entetes, lignes),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{nom}"'},
        )

    def lots(self) -> Iterator[list[Any]]:
        """Les objets de la liste entière, par lots complétés."""
        objets = self.ensemble.iterator(chunk_size=OBJETS_PAR_LOT)
        while lot := list(islice(objets, OBJETS_PAR_LOT)):
            self.enrichir(lot, self.colonnes)
            yield lot


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
