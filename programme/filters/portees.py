"""Ce que partagent les listes de lignes tenues pour un ESMS, ou pour toute sa grappe (`parcours` nul)."""

from django.db.models import QuerySet

from programme.socle.filtres import Choix, Cle, Mots


def mots_de_l_esms() -> Mots:
    """Des mots du nom de l'ESMS, de sa ville, ou son FINESS."""
    return Mots(label="ESMS : nom, ville ou FINESS", field_name="parcours__esms__recherche")


def cle_du_parcours(label: str = "Parcours", **kwargs: str) -> Cle:
    """Un seul ESMS, par la clé de son parcours : pour l'API et les liens ; à l'écran, on le cherche par son nom."""
    return Cle(label=label, field_name="parcours", **kwargs)


def menu_de_portee() -> Choix:
    """Pour toute la grappe, ou pour un seul de ses ESMS."""
    return Choix(
        label="Pour",
        choices=[("grappe", "toute la grappe"), ("esms", "un ESMS")],
        method=_de_portee,
        empty_label="Peu importe",
    )


def _de_portee(qs: QuerySet, name: str, value: str) -> QuerySet:
    return qs.filter(parcours__isnull=value == "grappe")
