"""La photo d'un retour : relue, remise à l'endroit, réduite, refaite sans rien de ce que l'appareil y avait écrit.

Un appareil écrit dans ses photos le lieu, l'heure et son nom : on ne garde que les points de l'image.
"""

from datetime import datetime, time
from io import BytesIO
from typing import IO, Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageOps

from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.pieces import deposer
from programme.socle.types_de_fichier import PIXELS_MAXIMAUX
from usages.models import Retour

COTE_MAXIMAL = 1600
QUALITE = 82
NOM = "photo.jpg"
LUS = ("JPEG", "PNG", "WEBP")
SUFFIXE = "Votre texte est bien arrivé."
ILLISIBLE = (
    "La photo n'y est pas : ce fichier n'est pas une image lisible ici. Faites-en une capture d'écran, ou reprenez-la "
    f"en JPEG. {SUFFIXE}"
)
TROP_LOURDE = (
    "La photo n'y est pas : elle pèse plus de 10 Mo, ou n'est pas en JPEG. Faites-en une capture d'écran, plus légère. "
    f"{SUFFIXE}"
)
DEMESUREE = f"La photo n'y est pas : elle a plus de 50 millions de pixels. Prenez-en une plus petite. {SUFFIXE}"


class PhotoEcartee(Exception):
    """La photo ne se garde pas ; le message dit pourquoi, et quoi faire."""


def refaire(fichier: IO[bytes]) -> bytes:
    """Les octets d'un JPEG neuf, d'au plus 1 600 points de côté, sans métadonnées. Lève `PhotoEcartee`."""
    try:
        fichier.seek(0)
        with Image.open(fichier, formats=LUS) as image:
            if image.width * image.height > PIXELS_MAXIMAUX:
                raise PhotoEcartee(DEMESUREE)
            image.draft("RGB", (COTE_MAXIMAL, COTE_MAXIMAL))
            droite = ImageOps.exif_transpose(image)
            droite.thumbnail((COTE_MAXIMAL, COTE_MAXIMAL), Image.Resampling.LANCZOS)
            return _reecrire(droite)
    except PhotoEcartee:
        raise
    except Image.DecompressionBombError as faute:
        raise PhotoEcartee(DEMESUREE) from faute
    # Un fichier forgé fait lever n'importe quoi au décodeur, `struct.error` compris : il ne coûte que la photo.
    except Exception as faute:
        raise PhotoEcartee(ILLISIBLE) from faute


def _reecrire(image: Image.Image) -> bytes:
    """Sur une feuille blanche neuve : ni lieu, ni profil, ni commentaire ne passent d'une image à l'autre."""
    source = image.convert("RGBA")
    feuille = Image.new("RGB", source.size, "white")
    feuille.paste(source, mask=source.getchannel("A"))
    sortie = BytesIO()
    feuille.save(sortie, "JPEG", quality=QUALITE, optimize=True)
    return sortie.getvalue()


def joindre(retour: Retour, fichier: Any) -> Piece:
    """Range la photo de ce retour, sans dire qui ni à quelle heure. Lève `PhotoEcartee`.

    À appeler dans une transaction qui tient le retour.
    """
    try:
        piece = deposer(retour, ContentFile(refaire(fichier), name=NOM), par=retour.auteur)
    except Refus as refus:
        raise PhotoEcartee(f"La photo n'y est pas. {refus.motif} {SUFFIXE}") from refus
    # Le jour reçu, à minuit : l'heure dirait qui était de service.
    minuit = timezone.make_aware(datetime.combine(retour.recu_le, time.min))
    Piece.objects.filter(pk=piece.pk).update(deposee_le=minuit)
    return piece
