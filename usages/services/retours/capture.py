"""Donner un retour : ce que la page propose, et le dépôt entier, texte d'abord, photo si elle se lit."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from formation.models import Poste
from programme.enums import EtatOuverture
from programme.models import Module, Ouverture, Parcours, Unite, Utilisateur
from programme.socle.texte import nettoyer
from usages.calculs import codes_de_suivi
from usages.enums import CanalRetour
from usages.models import LienDeRetour, Retour
from usages.services.retours.depot import Depot, effectif, est_petite, recevoir
from usages.services.retours.photos import TROP_LOURDE, PhotoEcartee, joindre

OUVERTS = (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)
ON_DEVINE = (
    "Votre équipe compte moins de huit personnes : on pourra deviner qui parle. Envoyer au nom de l'établissement ?"
)
ON_IGNORE = (
    "Treille ne sait pas combien vous êtes : dans une petite équipe, on pourra deviner qui parle. Envoyer au nom de "
    "l'établissement ?"
)
SI_PETITE = (
    "Dans une équipe de moins de huit personnes, on pourra deviner qui parle. Envoyer au nom de l'établissement ?"
)


@dataclass(frozen=True, slots=True)
class Offre:
    """Ce que la page propose de choisir : modules ouverts d'abord, unités, et celles où l'on devinerait qui parle."""

    ouverts: list[Module]
    autres: list[Module]
    unites: list[Unite] = field(default_factory=list)
    devinables: dict[int, str] = field(default_factory=dict)
    """Par unité, la phrase honnête ; rien pour une équipe assez nombreuse."""


@dataclass(frozen=True, slots=True)
class Recu:
    """Ce qui est gardé. `photo` : pourquoi elle n'y est pas. `code` : à recopier, si l'appareil n'en a pas tiré."""

    retour: Retour
    neuf: bool
    photo: str = ""
    code: str = ""


def offre_de(parcours: Parcours, unite: Unite | None, au: date) -> Offre:
    """Ce qu'on propose pour cette unité, ou pour tout l'ESMS. Quatre requêtes au plus."""
    ouvertures = Ouverture.objects.filter(unite__parcours=parcours, etat__in=OUVERTS).order_by()
    if unite is not None:
        ouvertures = ouvertures.filter(unite=unite)
    ouverts = set(ouvertures.values_list("module", flat=True))
    modules = list(Module.objects.all())
    deux = [m for m in modules if m.pk in ouverts], [m for m in modules if m.pk not in ouverts]
    if unite is not None:
        phrase = _phrase(effectif(parcours, unite, au))
        return Offre(*deux, devinables={unite.pk: phrase} if phrase else {})
    unites = list(Unite.objects.filter(parcours=parcours))
    if len(unites) < 2:
        # Une seule unité est l'ESMS entier : il n'y a rien à choisir, ni rien à cacher.
        return Offre(*deux)
    nombres = _effectifs(parcours, au)
    return Offre(*deux, unites, {u.pk: p for u in unites if (p := _phrase(nombres.get(u.pk)))})


def _effectifs(parcours: Parcours, au: date) -> dict[int, int]:
    """Personnes en poste par unité. Une requête."""
    postes = Poste.objects.filter(parcours=parcours, unite__isnull=False).en_poste(au).order_by()
    return dict(postes.values_list("unite").annotate(nombre=Count("professionnel", distinct=True)))


def _phrase(nombre: int | None) -> str:
    return "" if not est_petite(nombre) else ON_DEVINE if nombre else ON_IGNORE


def deja_recu(lien: LienDeRetour, depot: Depot) -> Retour | None:
    """Le retour que cette clé a déjà donné ici : un lien clos depuis n'empêche pas de l'accuser."""
    return Retour.objects.filter(cle=depot.cle, parcours=lien.parcours_id).first()


def deposer(
    *,
    parcours: Parcours,
    depot: Depot,
    photo: Any = None,
    trop_lourd: bool = False,
    par: Utilisateur | None = None,
    lien: LienDeRetour | None = None,
) -> Recu:
    """Garde le retour, une fois par clé, et sa photo si elle se lit. Lève `Refus("champ")`. Sans droit à juger.

    `trop_lourd` : l'envoi portait un fichier arrêté en route. Une photo refusée n'emporte jamais le texte.
    """
    depot, code = _avec_code(depot)
    with transaction.atomic():
        retour, neuf = recevoir(parcours=parcours, depot=depot, par=par, lien=lien)
        ecartee = ""
        if neuf and photo:
            ecartee = _joindre(retour, photo)
    if neuf and trop_lourd and not photo:
        ecartee = TROP_LOURDE
    return Recu(retour, neuf, ecartee, code)


def deposer_sans_script(*, parcours: Parcours, depot: Depot, photo: Any, trop_lourd: bool, lien: LienDeRetour) -> Recu:
    """Le même dépôt, d'une page sans script : la clé est celle de la page, que « Précédent » ramène parfois.

    Un autre texte sous la même clé est alors un autre retour : il ne se perd pas.
    """
    deja = Retour.objects.filter(cle=depot.cle).first()
    if deja is not None and (deja.parcours_id != parcours.pk or deja.probleme != nettoyer(depot.probleme)):
        depot = replace(depot, cle=uuid4())
    return deposer(parcours=parcours, depot=depot, photo=photo, trop_lourd=trop_lourd, lien=lien)


def _avec_code(depot: Depot) -> tuple[Depot, str]:
    """Tire le code, si l'appareil ne l'a pas fait : il n'est montré qu'ici."""
    if depot.canal != CanalRetour.CODE or depot.suivi:
        return depot, ""
    code = codes_de_suivi.tirer_pour(depot.cle, settings.SECRET_KEY)
    return replace(depot, suivi=codes_de_suivi.empreinte(code)), codes_de_suivi.en_blocs(code)


def _joindre(retour: Retour, photo: Any) -> str:
    try:
        joindre(retour, photo)
    except PhotoEcartee as faute:
        return str(faute)
    return ""


def empreinte_d_envoi(suivi: str) -> bool:
    """Vrai si c'est l'empreinte d'un code, telle que l'appareil l'envoie."""
    return len(suivi) == hashlib.sha256().digest_size * 2 and set(suivi) <= set("0123456789abcdef")
