"""La liste : une vue déclarative d'où viennent toutes les listes du produit.

Elle part toujours de `requete()`, donc de ce que le lecteur a le droit de voir : table, total, filtres, vues, exports
et fragment htmx lisent le même ensemble (`Selection`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from typing import Any, ClassVar

from django.core.paginator import Page
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views import View

from programme.socle import emporter
from programme.socle.pages import TAILLES, PageParCles, taille_demandee
from programme.socle.reglages import AUCUNE, MODIFIEE, VUE
from programme.socle.selection import Selection
from programme.socle.tables import TableListe
from programme.socle.valeurs import Plan, planifier
from programme.socle.vues import Menu, menu_de, par_defaut, parametres_de_depart

FRAGMENT = "composants/liste_resultats.html"
FILTRES = "composants/liste_filtres.html"
PANNEAU = "panneau"
"""Nom d'adresse qui demande les filtres : on ne les écrit que pour qui les ouvre, ils pèsent la moitié de la page."""
CLASSEUR = "composants/liste_classeur.html"
FEUILLE = "composants/liste_impression.html"


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
    exports: list[dict[str, Any]]
    tailles: list[dict[str, Any]]
    caches: list[tuple[str, str]]
    vide: dict[str, str]
    dont: str = ""
    formulaire: Any = None
    url_filtres: str = ""
    filtres_ouverts: bool = False
    colonnes: list[dict[str, Any]] = field(default_factory=list)
    onglets: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)
    url_actions: str = ""
    vues: Menu | None = None
    entiere: bool = True
    url_tout: str = ""
    url_impression: str = ""


