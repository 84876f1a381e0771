"""Filtres du registre des décisions : tout s'y retrouve, même deux ans après."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from gouvernance.enums import EffetDecision, EtatDecision, TypeInstance
from gouvernance.models import Decision, Portee
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.filters.portees import cle_du_parcours
from programme.models import Parcours
from programme.socle.conditions import conditions
from programme.socle.filtres import Cases, Choix, FiltreListe, Mots
from programme.socle.recherche import mots_contenus

ARRIVEE, BIENTOT, SANS_REVUE = "arrivee", "30", "sans"


def _se_levent() -> list[tuple[str, str]]:
    return [(c.code, c.libelle) for c in conditions if c.se_leve]


class DecisionFilter(FiltreListe):
    """État, instance, effet, condition, grappe, ESMS, portée, levée, revue."""

    etat = Cases(label="État", choices=EtatDecision.choices)
    instance = Choix(
        label="Instance", field_name="comite__type", choices=TypeInstance.choices, empty_label="Peu importe"
    )
    effet = Cases(label="Ce qu'elle change", choices=EffetDecision.choices)
    condition = Choix(label="Condition levée", choices=_se_levent, empty_label="Peu importe")
    levee = Choix(
        label="Levée",
        choices=[("en_cours", "en cours"), ("finie", "finie")],
        method="de_levee",
        empty_label="Peu importe",
    )
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()
    esms = Mots(label="ESMS nommé : nom, ville ou FINESS", method="nommant")
    portee = Choix(
        label="Pour",
        choices=[("grappe", "toute la grappe"), ("esms", "des ESMS nommés")],
        method="de_portee",
        empty_label="Peu importe",
    )
    revue = Choix(
        label="À revoir",
        choices=[(ARRIVEE, "date arrivée"), (BIENTOT, "dans les 30 jours"), (SANS_REVUE, "sans date")],
        method="de_revue",
        empty_label="Peu importe",
    )
    # Pour l'API et les liens ; à l'écran, on cherche un ESMS par son nom.
    parcours = cle_du_parcours("Parcours touché", method="touchant")

    class Meta:
        model = Decision
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def de_levee(self, qs: Any, name: str, value: str) -> QuerySet:
        """Une levée qui court aujourd'hui, ou que sa fin, une révision ou un abandon a arrêtée."""
        jour = timezone.localdate()
        if value == "en_cours":
            return qs.qui_levent(jour)
        arbitrees = qs.filter(effet=EffetDecision.LEVEE, arbitree_le__isnull=False)
        return arbitrees.exclude(pk__in=Decision.objects.en_vigueur().filter(levee_au__gte=jour).values("pk"))

    def nommant(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        """Celles qui nomment un ESMS que le lecteur voit et qui porte tous ces mots."""
        vus = Parcours.objects.visibles_par(self.request.user).filter(mots_contenus("esms__recherche", value))
        nommes = Portee.objects.filter(decision=OuterRef("pk"), parcours__in=vus.order_by().values("pk"))
        return qs.filter(Exists(nommes))

    def de_portee(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        """Pour toute la grappe, ou pour des ESMS nommés."""
        nommes = Exists(Portee.objects.filter(decision=OuterRef("pk")))
        return qs.filter(~nommes if value == "grappe" else nommes)

    def de_revue(self, qs: Any, name: str, value: str) -> QuerySet:
        """En vigueur : la date arrivée, ou d'ici trente jours ; ou aucune date."""
        jour = timezone.localdate()
        if value == ARRIVEE:
            return qs.a_revoir(jour)
        if value == SANS_REVUE:
            return qs.filter(revue_le__isnull=True)
        return qs.en_vigueur().filter(revue_le__range=(jour, jour + timedelta(days=int(BIENTOT))))

    def touchant(self, qs: Any, name: str, value: Any) -> QuerySet:
        """Celles qui touchent cet ESMS, qu'elles le nomment ou valent pour toute sa grappe ; vu du lecteur."""
        parcours = Parcours.objects.visibles_par(self.request.user).filter(pk=value).first()
        return qs.touchant(parcours) if parcours else qs.none()
