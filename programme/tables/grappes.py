"""Table des grappes."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.socle.nombres import accorde
from programme.socle.tables import Entier, Lien, TableListe, Texte


def _vers_grappe(grappe: Any) -> str:
    return reverse("programme:grappe-detail", args=[grappe.pk])


class EsmsEtSortis(Entier):
    """« 30 · 1 sorti » à l'écran ; le seul nombre encore dans le projet dans un export."""

    def render(self, value: int, record: Any = None) -> SafeString | str:
        """Le nombre, puis le reste s'il y en a."""
        nombre = super().render(value)
        if not record.nb_sortis:
            return nombre
        return format_html('{} <span class="second">· {}</span>', nombre, accorde(record.nb_sortis, "sorti"))


class GrappeTable(TableListe):
    """Les grappes visibles ; le nombre d'ESMS ne compte que ceux du périmètre."""

    nom = Lien(verbose_name="Grappe", url=_vers_grappe, order_by="tri")
    etat = Texte(verbose_name="État", accessor="get_etat_display", order_by="etat")
    nb_esms = EsmsEtSortis(verbose_name="ESMS de votre périmètre", order_by="nb_esms")
    porteur = Texte(verbose_name="Porteur", accessor="porteur__nom", order_by="porteur__tri")
    region = Texte(verbose_name="Région instructrice", accessor="region__nom", order_by="region__nom")
    solution = Texte(verbose_name="Solution", accessor="solution__nom", order_by="solution__nom")
    annee = Texte(verbose_name="Financée en", accessor="annee_financement", order_by="annee_financement", classe="num")

    legende = "Grappes"
    par_defaut = ("nom", "etat", "nb_esms", "porteur", "region", "solution")
