"""Pièces jointes : vérifiées par leur contenu, rangées sans leur nom, servies à qui lit l'objet qui les porte.

Chaque modèle qui porte des pièces inscrit sa règle de lecture ; sans règle, personne ne lit.
"""

import hashlib
from collections.abc import Callable
from pathlib import PurePath
from typing import IO, Any, cast

from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.db import models, transaction
from django.db.models import OuterRef, QuerySet

from programme.socle.depots import PLAFOND
from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.registres import Registre
from programme.socle.texte import nettoyer, porte_nir
from programme.socle.types_de_fichier import FichierInconnu, reconnaitre

PIECES_MAXIMALES = 20
NOM_MAXIMAL = 200
TROP_GROS = f"Le fichier pèse plus de {PLAFOND >> 20} Mo, le maximum ici : réduisez-le, ou déposez-le en plusieurs."
VIDE = "Ce fichier est vide : vérifiez-le, puis déposez-le à nouveau."
NIR_DANS_LE_NOM = (
    "Le nom de ce fichier contient un numéro de sécurité sociale (NIR ou INS) : renommez-le. Treille ne reçoit aucune "
    "donnée de personne accompagnée."
)
TROP_DE_PIECES = f"Il y a déjà {PIECES_MAXIMALES} pièces ici, le maximum : retirez-en une avant d'en joindre une autre."
DEJA_LA = "Ce fichier est déjà joint, sous le nom « {} » : il n'y a rien à ajouter."

Lecture = Callable[[Any, Any, Piece], bool]
lectures: Registre[Lecture] = Registre("lecture des pièces")


def lecture_de(modele: str) -> Callable[[Lecture], Lecture]:
    """Décore la règle `(utilisateur, objet, piece) -> bool` qui garde les pièces de ce modèle."""
    return lambda regle: lectures.inscrire(modele, regle)


def peut_lire(utilisateur: Any, piece: Piece) -> bool:
    """Vrai si la règle de l'objet le permet ; un objet disparu ou un modèle sans règle n'ouvre rien."""
    regle = lectures.get(piece.objet_type.app_label + "." + piece.objet_type.model)
    return regle is not None and piece.objet is not None and regle(utilisateur, piece.objet, piece)


def pieces_de(objet: models.Model) -> QuerySet[Piece]:
    """Les pièces d'un objet, de la plus récente à la plus ancienne."""
    return Piece.objects.filter(objet_type=ContentType.objects.get_for_model(type(objet)), objet_id=objet.pk)


def pieces_du_modele(app: str, modele: str, cle: str = "pk") -> QuerySet[Piece]:
    """Les pièces de l'objet extérieur, pour une sous-requête."""
    return Piece.objects.filter(objet_type__app_label=app, objet_type__model=modele, objet_id=OuterRef(cle))


def _refuser(phrase: str) -> Refus:
    return Refus("champ", phrase, champs={"fichier": [phrase]})


def nom_propre(nom: str) -> str:
    """Le nom sans chemin ni caractère de contrôle, borné en gardant son suffixe."""
    propre = nettoyer(PurePath(nom.replace("\\", "/")).name).replace("\n", " ")
    suffixe = PurePath(propre).suffix
    return propre if len(propre) <= NOM_MAXIMAL else propre[: NOM_MAXIMAL - len(suffixe)] + suffixe


def deposer(objet: models.Model, fichier: File, *, par: Any) -> Piece:
    """Vérifie puis range `fichier` pour `objet`. Lève `Refus("champ")` au champ `fichier` ; le droit est à l'appelant.

    À appeler dans une transaction qui tient l'objet : le nombre de pièces s'y compte.
    """
    nom = nom_propre(fichier.name or "")
    if (fichier.size or 0) > PLAFOND:
        raise _refuser(TROP_GROS)
    if not fichier.size:
        raise _refuser(VIDE)
    if porte_nir(nom):
        raise _refuser(NIR_DANS_LE_NOM)
    try:
        reconnu = reconnaitre(cast(IO[bytes], fichier.file), nom)
    except FichierInconnu as faute:
        raise _refuser(str(faute)) from faute
    empreinte = _empreinte(fichier)
    presentes = list(pieces_de(objet))
    if jumelle := next((p for p in presentes if p.empreinte == empreinte), None):
        raise _refuser(DEJA_LA.format(jumelle.nom))
    if len(presentes) >= PIECES_MAXIMALES:
        raise _refuser(TROP_DE_PIECES)
    piece = Piece(objet=objet, nom=nom, type=reconnu.mime, taille=fichier.size, empreinte=empreinte, deposee_par=par)
    piece.fichier.save(nom, fichier, save=False)
    try:
        with transaction.atomic():
            piece.save(force_insert=True)
    except Exception:
        piece.fichier.delete(save=False)
        raise
    return piece


def _empreinte(fichier: File) -> str:
    sceau = hashlib.sha256()
    for bloc in fichier.chunks():
        sceau.update(bloc)
    fichier.seek(0)
    return sceau.hexdigest()


def retirer(piece: Piece) -> None:
    """Retire la pièce ; son fichier disparaît une fois l'écriture confirmée. Le droit est à l'appelant."""
    rangement, chemin = piece.fichier.storage, piece.fichier.name
    piece.delete()
    transaction.on_commit(lambda: rangement.delete(str(chemin)))
