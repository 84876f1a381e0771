"""La photo d'un retour : à l'endroit, réduite, sans rien de ce que l'appareil y avait écrit."""

from io import BytesIO

import pytest
from PIL import Image

from tests.usages.retours.images import HEURE, jpeg, mire, png
from usages.services.retours import photos
from usages.services.retours.photos import COTE_MAXIMAL, PhotoEcartee, refaire


def _relue(octets: bytes) -> Image.Image:
    return Image.open(BytesIO(octets))


def test_ni_lieu_ni_heure_ni_commentaire() -> None:
    source = jpeg(bavarde=True)
    assert _relue(source).getexif()[HEURE] and b"salle de soins" in source
    faite = refaire(BytesIO(source))
    assert not _relue(faite).getexif()
    assert not {"comment", "exif", "icc_profile", "xmp"} & _relue(faite).info.keys()
    assert b"salle de soins" not in faite and b"Appareil" not in faite


def test_l_orientation_de_l_appareil_est_appliquee() -> None:
    """Tournée d'un quart : le rouge de gauche passe en haut."""
    image = _relue(refaire(BytesIO(jpeg(64, 48, orientation=6))))
    assert image.size == (48, 64)
    rouge, bleu = image.getpixel((24, 4)), image.getpixel((24, 60))
    assert rouge[0] > 200 > rouge[2] and bleu[2] > 200 > bleu[0]


def test_une_grande_photo_est_reduite_sans_etre_deformee() -> None:
    assert _relue(refaire(BytesIO(jpeg(4000, 3000)))).size == (COTE_MAXIMAL, 1200)
    assert _relue(refaire(BytesIO(jpeg(64, 48)))).size == (64, 48)


def test_un_png_transparent_passe_sur_du_blanc() -> None:
    image = _relue(refaire(BytesIO(png())))
    assert (image.format, image.mode, image.getpixel((0, 0))) == ("JPEG", "RGB", (255, 255, 255))


@pytest.mark.parametrize("mode", ["L", "P", "1", "I;16", "CMYK", "LA"])
def test_tous_les_modes_se_lisent_ou_se_refusent_proprement(mode: str) -> None:
    image = Image.new(mode, (8, 8)) if mode in ("I;16", "LA") else mire(8, 8).convert(mode)
    sortie = BytesIO()
    image.save(sortie, "TIFF" if mode == "CMYK" else "PNG")
    try:
        assert _relue(refaire(sortie)).mode == "RGB"
    except PhotoEcartee as faute:
        assert mode in ("CMYK", "I;16"), faute


@pytest.mark.parametrize("format_", ["GIF", "TIFF", "BMP", "PDF"])
def test_un_format_qu_on_n_attend_pas_est_ecarte(format_: str) -> None:
    sortie = BytesIO()
    mire().save(sortie, format_)
    with pytest.raises(PhotoEcartee, match="n'est pas une image lisible"):
        refaire(sortie)


def test_une_image_demesuree_est_ecartee_avant_d_etre_ouverte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "PIXELS_MAXIMAUX", 100)
    with pytest.raises(PhotoEcartee, match="millions de pixels"):
        refaire(BytesIO(jpeg()))


@pytest.mark.parametrize("reste", [10, 200, 600])
def test_un_jpeg_coupe_est_ecarte(reste: int) -> None:
    with pytest.raises(PhotoEcartee):
        refaire(BytesIO(jpeg(400, 300)[:reste]))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("etiquette", [0x0102, 0x0103, 0x0106, 0x0107])
def test_des_metadonnees_forgees_ne_coutent_que_la_photo(etiquette: int) -> None:
    """Du texte là où l'on attend un nombre : le réécrire fait lever `struct.error` au décodeur."""
    texte = b"\x00\x02"
    source, dite = jpeg(bavarde=True, orientation=6), HEURE.to_bytes(2) + texte
    assert dite in source
    with pytest.raises(PhotoEcartee):
        refaire(BytesIO(source.replace(dite, etiquette.to_bytes(2) + texte)))