class VueListe(Selection, View):
    """Une liste : `modele`, `requete()`, `table`, `filtre`. Le reste a une valeur par défaut.

    `tri` : colonne de départ (« -nom » pour l'inverse). `recherche` : libellé du champ, vide pour ne pas chercher ;
    la recherche appelle `chercher(texte)` du QuerySet. `unite` : « ESMS,ESMS », pour le compte. `vues` : onglets
    (libellé, nom de route). `enrichir()` complète les objets d'une page (ou d'un lot d'export) de ce que le SQL de
    `requete()` ne dit pas. `a_part` : les lignes que `detailler()` compte à part (`pages.nb_a_part`).
    `autoriser()` lève `PermissionDenied` si la liste est réservée.
    """

    gabarit: ClassVar[str] = "composants/liste.html"
    titre: str = ""
    chapeau: str = ""
    unite: ClassVar[str] = "ligne"
    nom_fichier: ClassVar[str] = ""
    vues: ClassVar[tuple[tuple[str, str], ...]] = ()
    a_part: ClassVar[Q | None] = None

    # --- à redéfinir -----------------------------------------------------------------------------------------------

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

    def actions(self) -> list[dict[str, str]]:
        """Gestes sur les lignes choisies (valeur, libelle) ; sans geste, pas de case à cocher."""
        return []

    def url_actions(self) -> str:
        """Adresse qui reçoit les lignes choisies."""
        return ""

    # --- la réponse ------------------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, **_: Any) -> HttpResponseBase:
        """La page, son fragment, ou ce qu'on en emporte."""
        self.autoriser()
        htmx = getattr(request, "htmx", None)
        if htmx and htmx.target == "filtres" and self.criteres is not None:
            return render(request, FILTRES, {"formulaire": self.criteres.form, "url_tout": self._nue})
        en_fragment = bool(htmx and htmx.target in (None, "resultats") and not htmx.history_restore_request)
        if not en_fragment and self.est_nue and (defaut := par_defaut(self.enregistrees)):
            return self._aller(self.adresse(vue=defaut.pk, format=request.GET.get("format", "")))
        if request.GET.get("origine"):
            return self._revenir_aux_colonnes(en_fragment)
        if (format_demande := request.GET.get("format", "")) in (*emporter.FORMATS, emporter.IMPRESSION):
            return self.exporter(format_demande)
        if en_fragment:
            reponse = render(request, FRAGMENT, {"liste": self.lire(complete=False)})
            reponse["HX-Push-Url"] = self._canonique(request.GET.copy())
        else:
            reponse = render(request, self.gabarit, {"liste": self.lire(complete=True), **self.contexte()})
        patch_vary_headers(reponse, ("HX-Request",))
        return reponse

    def post(self, request: HttpRequest, **_: Any) -> HttpResponseBase:
        """Prépare un gros classeur en tâche de fond ; redemander la même chose ramène au travail en route."""
        if request.GET.get("format") != emporter.XLSX:
            return self.http_method_not_allowed(request)
        self.autoriser()
        return redirect(emporter.PAGE_DU_TRAVAIL, pk=emporter.preparer_classeur(self).pk)

    def lire(self, *, complete: bool) -> Liste:
        """Lit la page demandée ; `complete` : avec le formulaire et le choix des colonnes."""
        page = self.page
        objets = list(page)
        self.enrichir(objets, self.colonnes)
        table = self.table_de(objets)
        if self.plan is not None:
            table.lire_selon(self.plan.lectures)
        table.page, table.paginator = page, page.paginator
        total = page.paginator.count
        actions = self.actions() if total else []
        if actions:
            table.case_a_cocher = "choix"
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
            exports=self.emports(total),
            tailles=[{"nombre": t, "url": self.adresse(par_page=t), "courante": t == self.taille} for t in TAILLES],
            caches=parametres_de_depart(self),
            vide=self.vide_ou_filtree() if not total else {},
            dont=self.detailler() if total else "",
            formulaire=self.criteres.form if complete and self.criteres and self.montre_les_filtres else None,
            url_filtres=self.adresse(**{PANNEAU: "filtres"}) if self.criteres is not None else "",
            filtres_ouverts=PANNEAU in self.request.GET,
            colonnes=self.choix_de_colonnes() if complete else [],
            onglets=self.onglets() if complete else [],
            actions=actions,
            url_actions=f"{self.url_actions()}{self.adresse_entiere()}" if actions else "",
            vues=menu_de(self),
            entiere=complete,
            url_tout=self._nue,
            url_impression=self.adresse(format=emporter.IMPRESSION),
        )

    # --- ce que dit l'adresse --------------------------------------------------------------------------------------

    @cached_property
    def taille(self) -> int:
        """Lignes par page."""
        return taille_demandee(self.request.GET.get("par_page"))

    @property
    def est_nue(self) -> bool:
        """Vrai si l'adresse ne dit rien des lignes à montrer : c'est là que s'ouvre la vue par défaut."""
        return not self._decident.intersection(self.request.GET)

    @property
    def _decident(self) -> frozenset[str]:
        return self.noms_connus | {VUE, MODIFIEE, "choix", "origine"}

    @property
    def montre_les_filtres(self) -> bool:
        """Vrai si la page écrit les filtres d'emblée : on les demande, ou un critère est posé et doit rester."""
        filtres = self.filtre.base_filters if self.filtre else ()
        poses = (valeur for nom in filtres for valeur in self.parametres.getlist(nom))
        return PANNEAU in self.request.GET or any(poses)

    @property
    def _nue(self) -> str:
        return self._canonique(QueryDict(mutable=True))

    def adresse(self, sans: Iterable[str] = (), **avec: Any) -> str:
        """L'adresse courante modifiée, revenue à la première page."""
        requete = self.request.GET.copy()
        for nom in ("page", "format", PANNEAU, *sans):
            requete.pop(nom, None)
        for nom, valeur in avec.items():
            if valeur != "":
                requete[nom] = str(valeur)
        return self._canonique(requete)

    def adresse_entiere(self) -> str:
        """Les paramètres qui valent, vue comprise, en toutes lettres : « ?etat=cadrage&tri=-nom », ou rien."""
        requete = self.parametres.copy()
        for nom in ("page", "par_page", "format", PANNEAU, VUE, MODIFIEE):
            requete.pop(nom, None)
        return "?" + requete.urlencode(safe=",") if requete else ""

    def _canonique(self, requete: QueryDict) -> str:
        """L'adresse sans critère vide, colonnes réunies ou tues si ce sont celles du défaut : la plus courte."""
        vue = requete.get(VUE)
        if VUE not in requete or vue == AUCUNE:
            if requete.pop("colonnes", None) and self.colonnes != self.colonnes_par_defaut():
                requete["colonnes"] = ",".join(nom for nom in self.colonnes if nom != self.table.colonne_titre)
            for nom in [nom for nom, valeurs in requete.lists() if not any(valeurs)]:
                requete.pop(nom)
            if vue == AUCUNE:
                requete.pop(VUE)
            if not self._decident.intersection(requete) and par_defaut(self.enregistrees):
                requete[VUE] = AUCUNE
        return "?" + requete.urlencode(safe=",") if requete else self.request.path

    def _revenir_aux_colonnes(self, en_fragment: bool) -> HttpResponseBase:
        """La même liste, avec les colonnes d'origine : la page entière, pour que les cases à cocher le disent aussi."""
        requete = self.parametres.copy()
        for nom in ("origine", "colonnes"):
            requete.pop(nom, None)
        ailleurs = self._aller(self._detacher(requete))
        return HttpResponse(headers={"HX-Redirect": ailleurs.url}) if en_fragment else ailleurs

    def _aller(self, adresse: str) -> HttpResponseRedirect:
        return HttpResponseRedirect(adresse if adresse.startswith("/") else self.request.path + adresse)

    def _detacher(self, requete: QueryDict) -> str:
        """L'adresse de ces paramètres entiers ; la vue ouverte n'y est plus que celle dont on part."""
        for nom in ("page", PANNEAU):
            requete.pop(nom, None)
        if requete.pop(VUE, None) and self.vue_ouverte is not None:
            requete[MODIFIEE] = str(self.vue_ouverte.pk)
        return self._canonique(requete)

    @cached_property
    def plan(self) -> Plan | None:
        """De quoi lire la page en valeurs, si la liste et ses colonnes s'y prêtent."""
        if self.sorte is None or not self.sorte.affichable:
            return None
        return planifier(self.table, self.colonnes, self.objets(), self.sorte, a_l_ecran=True)

    @cached_property
    def pages(self) -> PageParCles:
        """Les pages de la liste, aucune encore lue."""
        plan, sorte = self.plan, self.sorte
        batir = partial(plan.lire, sorte=sorte) if plan and sorte else list
        recherche = bool(self.texte)
        return PageParCles(self.ensemble, self.taille, self.objets(), rare=recherche, batir=batir, a_part=self.a_part)

    @cached_property
    def page(self) -> Page:
        """La page demandée, ou la plus proche si elle n'existe pas (plus)."""
        return self.pages.get_page(self.request.GET.get("page", 1))

    # --- ce que la page propose ------------------------------------------------------------------------------------

    def filtres_actifs(self) -> list[dict[str, str]]:
        """Une puce par critère posé, avec l'adresse qui le retire."""
        puces = []
        if self.texte:
            puces.append({"libelle": f"« {self.texte} »", "url_retrait": self._sans("recherche")})
        if self.criteres is not None and self.criteres.is_valid():
            for nom, valeur, libelle in self.criteres.puces():
                puces.append({"libelle": libelle, "url_retrait": self._sans(nom, valeur)})
        if self.choix is not None:
            puces.append({"libelle": "Lignes choisies", "url_retrait": self._sans("choix")})
        return puces

    def _sans(self, nom: str, valeur: str = "") -> str:
        """L'adresse sans ce critère ; un critère à plusieurs valeurs garde les autres."""
        requete = self.parametres.copy()
        requete.setlist(nom, [v for v in requete.getlist(nom) if valeur and v != valeur])
        return self._detacher(requete)

    def choix_de_colonnes(self) -> list[dict[str, Any]]:
        """Les colonnes qu'on peut montrer ou taire."""
        return [
            {"nom": nom, "libelle": colonne.verbose_name or nom, "choisie": nom in self.colonnes}
            for nom in self.colonnes_offertes()
            if nom != self.table.colonne_titre and (colonne := self.table.base_columns[nom])
        ]

    def onglets(self) -> list[dict[str, Any]]:
        """Les vues voisines, celle-ci comprise."""
        return [{"libelle": mots, "url": reverse(route), "courant": route == self.route} for mots, route in self.vues]

    def emports(self, total: int) -> list[dict[str, Any]]:
        """Les formats offerts ; un gros classeur se demande par un bouton, puisqu'il lance un travail."""
        return [
            {
                "libelle": nom,
                "url": self.adresse(format=cle),
                "en_fond": cle == emporter.XLSX and total > emporter.SEUIL_CLASSEUR,
            }
            for cle, nom in emporter.FORMATS.items()
        ]

    def vide_ou_filtree(self) -> dict[str, str]:
        """Pourquoi la page est vide, et le geste qui en sort."""
        tout_retirer = {"url": self._nue, "libelle": "Tout retirer", "icone": "search"}
        if self.lecture.muette:
            texte = "Un de ses critères ne vaut pas, ou plus, pour vous."
            return tout_retirer | {"titre": "Cette vue ne vous montre rien", "texte": texte, "libelle": "Tout voir"}
        if self.criteres is not None and (fautes := self.criteres.fautes()):
            return tout_retirer | {"titre": "Un critère n’a pas été compris", "texte": " ".join(fautes)}
        if self.filtres_actifs():
            texte = "Aucune ligne ne réunit tous ces critères. Retirez-en un, ou tous."
            return tout_retirer | {"titre": "Rien ne correspond", "texte": texte}
        return self.vide()

    # --- emporter --------------------------------------------------------------------------------------------------

    def exporter(self, format_demande: str) -> HttpResponseBase:
        """Tout ce que la liste montre, toutes pages, mêmes colonnes, même ordre."""
        if format_demande == emporter.IMPRESSION:
            return self.imprimer()
        if format_demande == emporter.XLSX:
            total = self.ensemble.count()
            if total > emporter.SEUIL_CLASSEUR:
                contexte = {"titre": self.nommer(), "total": total, "url": self.adresse(format=emporter.XLSX)}
                return render(self.request, CLASSEUR, contexte | {"retour": self.adresse()})
            return emporter.en_classeur(self)
        return emporter.en_csv(self)

    def imprimer(self) -> HttpResponseBase:
        """Une feuille sobre : les critères, la date, les lignes jusqu'au plafond, qui se dit."""
        plafond = emporter.PLAFOND_IMPRESSION
        objets = list(islice((objet for lot in self.lots() for objet in lot), plafond + 1))
        table = self.table_de(objets[:plafond])
        contexte = {
            "titre": self.nommer(),
            "unite": self.unite,
            "au": timezone.localdate(),
            "table": table,
            "total": self.ensemble.count() if len(objets) > plafond else len(objets),
            "plafond": plafond if len(objets) > plafond else 0,
            "vue": self.vue_ouverte,
            "modifiee": self.est_modifiee,
            "criteres": [puce["libelle"] for puce in self.filtres_actifs()],
            "retour": self.adresse(),
        }
        return render(self.request, FEUILLE, contexte)
