"""Le journal du projet : écrire une entrée, la corriger, la publier à des publics, l'en retirer, lire le fil.

Rien ne part tout seul : une entrée sans public n'est lue que de qui tient le journal. Retirée, une publication garde
qui l'avait faite et quand. Tout refus lève `Refus` sans rien écrire.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from gouvernance.enums import Public
from gouvernance.models import Entree, Publication
from gouvernance.models.journal import EntreeQuerySet
from gouvernance.permissions import peut_tenir_journal
from programme.models import Parcours, Utilisateur
from programme.services.actions import Cible
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange

CHAMPS = ("le", "titre", "texte")
MONTREES = 20
A_VENIR = "Le journal raconte ce qui a eu lieu : datez l'entrée d'aujourd'hui au plus tard."
PUBLIC_INCONNU = "Ce public n'existe pas : choisissez dans la liste."


def _refus(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def de_cible(cible: Cible) -> dict[str, Any]:
    """Ce qui rattache une ligne à un ESMS, ou à toute une grappe."""
    if isinstance(cible, Parcours):
        return {"grappe": cible.grappe, "parcours": cible}
    return {"grappe": cible, "parcours": None}


def _lire_publics(publics: Collection[str]) -> list[Public]:
    """Les publics nommés, dans l'ordre de l'énumération ; refuse ce qui n'en est pas un."""
    if inconnus := set(publics) - set(Public.values):
        raise _refus("publics", f"{PUBLIC_INCONNU} ({', '.join(sorted(inconnus))})")
    return [public for public in Public if public in publics]


# --- écrire --------------------------------------------------------------------------------------------------------


@transaction.atomic
def ecrire(
    *, cible: Cible, le: date, titre: str, texte: str, par: Utilisateur, publics: Collection[str] = ()
) -> Entree:
    """Écrit une entrée, et la publie aussitôt à ces publics ; sans public, elle attend. Lève `Refus` (droit, champ)."""
    exiger(peut_tenir_journal(par, cible))
    entree = Entree(**de_cible(cible), le=le, titre=titre, texte=texte, auteur=par)
    _enregistrer(entree, par)
    _publier(entree, _lire_publics(publics), par)
    return entree


@transaction.atomic
def modifier(*, entree: Entree, le: date, titre: str, texte: str, par: Utilisateur, vu: int | None = None) -> Entree:
    """La corrige ; ceux à qui elle est publiée lisent la correction. Lève `Refus` (droit, champ, concurrence)."""
    exiger(peut_tenir_journal(par, entree))
    relue = _verrouiller(entree)
    exiger_inchange(relue.history.all(), vu, CHAMPS)
    relue.le, relue.titre, relue.texte = le, titre, texte
    return _enregistrer(relue, par)


def _enregistrer(entree: Entree, par: Utilisateur) -> Entree:
    if entree.le > timezone.localdate():
        raise _refus("le", A_VENIR)
    valider(entree)
    signer(entree, par)
    entree.save()
    return entree


def _verrouiller(entree: Entree) -> Entree:
    """L'entrée relue sous verrou : deux personnes ne la publient ni ne la corrigent en même temps."""
    return Entree.objects.select_for_update(of=("self",)).select_related("grappe", "parcours__esms").get(pk=entree.pk)


# --- publier, retirer ----------------------------------------------------------------------------------------------


@transaction.atomic
def publier(*, entree: Entree, publics: Collection[str], par: Utilisateur) -> list[Public]:
    """La publie à ces publics ; rend ceux qui ne l'avaient pas encore. Lève `Refus` (droit, champ)."""
    exiger(peut_tenir_journal(par, entree))
    voulus = _lire_publics(publics)
    return _publier(_verrouiller(entree), voulus, par)


def _publier(entree: Entree, publics: list[Public], par: Utilisateur) -> list[Public]:
    deja = set(entree.publications.en_cours().values_list("public", flat=True))
    neufs = [public for public in publics if public not in deja]
    Publication.objects.bulk_create(Publication(entree=entree, public=p, publiee_par=par) for p in neufs)
    return neufs


