"""Ce qu'une adresse règle, et la vue enregistrée dont elle part : une liste, ou la page d'un objet."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, QueryDict
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from programme.socle.models import Filtre

VUE, MODIFIEE, AUCUNE = "vue", "modifiee", "aucune"
V = TypeVar("V", bound=Callable[..., Any])


class Reglages(ABC):
    """Ce que garde une vue : des paramètres d'adresse (`noms_connus`), au plus court (`criteres_poses`).

    `route` : nom de route de la page. `objet` : la clé de ce qu'elle montre ; vide pour une liste.
    `?vue=12` ouvre une vue, sur laquelle l'adresse l'emporte ; `?modifiee=12` dit que l'adresse part de cette vue et
    porte tous ses critères.
    """

    request: Any
    route: Any
    titre: Any
    objet: str = ""
    noms_connus: Any
    invite = "Gardez une recherche, ses filtres et ses colonnes sous un nom."
    mot_tout = "Tout voir"

    @abstractmethod
    def criteres_poses(self) -> dict[str, list[str]]:
        """Ce qu'enregistrerait une vue, sous sa forme la plus courte : paramètre → valeurs."""

    def fautes(self) -> dict[str, list[str]]:
        """Tout ce que l'adresse dit de travers, par paramètre. Vide si elle se comprend."""
        return {}

    @property
    def garde_des_vues(self) -> bool:
        """Vrai si l'on peut y enregistrer une vue."""
        return bool(self.route)

    @cached_property
    def enregistrees(self) -> list[Filtre]:
        """Vues de cette page ouvertes au lecteur : les siennes, et celles qu'on partage avec lui."""
        if not self.garde_des_vues:
            return []
        vues = Filtre.objects.visibles_par(self.request.user).filter(liste=self.route, objet=self.objet)
        return list(vues.select_related("grappe", "og"))

    @cached_property
    def vue_ouverte(self) -> Filtre | None:
        """La vue que nomme l'adresse, telle quelle ou modifiée. Lève `Http404` si elle n'est pas ouverte au lecteur."""
        demandee = self.request.GET.get(VUE) or ""
        cle = demandee or self.request.GET.get(MODIFIEE) or ""
        if cle in ("", AUCUNE):
            return None
        vue = next((v for v in self.enregistrees if str(v.pk) == cle), None)
        if vue is None and demandee:
            raise Http404("vue inconnue, ou qui ne vous est pas ouverte")
        return vue

    @cached_property
    def adresse_et_vue(self) -> tuple[QueryDict, list[str]]:
        """Les paramètres de l'adresse, ceux de la vue ouverte dessous, et les noms de ces derniers."""
        poses = self.request.GET.copy()
        ajoutes = []
        if self.vue_ouverte is not None and poses.get(VUE):
            for nom, valeurs in self.vue_ouverte.criteres.items():
                if nom in self.noms_connus and nom not in poses:
                    poses.setlist(nom, valeurs)
                    ajoutes.append(nom)
        return poses, ajoutes

    @cached_property
    def est_modifiee(self) -> bool:
        """Vrai si l'adresse s'écarte de la vue dont elle part."""
        if self.vue_ouverte is None or not ({*self.noms_connus, MODIFIEE}).intersection(self.request.GET):
            return False
        return self.criteres_poses() != self.vue_ouverte.criteres


@dataclass(frozen=True, slots=True)
class PageAVues:
    """La page d'un objet, qui garde des vues.

    `regler(request, objet)` : ses réglages, lus pour cet objet ; lève `Http404` ou `PermissionDenied` comme elle.
    `nommer(utilisateur, objets)` : le nom de ceux que ce compte voit.
    """

    titre: str
    regler: Callable[[HttpRequest, str], Reglages]
    nommer: Callable[[Any, Collection[str]], dict[str, str]]


def garde_des_vues(page: PageAVues) -> Callable[[V], V]:
    """Décore la vue (HTTP) de cette page : à poser par-dessus les autres."""

    def decorer(vue: V) -> V:
        vue.page_a_vues = page  # type: ignore[attr-defined]
        return vue

    return decorer


def page_de(route: str, objet: str) -> PageAVues | None:
    """La page que sert cette route pour cet objet, si elle garde des vues ; None sinon, ou si elle n'existe pas."""
    try:
        vue = resolve(reverse(route, args=[objet] if objet else [])).func
    except (NoReverseMatch, Resolver404):
        return None
    return getattr(vue, "page_a_vues", None)
