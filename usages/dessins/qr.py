"""Une adresse en code carré, à viser avec un téléphone : un SVG fait par le serveur."""

import io

import segno

ENCRE = "#25211b"


def qr_svg(adresse: str) -> str:
    """Le SVG du code, sans marge : c'est la page qui lui laisse du blanc. Lisible même un peu abîmé."""
    sortie = io.BytesIO()
    # Un quart du dessin peut manquer : une affiche s'écorne, se plie, se punaise.
    segno.make(adresse, error="q", micro=False).save(sortie, kind="svg", xmldecl=False, border=0, dark=ENCRE)
    return sortie.getvalue().decode()