@transaction.atomic
def retirer(*, entree: Entree, par: Utilisateur, publics: Collection[str] | None = None) -> list[Public]:
    """La retire à ces publics, à tous si `publics` est None ; rend ceux qui ne la lisent plus. Lève `Refus` (droit)."""
    exiger(peut_tenir_journal(par, entree))
    voulus = list(Public) if publics is None else _lire_publics(publics)
    courent = _verrouiller(entree).publications.en_cours().filter(public__in=voulus)
    retires = set(courent.values_list("public", flat=True))
    courent.update(retiree_le=timezone.now())
    return [public for public in Public if public in retires]


@transaction.atomic
def adresser(
    *, entree: Entree, publics: Collection[str], vus: Collection[str], par: Utilisateur
) -> tuple[list[Public], list[Public]]:
    """Passe de `vus` (ce que la page montrait) à `publics` ; rend les publics ajoutés, puis retirés.

    Ne touche qu'à ce qu'on a changé : ce qu'une autre personne vient d'ajouter reste. Lève `Refus` (droit, champ).
    """
    voulus, avant = set(_lire_publics(publics)), set(vus)
    ajoutes = publier(entree=entree, publics=voulus - avant, par=par)
    partis = (avant - voulus) & set(Public.values)
    return ajoutes, retirer(entree=entree, publics=partis, par=par)


# --- lire ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntreeLue:
    """Une entrée telle qu'on la montre : à qui elle est publiée (à qui tient le journal), si l'on peut y toucher."""

    entree: Entree
    publics: tuple[Public, ...]
    tient: bool
    d_ailleurs: bool

    @property
    def vus(self) -> str:
        """Les publics que montre la page, pour n'y défaire que ce qu'on décoche."""
        return ",".join(self.publics)


def fil(cible: Cible, *, par: Utilisateur, public: str = "") -> EntreeQuerySet:
    """Ce que ce lecteur voit : d'un ESMS, les siennes et celles de sa grappe ; d'une grappe, toutes, ESMS compris.

    `public` : celles qui lui sont publiées seulement.
    """
    vues = Entree.objects.visibles_par(par)
    if isinstance(cible, Parcours):
        vues = vues.filter(Q(parcours=cible) | Q(parcours__isnull=True, grappe=cible.grappe_id))
    else:
        vues = vues.filter(grappe=cible)
    return vues.publiees_pour(public) if public in Public.values else vues


def page_du_fil(cible: Cible, *, par: Utilisateur, numero: Any, public: str = "") -> Page:
    """Une page du fil, de la plus récente à la plus ancienne, en objets `EntreeLue`. Requêtes constantes."""
    courantes = Prefetch("publications", Publication.objects.en_cours().order_by("pk"), to_attr="courantes")
    lues = fil(cible, par=par, public=public).pour_lecture().prefetch_related(courantes)
    page = Paginator(lues.order_by("-le", "-pk"), MONTREES).get_page(numero)
    page.object_list = [_montrer(entree, cible, par) for entree in page.object_list]
    return page


def _montrer(entree: Any, cible: Cible, par: Utilisateur) -> EntreeLue:
    tient = bool(peut_tenir_journal(par, entree))
    lus = {publication.public for publication in entree.courantes}
    # D'une autre cible que la page : celle d'un ESMS lue dans sa grappe, celle de la grappe lue chez l'ESMS.
    d_ailleurs = entree.parcours_id != (cible.pk if isinstance(cible, Parcours) else None)
    return EntreeLue(entree, tuple(p for p in Public if p in lus), tient, d_ailleurs)


def publics_de(entree: Entree) -> list[Public]:
    """Les publics qui la lisent aujourd'hui. Une requête."""
    lus = set(entree.publications.en_cours().values_list("public", flat=True))
    return [public for public in Public if public in lus]
