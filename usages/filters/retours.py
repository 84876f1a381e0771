"""Filtres des retours de terrain : ceux qui attendent encore quelqu'un, par défaut."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from programme.filters.etats import TOUTES, OuvertesDAbord
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.filters.portees import cle_du_parcours, mots_de_l_esms
from programme.models import Module, Unite
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe
from usages.enums import EtatRetour, GraviteRetour, ThemeRetour, VoieRetour
from usages.models import Retour
from usages.services.retours.tableau import RECENT, REPONDUS_RECENTS


class ATraiterDAbord(OuvertesDAbord):
    """Un état, ou tous ; ceux qui attendent encore si l'on ne choisit pas."""

    ouvertes = "a_traiter"

    def filter(self, qs: Any, value: str) -> QuerySet:
        """Répondus depuis peu : deux états, et un jour."""
        if value == REPONDUS_RECENTS:
            recents: QuerySet = qs.repondus_depuis(timezone.localdate() - RECENT)
            return recents
        return super().filter(qs, value)


def _unites_lues(requete: Any) -> QuerySet:
    """Celles qui ont donné un retour que le lecteur lit, avec leur ESMS : « Internat » ne suffit pas à une grappe."""
    donneuses = Retour.objects.visibles_par(requete.user).filter(unite__isnull=False).order_by().values("unite")
    dites = Unite.objects.filter(pk__in=donneuses)
    return dites.annotate(dit=Concat(F("nom"), Value(", "), F("parcours__esms__nom"))).order_by("dit", "pk")


class RetourFilter(FiltreListe):
    """État, gravité, thème, module, unité, ESMS, grappe ; confié à qui, en retard ou non."""

    etat = ATraiterDAbord(
        label="État",
        choices=[
            *EtatRetour.choices,
            (REPONDUS_RECENTS, "Répondus depuis un mois"),
            (TOUTES, "Tous, répondus et regroupés compris"),
        ],
        empty_label="Qui attendent encore",
    )
    gravite = Cases(label="Gravité", choices=GraviteRetour.choices)
    retard = Choix(label="Délai", choices=[("oui", "En retard")], method="selon_le_delai", empty_label="Peu importe")
    confie = Choix(
        label="Confié",
        choices=[("moi", "À moi"), ("personne", "À personne"), ("quelqu_un", "À quelqu'un")],
        method="selon_qui",
        empty_label="Peu importe",
    )
    theme = Choix(label="Thème", choices=ThemeRetour.choices)
    voie = Choix(label="Qui s'en occupe", choices=VoieRetour.choices, empty_label="Peu importe")
    module = ChoixObjet(label="Module", queryset=Module.objects.all(), nomme_par="nom")
    unite = ChoixObjet(label="Unité", queryset=_unites_lues, nomme_par="dit", empty_label="Toutes")
    grappe = menu_des_grappes("parcours__grappe")
    nom_grappe = nom_de_grappe("parcours__grappe__tri")
    esms = mots_de_l_esms()
    # Pour les liens ; à l'écran, on cherche un ESMS par son nom.
    parcours = cle_du_parcours("ESMS")

    class Meta:
        model = Retour
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)
        if self.request is not None and self.request.user.perimetre.est_national:
            self.filters.pop("unite")

    def selon_le_delai(self, qs: Any, name: str, value: str) -> QuerySet:
        """Le délai de leur grappe est passé."""
        tardifs: QuerySet = qs.en_retard(timezone.localdate())
        return tardifs

    def selon_qui(self, qs: Any, name: str, value: str) -> QuerySet:
        """À ce compte, à personne, à quelqu'un."""
        if value == "moi":
            miens: QuerySet = qs.filter(confie_a=self.request.user)
            return miens
        confies: QuerySet = qs.filter(confie_a__isnull=value == "personne")
        return confies
