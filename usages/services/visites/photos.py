"""Les photos d'une visite : refaites sans rien de ce que l'appareil y avait écrit, avec leur droit."""

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.pieces import deposer, pieces_de, retirer
from usages.enums import DroitPhoto
from usages.models import PhotoDeVisite, Visite
from usages.permissions import peut_ecrire_dans_l_etude, peut_noter_un_accord
from usages.services.retours.photos import SUFFIXE, PhotoEcartee, refaire

CHAMPS = ("legende", "description", "credit", "droit", "droit_le", "section")
DROIT = ("droit", "droit_le")
"""Ce qui se note même étude close : une photo se retire aussi quand plus rien ne s'y écrit."""
NOM = "photo.jpg"
SANS_DESCRIPTION = "Décrivez la photo pour qui ne la voit pas : ce qu'elle montre, en une phrase."
QUEL_JOUR = "Donnez le jour où l'accord a été dit."
A_VENIR = "Ce jour est à venir : donnez celui où l'accord a été dit."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def _verifier(photo: PhotoDeVisite) -> None:
    if not photo.description.strip():
        raise _refuser("description", SANS_DESCRIPTION)
    if photo.droit == DroitPhoto.A_DEMANDER:
        photo.droit_le = None
    elif photo.droit_le is None:
        raise _refuser("droit_le", QUEL_JOUR)
    elif photo.droit_le > timezone.localdate():
        raise _refuser("droit_le", A_VENIR)
    valider(photo, exclure=("visite",))


@transaction.atomic
def deposer_photo(*, visite: Visite, fichier: Any, par: Utilisateur, **valeurs: Any) -> PhotoDeVisite:
    """Garde une photo et son droit (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, champ)."""
    exiger(peut_ecrire_dans_l_etude(par, visite))
    photo = PhotoDeVisite(visite=visite, ajoutee_par=par, **valeurs)
    _verifier(photo)
    try:
        neuve = refaire(fichier)
    except PhotoEcartee as faute:
        raise _refuser("fichier", str(faute).removesuffix(SUFFIXE).strip()) from faute
    photo.save()
    deposer(photo, ContentFile(neuve, name=NOM), par=par)
    return photo


@transaction.atomic
def modifier_photo(*, photo: PhotoDeVisite, par: Utilisateur, **valeurs: Any) -> PhotoDeVisite:
    """Corrige ce qu'on en dit, et son droit ; étude close, le droit seul. Lève `Refus` (droit, champ)."""
    relue = PhotoDeVisite.objects.select_for_update(of=("self",)).get(pk=photo.pk)
    exiger(peut_noter_un_accord(par, relue))
    if not peut_ecrire_dans_l_etude(par, relue):
        valeurs = {nom: valeurs[nom] for nom in DROIT if nom in valeurs}
    for nom, valeur in valeurs.items():
        setattr(relue, nom, valeur)
    _verifier(relue)
    relue.save()
    return relue


@transaction.atomic
def retirer_photo(*, photo: PhotoDeVisite, par: Utilisateur) -> None:
    """Retire la photo et son image. Lève `Refus` (droit)."""
    exiger(peut_ecrire_dans_l_etude(par, photo))
    for piece in pieces_de(photo):
        retirer(piece)
    photo.delete()


def avec_leurs_images(photos: Iterable[Any]) -> list[Any]:
    """Chacune avec `image`, sa pièce ou None. Une requête (et le type d'objet, gardé en mémoire)."""
    lues = list(photos)
    modele = PhotoDeVisite._meta
    pieces = Piece.objects.filter(
        objet_type__app_label=modele.app_label,
        objet_type__model=modele.model_name,
        objet_id__in=[p.pk for p in lues],
    )
    par_photo = {piece.objet_id: piece for piece in pieces.order_by("deposee_le")}
    for photo in lues:
        photo.image = par_photo.get(photo.pk)
    return lues
