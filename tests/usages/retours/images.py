"""Des photos d'essai, fabriquées ici : une mire, avec ou sans ce qu'un appareil y écrit."""

from io import BytesIO

from PIL import Image

MARQUE, LIEU, HEURE, ORIENTATION = 0x010F, 0x8825, 0x0132, 0x0112


def mire(largeur: int = 64, hauteur: int = 48) -> Image.Image:
    """Rouge à gauche, bleu à droite : on voit si elle a tourné."""
    image = Image.new("RGB", (largeur, hauteur), "blue")
    image.paste("red", (0, 0, largeur // 2, hauteur))
    return image


def jpeg(largeur: int = 64, hauteur: int = 48, *, orientation: int = 1, bavarde: bool = False) -> bytes:
    """Un JPEG ; `bavarde` : il dit l'appareil, l'heure, le lieu, et porte un commentaire."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    if bavarde:
        exif[MARQUE], exif[HEURE] = "Appareil d'essai", "2026:11:30 07:12:00"
        exif.get_ifd(LIEU).update({1: "N", 2: (44.0, 50.0, 16.0)})
    sortie = BytesIO()
    de_plus = {"comment": b"salle de soins"} if bavarde else {}
    mire(largeur, hauteur).save(sortie, "JPEG", exif=exif, quality=95, **de_plus)
    return sortie.getvalue()


def png(largeur: int = 64, hauteur: int = 48) -> bytes:
    """Un PNG transparent."""
    sortie = BytesIO()
    Image.new("RGBA", (largeur, hauteur), (255, 0, 0, 0)).save(sortie, "PNG")
    return sortie.getvalue()
