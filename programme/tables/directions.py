"""Table des ESMS dont la direction est à pourvoir."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.socle.dates import date_courte
from programme.socle.tables import Jour, Lien, NumeroFiness, TableListe, Texte


def _page(esms: Any) -> str:
    return reverse("programme:esms-detail", args=[esms.finess])


class Situation(Texte):
    """« sans direction », ou jusqu'à quand elle est tenue."""

    def render(self, value: bool, record: Any) -> str:
        """Le mot."""
        return f"se termine le {date_courte(record.fin_prochaine)}" if value else "sans direction"

    def value(self, value: bool, record: Any = None) -> str:
        """Le même mot."""
        return self.render(value, record)


class Depuis(Jour):
    """Le lendemain de la dernière direction connue ; rien tant que quelqu'un dirige."""

    def render(self, value: date | str) -> str:
        """La date, ou « jamais nommée »."""
        return value if isinstance(value, str) else super().render(value)

    def value(self, value: date | str) -> Any:
        """La date même."""
        return value


class Nommer(Texte):
    """Le geste, pour qui l'a (`peut_nommer`, posé par la liste) ; sinon à qui il revient."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        """Le lien, avec le nom de l'ESMS pour qui n'a que la voix."""
        if not record.peut_nommer:
            return "revient au siège de l'OG"
        adresse = f"{reverse('programme:affectation-creer')}?esms={record.finess}"
        return format_html('<a href="{}">Nommer<span class="visually-hidden"> pour {}</span></a>', adresse, record.nom)

    def value(self, value: Any) -> str:
        """Un geste ne s'emporte pas."""
        return ""


class SansDirectionTable(TableListe):
    """ESMS, situation, dernière direction connue, geste."""

    nom = Lien(verbose_name="ESMS", order_by="tri", url=_page)
    finess = NumeroFiness(verbose_name="FINESS", classe="accessoire")
    ville = Texte(verbose_name="Ville", classe="accessoire")
    og = Texte(verbose_name="OG", accessor="og__nom", order_by="og__tri")
    situation = Situation(verbose_name="Situation", accessor="est_dirige", order_by=("est_dirige", "fin_prochaine"))
    depuis = Depuis(verbose_name="Depuis le", order_by="derniere_fin", classe="insecable")
    derniere = Texte(verbose_name="Dernière direction connue", orderable=False)
    geste = Nommer(verbose_name="Geste", accessor="pk", orderable=False)

    legende = "ESMS dont la direction est à pourvoir"
