"""Département et coordonnées d'un établissement, d'après ce que le fichier en dit."""

# Ancien code du répertoire pour l'outre-mer → code INSEE.
DEPARTEMENTS_HISTORIQUES = {
    "9A": "971",
    "9B": "972",
    "9C": "973",
    "9D": "974",
    "9E": "975",
    "9F": "976",
    "9J": "986",
}
# Communes de Guadeloupe devenues collectivités ; le répertoire garde leur ancien code.
_COMMUNES_DEVENUES_COLLECTIVITES = {"97123": "977", "97127": "978"}

# Longitude minimale, maximale, latitude minimale, maximale ; la Corse est dans l'Hexagone.
_HEXAGONE = (-5.5, 10.0, 41.0, 51.5)
_CADRES = {
    "971": (-63.3, -60.8, 15.7, 18.3),
    "972": (-61.4, -60.7, 14.2, 15.0),
    "973": (-54.8, -51.4, 2.0, 6.0),
    "974": (55.0, 56.0, -21.6, -20.7),
    "975": (-56.7, -56.0, 46.6, 47.3),
    "976": (44.8, 45.5, -13.2, -12.4),
    "977": (-63.1, -62.6, 17.7, 18.1),
    "978": (-63.3, -62.9, 17.9, 18.3),
    "986": (-178.4, -175.9, -14.6, -13.0),
}

Paire = tuple[str | None, str | None]


def commune_cog(departement: str, commune: str) -> str:
    """Code INSEE d'une commune depuis ses deux moitiés de l'extrait etalab (`9A`, `101` → `97101`)."""
    if not departement or not commune:
        return ""
    insee = code_departement(departement)
    return insee[:2] + commune.zfill(3)


def code_departement(code: str) -> str:
    """Code INSEE d'un département : zéro de tête rétabli, 9A à 9J convertis."""
    code = code.strip().upper()
    if len(code) == 1:
        code = "0" + code
    return DEPARTEMENTS_HISTORIQUES.get(code, code)


def departement_de(commune: str, code_postal: str = "") -> str:
    """Code INSEE du département d'une commune ; à défaut de commune, du code postal."""
    if len(commune) == 5:
        if commune in _COMMUNES_DEVENUES_COLLECTIVITES:
            return _COMMUNES_DEVENUES_COLLECTIVITES[commune]
        return commune[:3] if commune[:2] in ("97", "98") else commune[:2].upper()
    if len(code_postal) != 5 or not code_postal.isdecimal():
        return ""
    if code_postal[:2] == "20":
        return "2A" if code_postal < "20200" else "2B"
    return code_postal[:3] if code_postal[:2] in ("97", "98") else code_postal[:2]


def situer(paires: tuple[Paire, ...], departement: str) -> tuple[float | None, float | None]:
    """Première paire qui tombe dans le département, lue (longitude, latitude) ou à l'envers.

    Le répertoire range parfois les degrés à la place des mètres, ou la latitude avant la longitude :
    l'étiquette ne prouve rien, le cadre géographique si. Rend (None, None) si rien ne convient.
    """
    if not departement:
        return None, None
    ouest, est, sud, nord = _CADRES.get(departement, _HEXAGONE)
    for premier, second in paires:
        x, y = _nombre(premier), _nombre(second)
        if x is None or y is None:
            continue
        if ouest <= x <= est and sud <= y <= nord:
            return x, y
        if ouest <= y <= est and sud <= x <= nord:
            return y, x
    return None, None


def _nombre(texte: str | None) -> float | None:
    if not texte:
        return None
    try:
        return float(str(texte).replace(",", "."))
    except ValueError:
        return None
