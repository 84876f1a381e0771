"""Table des affectations."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.socle.tables import Jour, TableListe, Texte


class Fin(Texte):
    """Le geste de fin, pour qui peut le faire (`peut_clore`, posé par la liste) ; rien dans un export."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        """Les liens, avec le nom de qui ils concernent pour qui n'a que la voix."""
        if not record.peut_clore:
            return ""
        return format_html(
            '<a href="{}">Mettre fin<span class="visually-hidden"> : {}, {}</span></a> · '
            '<a href="{}">Passer la main<span class="visually-hidden"> : tous les rôles de {}</span></a>',
            reverse("programme:affectation-clore", args=[record.pk]),
            record.utilisateur,
            record.get_role_display(),
            reverse("programme:passation", args=[record.utilisateur_id]),
            record.utilisateur,
        )

    def value(self, value: Any) -> str:
        """Un geste ne s'emporte pas."""
        return ""


class AffectationTable(TableListe):
    """Qui tient quel rôle, où, du… au…"""

    nom = Texte(verbose_name="Compte", accessor="utilisateur__nom", order_by="utilisateur__nom")
    identifiant = Texte(
        verbose_name="Identifiant",
        accessor="utilisateur__identifiant",
        order_by="utilisateur__identifiant",
        classe="second accessoire",
    )
    role = Texte(verbose_name="Rôle", accessor="get_role_display", order_by="role")
    titre = Texte(verbose_name="À quel titre", accessor="get_titre_display", order_by="titre")
    cible = Texte(verbose_name="Sur", orderable=False, default="national")
    du = Jour(verbose_name="Du", classe="insecable")
    au = Jour(verbose_name="Au", classe="insecable")
    confie_par = Texte(verbose_name="Confié par", accessor="confie_par__nom", order_by="confie_par__nom")
    compte = Texte(verbose_name="État du compte", accessor="etat_du_compte", orderable=False)
    fin = Fin(verbose_name="Geste", accessor="pk", orderable=False)

    legende = "Affectations"
