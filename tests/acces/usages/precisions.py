"""La table d'accès des précisions demandées sur un chiffre."""

from tests.acces.lignes import CONDUIT, VOIT_PARCOURS, Ligne, _passage
from tests.acces.usages.releves import SAISIT_LES_CHIFFRES

LIGNES: dict[str, Ligne] = {
    "usages:precision-detail": Ligne(lambda c: {"pk": c.precision.pk}, VOIT_PARCOURS, naturel="directeur"),
    "usages:precision-repondre": Ligne(
        lambda c: {"pk": c.precision.pk}, VOIT_PARCOURS, SAISIT_LES_CHIFFRES, ecrit=True, naturel="directeur"
    ),
    "programme:passage repondre precision": Ligne(
        _passage("precision", "repondre"), VOIT_PARCOURS, SAISIT_LES_CHIFFRES, ecrit=True, naturel="directeur"
    ),
    "programme:passage clore precision": Ligne(_passage("precision", "clore"), VOIT_PARCOURS, CONDUIT, ecrit=True),
}
