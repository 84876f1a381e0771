"""Table des vues enregistrées."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from programme.enums import Role
from programme.socle.enums import Partage
from programme.socle.tables import Jour, Lien, OuiNon, TableListe, Texte


def _ouvrir(vue: Any) -> str:
    return str(vue.adresse)


class PourQui(Texte):
    """Soi, une grappe, un organisme, un rôle."""

    def render(self, value: str, record: Any) -> str:
        """En toutes lettres ; l'auteur, pour celle d'un autre."""
        if value == Partage.GRAPPE:
            return f"la grappe {record.grappe}"
        if value == Partage.OG:
            return f"l’organisme {record.og}"
        return f"le rôle {Role(record.role).label}" if value == Partage.ROLE else "moi seulement"

    def value(self, value: str, record: Any = None) -> str:
        """Les mêmes mots."""
        return self.render(value, record)


class Gestes(Texte):
    """Modifier, supprimer : pour qui le peut (`modifiable` et `supprimable`, posés par la liste)."""

    def render(self, value: Any, record: Any) -> SafeString:
        """Les liens, avec le nom de la vue pour qui n'a que la voix."""
        gestes = [("modifier", "Modifier")] if record.modifiable else []
        gestes += [("supprimer", "Supprimer")] if record.supprimable else []
        lien = '<a href="{}">{}<span class="visually-hidden"> : {}</span></a>'
        return format_html_join(
            " · ",
            "{}",
            ((format_html(lien, reverse(f"programme:vue-{g}", args=[value]), mot, record.nom),) for g, mot in gestes),
        )

    def value(self, value: Any) -> str:
        """Un geste ne s'emporte pas."""
        return ""


class VueTable(TableListe):
    """Les vues ouvertes au lecteur."""

    nom = Lien(verbose_name="Vue", url=_ouvrir)
    titre_liste = Texte(verbose_name="De", order_by="liste")
    partage = PourQui(verbose_name="Pour qui")
    par = Texte(verbose_name="Enregistrée par", accessor="par__nom", order_by="par__nom", classe="accessoire")
    est_defaut = OuiNon(verbose_name="S’ouvre en arrivant")
    modifie_le = Jour(verbose_name="Modifiée le", classe="insecable")
    gestes = Gestes(verbose_name="Gestes", accessor="pk", orderable=False)

    legende = "Vues enregistrées"
