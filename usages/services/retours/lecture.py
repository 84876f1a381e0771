"""Lire un retour : les voix qu'il réunit, sa réponse, ce qu'il est devenu ailleurs dans Treille."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from programme.models import Utilisateur
from programme.socle.models import Passage
from programme.socle.origines import origines
from usages.enums import EtatRetour
from usages.models import Retour, Soutien, SuiteDeRetour


@dataclass(frozen=True, slots=True)
class Voix:
    """Qui dit la même chose : les retours portés que ce lecteur lit, combien d'autres, combien de « nous aussi »."""

    portes: list[Retour]
    nb_ailleurs: int
    nb_soutiens: int

    @property
    def total(self) -> int:
        """Lui compris."""
        return 1 + len(self.portes) + self.nb_ailleurs + self.nb_soutiens


@dataclass(frozen=True, slots=True)
class Suite:
    """Ce qu'un retour est devenu : sa nature, l'objet en mots, sa page (vide si ce lecteur ne l'ouvre pas)."""

    suite: SuiteDeRetour
    texte: str
    url: str = ""


def voix_de(retour: Retour, par: Utilisateur) -> Voix:
    """Les voix réunies. Trois requêtes."""
    portes = Retour.objects.filter(porte_par=retour)
    lus = list(portes.filter(pk__in=Retour.objects.visibles_par(par).order_by().values("pk")).pour_lecture())
    soutiens = Soutien.objects.filter(Q(retour=retour) | Q(retour__in=portes.order_by().values("pk")))
    return Voix(lus, portes.count() - len(lus), soutiens.count())


def reponse_de(retour: Retour) -> str:
    """La réponse publiée ; non retenu, le motif qu'on en a donné ; vide sinon. Une requête au plus."""
    if retour.etat == EtatRetour.PUBLIE:
        return retour.reponse
    if retour.etat != EtatRetour.NON_RETENU:
        return ""
    dernier = Passage.objects.de(retour).order_by("-rang").first()
    return dernier.motif if dernier else ""


def porteur_lu(retour: Retour, par: Utilisateur) -> Retour | None:
    """Le retour qui le porte, si ce lecteur le lit. Une requête au plus."""
    if retour.porte_par_id is None:
        return None
    return Retour.objects.visibles_par(par).pour_lecture().filter(pk=retour.porte_par_id).first()


def suites_de(retour: Retour, par: Utilisateur) -> list[Suite]:
    """Ses suites, de la première à la dernière. Deux requêtes par genre d'objet."""
    suites = list(retour.suites.select_related("faite_par", "objet_type").prefetch_related("objet"))
    vus = _vus(suites, par)
    return [_presenter(suite, par, vus) for suite in suites]


def _vus(suites: list[SuiteDeRetour], par: Utilisateur) -> set[tuple[int, Any]]:
    """Ceux de ces objets que voit cette personne : (type, clé)."""
    par_type: dict[ContentType, list[int]] = defaultdict(list)
    for suite in suites:
        par_type[suite.objet_type].append(suite.objet_id)
    vus = set()
    for genre, cles in par_type.items():
        modele: Any = genre.model_class()
        lignes = modele._default_manager.all() if modele else None
        if lignes is not None and hasattr(lignes, "visibles_par"):
            lus = lignes.visibles_par(par).filter(pk__in=cles).order_by().values_list("pk", flat=True)
            vus |= {(genre.pk, cle) for cle in lus}
    return vus


def _presenter(suite: SuiteDeRetour, par: Utilisateur, vus: set[tuple[int, Any]]) -> Suite:
    objet: Any = suite.objet
    if objet is None or (suite.objet_type_id, suite.objet_id) not in vus:
        return Suite(suite, "")
    origine = origines.get(suite.nature)
    if origine and origine.presenter and (source := origine.presenter(objet, par)):
        return Suite(suite, source.texte, source.url)
    return Suite(suite, f"« {objet} »", _page(objet))


def _page(objet: Any) -> str:
    if hasattr(objet, "get_absolute_url"):
        return str(objet.get_absolute_url())
    try:
        return reverse(f"{objet._meta.app_label}:{objet._meta.model_name}-detail", args=[objet.pk])
    except NoReverseMatch:
        return ""
