"""Nombres, taux, accords et listes en français. Aucune dépendance, aucune horloge.

Une valeur absente se lit « — » ; un taux est compris entre 0 et 1.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

ABSENT = "—"
ESPACE_FINE = "\u202f"
ESPACE_INSECABLE = "\u00a0"

Nombre = int | float | Decimal


def _arrondir(valeur: Nombre, decimales: int) -> Decimal:
    pas = Decimal(1).scaleb(-decimales)
    return Decimal(str(valeur)).quantize(pas, rounding=ROUND_HALF_UP)


def nombre(valeur: Nombre | None, decimales: int | None = None) -> str:
    """« 34 000 », « 62,4 » : milliers séparés d'une espace fine, virgule décimale.

    Sans `decimales`, les décimales de la valeur sont gardées telles quelles.
    """
    if valeur is None:
        return ABSENT
    exact = Decimal(str(valeur)) if decimales is None else _arrondir(valeur, decimales)
    texte = f"{exact:,f}".replace(",", ESPACE_FINE).replace(".", ",")
    return texte.replace("-", "−")


def euros(montant: Nombre | None) -> str:
    """« 1 234 567,89 € » ; les centimes ne se montrent que s'il y en a."""
    if montant is None:
        return ABSENT
    exact = _arrondir(montant, 2)
    return f"{nombre(exact, 0 if exact == exact.to_integral_value() else 2)}{ESPACE_INSECABLE}€"


def pourcentage(taux: Nombre | None, decimales: int = 0) -> str:
    """« 64 % ». L'arrondi ne ment pas aux bords : 99,8 % ne devient pas « 100 % », ni 0,2 % « 0 % »."""
    if taux is None:
        return ABSENT
    cent = Decimal(str(taux)) * 100
    pas = Decimal(1).scaleb(-decimales)
    arrondi = _arrondir(cent, decimales)
    if cent < 100 <= arrondi:
        arrondi = 100 - pas
    if arrondi == 0 < cent:
        return f"<{ESPACE_INSECABLE}{nombre(pas)}{ESPACE_FINE}%"
    return f"{nombre(arrondi)}{ESPACE_FINE}%"


def largeur_svg(taux: Nombre | None) -> str:
    """Un taux ramené entre 0 et 1, en attribut SVG : « 64.0% », point décimal quelle que soit la langue."""
    borne = min(max(float(taux or 0), 0.0), 1.0)
    return f"{borne * 100:.1f}%"


def accorde(valeur: int | None, formes: str) -> str:
    """Nombre et mot accordés : « 2 avertissent » pour (2, "avertit,avertissent").

    En français le pluriel commence à 2 : « 0 condition », « 1 condition ». Une seule forme donnée prend un
    « s », sauf si elle finit déjà par s, x ou z ; un sigle invariable s'écrit deux fois (« OG,OG »).
    """
    quantite = valeur or 0
    singulier, _, pluriel = (forme.strip() for forme in formes.partition(","))
    if not pluriel:
        pluriel = singulier if singulier[-1:].lower() in "sxz" else f"{singulier}s"
    return f"{nombre(quantite)} {singulier if abs(quantite) < 2 else pluriel}"


_EN_LETTRES = ("aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")


def en_lettres(quantite: int, *, feminin: bool = False) -> str:
    """« trois » jusqu'à dix, « une », « aucune » au féminin ; en chiffres au-delà."""
    if quantite >= len(_EN_LETTRES):
        return nombre(quantite)
    return _EN_LETTRES[quantite] + ("e" if feminin and quantite < 2 else "")


def finess(numero: str | None) -> str:
    """Un numéro FINESS tel qu'on le dicte : « 33 990 012 8 ». Ce qui n'a pas 9 caractères est rendu tel quel."""
    if not numero:
        return ABSENT
    texte = str(numero).replace(" ", "")
    if len(texte) != 9:
        return str(numero)
    return ESPACE_INSECABLE.join((texte[:2], texte[2:5], texte[5:8], texte[8:]))


def liste(elements: Iterable[object]) -> str:
    """« a », « a et b », « a, b et c »."""
    mots = [str(element) for element in elements]
    if len(mots) < 2:
        return "".join(mots)
    return f"{', '.join(mots[:-1])} et {mots[-1]}"


def quelques(elements: Iterable[object], montres: int = 3) -> str:
    """« a, b et 12 autres » : de quoi nommer sans tout citer ; un seul de trop se nomme plutôt que de se compter."""
    tous = [str(element) for element in elements]
    autres = len(tous) - montres
    return liste([*tous[:montres], f"{autres} autres"] if autres > 1 else tous)
