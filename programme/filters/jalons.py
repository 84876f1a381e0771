"""Filtres des jalons de financement."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from programme.enums import EtatJalon
from programme.models import Grappe, Jalon, Region
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe

_JOURS = {"30": "dans les 30 jours", "60": "dans les 60 jours", "90": "dans les 90 jours", "365": "dans l'année"}
RETARD, SANS = "retard", "sans"


def _grappes_lues(requete: Any) -> QuerySet:
    return Grappe.objects.financement_lu_par(requete.user).only("pk", "nom")


def _regions_vues(requete: Any) -> QuerySet:
    return Region.objects.visibles_par(requete.user)


class JalonFilter(FiltreListe):
    """Filtres de la liste des jalons. Ne propose que des grappes dont le lecteur lit le financement."""

    etat = Cases(label="État", choices=EtatJalon.choices)
    echeance = Choix(
        label="Échéance",
        choices=[(RETARD, "en retard"), *_JOURS.items(), (SANS, "sans échéance")],
        method="a_echeance",
        empty_label="Toutes",
    )
    grappe = ChoixObjet(label="Grappe", field_name="convention__grappe", queryset=_grappes_lues, empty_label="Toutes")
    region = ChoixObjet(
        label="Région instructrice",
        field_name="convention__grappe__region",
        queryset=_regions_vues,
        empty_label="Toutes",
    )

    class Meta:
        model = Jalon
        fields: list[str] = []

    def a_echeance(self, qs: Any, name: str, value: str) -> QuerySet:
        """En retard : échue sans être partie. Sinon, échéance d'ici là, versés et abandonnés mis à part."""
        aujourd_hui = timezone.localdate()
        if value == SANS:
            return qs.filter(echeance__isnull=True)
        if value == RETARD:
            return qs.filter(etat=EtatJalon.A_PRODUIRE, echeance__lt=aujourd_hui)
        d_ici = aujourd_hui + timedelta(days=int(value))
        return qs.filter(echeance__range=(aujourd_hui, d_ici)).exclude(etat__in=[EtatJalon.VERSE, EtatJalon.ABANDONNE])
