"""Filtres des alertes : celles qui attendent une réponse par défaut, ne propose que ce que le lecteur voit."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gouvernance.enums import EtatAlerte, OrigineAlerte
from gouvernance.models import Alerte
from programme.filters.etats import TOUTES, OuvertesDAbord
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.filters.portees import cle_du_parcours, menu_de_portee, mots_de_l_esms
from programme.socle.filtres import Cases, Choix, FiltreListe

PASSE, BIENTOT = "passe", "7"


class AlerteFilter(FiltreListe):
    """État, délai, provenance, grappe, ESMS, portée."""

    etat = OuvertesDAbord(
        label="État", choices=[*EtatAlerte.choices, (TOUTES, "Toutes, closes comprises")], empty_label="Sans réponse"
    )
    delai = Choix(
        label="Délai",
        choices=[(PASSE, "passé"), (BIENTOT, "dans les 7 jours")],
        method="de_delai",
        empty_label="Peu importe",
    )
    # « origine », dans l'adresse d'une liste, demande ses colonnes d'origine.
    provenance = Cases(label="Donnée par", field_name="origine", choices=OrigineAlerte.choices)
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()
    esms = mots_de_l_esms()
    portee = menu_de_portee()
    parcours = cle_du_parcours()

    class Meta:
        model = Alerte
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def de_delai(self, qs: Any, name: str, value: str) -> QuerySet:
        """Ni portées ni closes : le délai passé, ou qui finit dans la semaine."""
        jour = timezone.localdate()
        if value == PASSE:
            return qs.en_retard(jour)
        return qs.au_comop().filter(echeance__range=(jour, jour + timedelta(days=int(BIENTOT))))
