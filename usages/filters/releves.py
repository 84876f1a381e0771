"""Filtres des relevés : période, où ils en sont, ce qui pend, grappe, ESMS."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.filters.portees import cle_du_parcours
from programme.socle.filtres import Cases, Choix, FiltreListe, Mots
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, EtatReleve
from usages.models import Precision, Releve

_RECUL = {CadenceReleve.MOIS: 24, CadenceReleve.TRIMESTRE: 8, CadenceReleve.ANNEE: 3}


def periodes_offertes() -> list[tuple[str, str]]:
    """Les périodes que l'on choisit, la plus récente d'abord : les mois, puis les trimestres, puis les années."""
    au = timezone.localdate()
    lues = [p for cadence, n in _RECUL.items() for p in Periode.contenant(au, cadence).dernieres(n)[::-1]]
    return [(p.code, p.nom) for p in lues]


class ReleveFilter(FiltreListe):
    """Période, état, retard, précisions, grappe, ESMS."""

    periode = Choix(label="Période", choices=periodes_offertes, method="de_la_periode", empty_label="Toutes")
    etat = Cases(label="État", choices=EtatReleve.choices)
    ponctualite = Choix(
        label="Ponctualité",
        choices=[("retard", "Attendus, échéance passée"), ("attendus", "Attendus, échéance à venir")],
        method="selon_la_ponctualite",
        empty_label="Peu importe",
    )
    precisions = Choix(
        label="Précisions",
        choices=[("oui", "Une précision pend"), ("non", "Aucune ne pend")],
        method="selon_les_precisions",
        empty_label="Peu importe",
    )
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()
    esms = Mots(label="ESMS : nom, ville ou FINESS", field_name="parcours__esms__recherche")
    # Pour les liens ; à l'écran, on cherche un ESMS par son nom.
    parcours = cle_du_parcours("ESMS")

    class Meta:
        model = Releve
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def de_la_periode(self, qs: Any, name: str, value: str) -> QuerySet:
        """Ceux de cette période."""
        return qs.de_la_periode(Periode.lire(value))

    def selon_la_ponctualite(self, qs: Any, name: str, value: str) -> QuerySet:
        """Encore en saisie, l'échéance passée ou à venir."""
        au = timezone.localdate()
        if value == "retard":
            return qs.en_retard(au)
        return qs.filter(etat=EtatReleve.SAISI, echeance__gte=au)

    def selon_les_precisions(self, qs: Any, name: str, value: str) -> QuerySet:
        """Où une demande n'est pas close."""
        lues = Precision.objects.visibles_par(self.request.user).pendantes().order_by().values("valeur__releve")
        return qs.filter(pk__in=lues) if value == "oui" else qs.exclude(pk__in=lues)
