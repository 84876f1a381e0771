"""Rapprocher les besoins d'une grappe : un besoin commun, et ceux d'origine qui gardent leur ESMS. Cela se défait."""

from collections.abc import Iterable

from django.db import transaction

from programme.models import Besoin, BesoinCommun, Grappe, Utilisateur
from programme.permissions import peut_conduire
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus

UN_SEUL = "Choisissez au moins deux besoins, ou un besoin commun qui existe déjà : un seul n'a rien à rapprocher."


def _refus(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


@transaction.atomic
def rapprocher(
    *,
    grappe: Grappe,
    besoins: Iterable[Besoin],
    par: Utilisateur,
    commun: BesoinCommun | None = None,
    libelle: str = "",
) -> BesoinCommun:
    """Range ces besoins sous un besoin commun, neuf (`libelle`) ou connu ; un besoin déjà rangé ailleurs en change.

    Lève `Refus` (droit, champ) sans rien écrire.
    """
    exiger(peut_conduire(par, grappe))
    cles = [b.pk for b in besoins]
    lus = list(Besoin.objects.select_for_update(of=("self",)).filter(pk__in=cles, parcours__grappe=grappe))
    if len(lus) != len(set(cles)):
        raise _refus("libelle", "Un des besoins choisis n'est plus dans cette grappe : relisez la liste.")
    if commun is not None and commun.grappe_id != grappe.pk:
        raise _refus("commun", "Ce besoin commun est celui d'une autre grappe.")
    if not lus or (commun is None and len(lus) < 2):
        raise _refus("libelle", UN_SEUL)
    if commun is None:
        commun = BesoinCommun(grappe=grappe, libelle=libelle)
        _ecrire(commun, par)
    anciens = {b.commun_id for b in lus if b.commun_id} - {commun.pk}
    for besoin in lus:
        besoin.commun = commun
        _ecrire(besoin, par)
    _effacer_les_vides(anciens, par)
    return commun


def _ecrire(objet: Besoin | BesoinCommun, par: Utilisateur) -> None:
    valider(objet)
    signer(objet, par)
    objet.save()


def _effacer_les_vides(cles: Iterable[int], par: Utilisateur) -> None:
    for commun in BesoinCommun.objects.filter(pk__in=list(cles), besoins__isnull=True):
        signer(commun, par)
        commun.delete()


@transaction.atomic
def renommer(*, commun: BesoinCommun, libelle: str, par: Utilisateur) -> BesoinCommun:
    """Redit le besoin commun ; les mots de chaque ESMS ne bougent pas. Lève `Refus` (droit, champ)."""
    exiger(peut_conduire(par, commun.grappe))
    commun.libelle = libelle
    _ecrire(commun, par)
    return commun


@transaction.atomic
def detacher(*, commun: BesoinCommun, besoins: Iterable[Besoin], par: Utilisateur) -> int:
    """Rend ces besoins à eux-mêmes ; un besoin commun vidé disparaît. Rend leur nombre. Lève `Refus` (droit)."""
    exiger(peut_conduire(par, commun.grappe))
    lus = list(Besoin.objects.select_for_update(of=("self",)).filter(pk__in=[b.pk for b in besoins], commun=commun))
    for besoin in lus:
        besoin.commun = None
        _ecrire(besoin, par)
    _effacer_les_vides([commun.pk], par)
    return len(lus)
