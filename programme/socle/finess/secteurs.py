"""Les catégories d'établissement : secteur, sigle d'usage, adresse à taire.

Secteurs et sigles des catégories usuelles : vocabulaire du produit. Les autres catégories
sociales et médico-sociales ouvertes sont rangées d'après leur public. Un code inconnu n'a ni
secteur ni sigle ; il est gardé, jamais rejeté.
"""

PA, PH_ADULTE, PH_ENFANT, DOMICILE, SOCIAL = "PA", "PH_ADULTE", "PH_ENFANT", "DOMICILE", "SOCIAL"
SECTEURS = (PA, PH_ADULTE, PH_ENFANT, DOMICILE, SOCIAL)

# Placement familial, accueil familial spécialisé, lieux de vie : l'adresse peut être un domicile.
CATEGORIES_ADRESSE_MASQUEE = frozenset({"236", "238", "462"})

_CATEGORIES_PAR_SECTEUR = {
    PA: "202 207 381 500 501 502",
    PH_ADULTE: "198 246 249 252 253 255 370 379 382 395 437 445 446 448 449 461 464",
    PH_ENFANT: "182 183 186 188 189 190 192 194 195 196 221 238 377 390 396 402",
    DOMICILE: "209 354 460",
    SOCIAL: (
        "159 165 166 172 175 176 177 178 180 197 213 214 219 236 241 257 286 295 "
        "340 344 378 380 412 427 440 441 442 443 453 462"
    ),
}
_SECTEUR = {code: secteur for secteur, codes in _CATEGORIES_PAR_SECTEUR.items() for code in codes.split()}

_SIGLE = {
    "159": "Centre parental",
    "165": "ACT",
    "175": "Foyer de l'enfance",
    "176": "Village d'enfants",
    "177": "MECS",
    "178": "CAARUD",
    "180": "LHSS",
    "182": "SESSAD",
    "183": "IME",
    "186": "ITEP",
    "188": "EEAP",
    "189": "CMPP",
    "190": "CAMSP",
    "192": "IEM",
    "194": "IDV",
    "195": "IDA",
    "197": "CSAPA",
    "198": "ESPO",
    "202": "Résidence autonomie",
    "207": "Centre de jour",
    "209": "SPASAD",
    "213": "LAM",
    "214": "CHRS",
    "221": "BAPU",
    "236": "CPFSE",
    "238": "CAFS",
    "241": "FAE",
    "246": "ESAT",
    "249": "ESRP",
    "252": "Foyer d'hébergement",
    "255": "MAS",
    "257": "FJT",
    "295": "AEMO",
    "340": "MJPM",
    "344": "DPF",
    "354": "SSIAD",
    "382": "Foyer de vie",
    "437": "FAM",
    "440": "SIOE",
    "442": "CPH",
    "443": "CADA",
    "445": "SAMSAH",
    "446": "SAVS",
    "448": "EAM",
    "449": "EANM",
    "460": "SAAD",
    "461": "Centre de ressources",
    "462": "Lieu de vie",
    "464": "UEROS",
    "500": "EHPAD",
    "501": "EHPA",
    "502": "EHPA",
}


def secteur_de(categorie: str) -> str | None:
    """Secteur d'une catégorie à trois chiffres, ou None si elle n'en a pas."""
    return _SECTEUR.get(categorie)


def sigle_de(categorie: str) -> str:
    """Sigle ou nom court d'usage, ou chaîne vide."""
    return _SIGLE.get(categorie, "")


def categories_avec_secteur() -> frozenset[str]:
    """Les catégories importées par défaut."""
    return frozenset(_SECTEUR)
