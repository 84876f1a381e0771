"""Ce qu'on écrit sur les unités et leurs ouvertures, hors changement d'état."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.enums import EtatOuverture
from programme.models import Module, Ouverture, Parcours, Unite, Utilisateur
from programme.permissions import peut_saisir
from programme.services.controles import exiger
from programme.services.parcours import HORIZON, PREMIERE_DATE, exiger_date_passee, verifier
from programme.socle.erreurs import Refus

CHAMPS_UNITE = ("nom", "nb_places", "a_nuit")


def _exiger_nom_libre(unite: Unite) -> None:
    autres = Unite.objects.filter(parcours=unite.parcours_id, nom__iexact=unite.nom).exclude(pk=unite.pk)
    if autres.exists():
        message = f"Cet ESMS a déjà une unité « {unite.nom} »."
        raise Refus("champ", message, champs={"nom": [message]})


def _ouvrir_les_modules(unite: Unite, modules: Iterable[Module]) -> list[Ouverture]:
    connus = set(unite.ouvertures.values_list("module_id", flat=True))
    return Ouverture.objects.bulk_create([Ouverture(unite=unite, module=m) for m in modules if m.pk not in connus])


@transaction.atomic
def ajouter_unite(
    *,
    parcours: Parcours,
    nom: str,
    par: Utilisateur,
    nb_places: int | None = None,
    a_nuit: bool = False,
    modules: Iterable[Module] = (),
) -> Unite:
    """Ajoute une unité et une ouverture à préparer par module."""
    exiger(peut_saisir(par, parcours))
    unite = Unite(parcours=parcours, nom=nom.strip(), nb_places=nb_places, a_nuit=a_nuit, ordre=parcours.unites.count())
    verifier(unite, CHAMPS_UNITE)
    _exiger_nom_libre(unite)
    unite.save()
    _ouvrir_les_modules(unite, modules)
    return unite


@transaction.atomic
def modifier_unite(*, unite: Unite, valeurs: dict[str, Any], par: Utilisateur, modules: Iterable[Module] = ()) -> Unite:
    """Renomme, corrige places et nuit ; les modules cités et absents s'ajoutent, aucun ne se retire ici."""
    exiger(peut_saisir(par, unite.parcours))
    for champ in CHAMPS_UNITE:
        if champ in valeurs:
            setattr(unite, champ, valeurs[champ])
    unite.nom = unite.nom.strip()
    verifier(unite, CHAMPS_UNITE)
    _exiger_nom_libre(unite)
    unite.save()
    _ouvrir_les_modules(unite, modules)
    return unite


@transaction.atomic
def modifier_ouverture(
    *,
    ouverture: Ouverture,
    par: Utilisateur,
    date_visee: date | None = None,
    ancien_support: str = "",
    retire_le: date | None = None,
) -> Ouverture:
    """Date visée, ancien support, et son retrait : une fois le module ouvert, jamais à venir."""
    verrouillee = Ouverture.objects.select_for_update(of=("self",)).get(pk=ouverture.pk)
    exiger(peut_saisir(par, verrouillee))
    if date_visee and not PREMIERE_DATE <= date_visee <= timezone.localdate() + HORIZON:
        raise Refus("champ", "date visée", champs={"date_visee": [f"Vérifiez l'année : {date_visee:%d/%m/%Y}."]})
    if retire_le:
        exiger_date_passee("retire_le", retire_le)
        if verrouillee.etat not in (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE):
            message = "L'ancien support se retire une fois le module ouvert dans l'unité."
            raise Refus("champ", message, champs={"retire_le": [message]})
    verrouillee.date_visee, verrouillee.retire_le = date_visee, retire_le
    verrouillee.ancien_support = ancien_support.strip()
    verifier(verrouillee, ("ancien_support",))
    verrouillee.save(update_fields=["date_visee", "retire_le", "ancien_support"])
    ouverture.refresh_from_db()
    return ouverture
