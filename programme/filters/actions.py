"""Filtres des actions : les ouvertes par défaut, ne propose que ce que le lecteur voit."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.choices import CallableChoiceIterator

from programme.enums import EtatAction
from programme.filters.etats import TOUTES, OuvertesDAbord
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.filters.portees import cle_du_parcours, menu_de_portee, mots_de_l_esms
from programme.models import Action
from programme.socle import origines
from programme.socle.filtres import Choix, FiltreListe

JOURS = {"7": "dans les 7 jours", "30": "dans les 30 jours", "90": "dans les 90 jours"}
RETARD, SANS = "retard", "sans"
MOI, PERSONNE, COMPTE = "moi", "personne", "compte"


class ActionFilter(FiltreListe):
    """État, responsable, échéance, grappe, ESMS, portée, origine."""

    etat = OuvertesDAbord(
        label="État", choices=[*EtatAction.choices, (TOUTES, "Toutes, closes comprises")], empty_label="Ouvertes"
    )
    responsable = Choix(
        label="Responsable",
        choices=[(MOI, "moi"), (PERSONNE, "sans compte : personne n'est prévenu"), (COMPTE, "un compte")],
        method="de_responsable",
        empty_label="Peu importe",
    )
    echeance = Choix(
        label="Échéance",
        choices=[(RETARD, "en retard"), *JOURS.items(), (SANS, "sans échéance")],
        method="a_echeance",
        empty_label="Toutes",
    )
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()
    esms = mots_de_l_esms()
    portee = menu_de_portee()
    # Le paramètre « origine » est déjà pris par toutes les listes : revenir aux colonnes d'origine.
    provenance = Choix(
        label="Origine", field_name="origine", choices=CallableChoiceIterator(origines.choix), empty_label="Toutes"
    )
    parcours = cle_du_parcours()

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def de_responsable(self, qs: Any, name: str, value: str) -> QuerySet:
        """Les siennes, celles dont personne n'est prévenu, ou celles d'un compte."""
        if value == MOI:
            return qs.filter(responsable=self.request.user)
        relais = qs.sans_relais(timezone.localdate())
        return relais if value == PERSONNE else qs.filter(responsable__isnull=False)

    def a_echeance(self, qs: Any, name: str, value: str) -> QuerySet:
        """En retard : ouverte et échue. Sinon, l'échéance d'ici là, ou aucune."""
        aujourd_hui = timezone.localdate()
        if value == SANS:
            return qs.filter(echeance__isnull=True)
        if value == RETARD:
            return qs.en_retard(aujourd_hui)
        return qs.filter(echeance__range=(aujourd_hui, aujourd_hui + timedelta(days=int(value))))
