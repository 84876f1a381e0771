"""Filtres du registre : les ouverts par défaut, ne propose que ce que le lecteur voit."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from programme.enums import Role
from programme.filters.etats import TOUTES, OuvertesDAbord
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.filters.portees import cle_du_parcours, menu_de_portee, mots_de_l_esms
from programme.socle.filtres import Cases, Choix, FiltreListe
from risques.enums import CategorieRisque, EtatRisque, NiveauRisque
from risques.models import Risque
from risques.permissions import n_est_que_financeur

MOI, PERSONNE, COMPTE = "moi", "personne", "compte"
PASSEE, BIENTOT, SANS_REVUE = "passee", "30", "sans"


class OuvertsDAbord(OuvertesDAbord):
    """Un état, ou tous ; les risques ouverts si l'on ne choisit pas."""

    ouvertes = "ouverts"


class RisqueFilter(FiltreListe):
    """État, niveau, catégorie, grappe, ESMS, portée, revue, propriétaire."""

    etat = OuvertsDAbord(
        label="État", choices=[*EtatRisque.choices, (TOUTES, "Tous, clos compris")], empty_label="Pas encore clos"
    )
    niveau = Cases(label="Niveau", choices=NiveauRisque.choices)
    categorie = Cases(label="Catégorie", choices=CategorieRisque.choices)
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()
    esms = mots_de_l_esms()
    portee = menu_de_portee()
    revue = Choix(
        label="À revoir",
        choices=[(PASSEE, "date passée"), (BIENTOT, "dans les 30 jours"), (SANS_REVUE, "sans date")],
        method="a_revoir",
        empty_label="Peu importe",
    )
    proprietaire = Choix(
        label="Suivi par",
        choices=[(MOI, "moi"), (PERSONNE, "sans compte"), (COMPTE, "un compte")],
        method="de_proprietaire",
        empty_label="Peu importe",
    )
    parcours = cle_du_parcours()

    class Meta:
        model = Risque
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if n_est_que_financeur(self.request.user):
            del self.filters["proprietaire"]
        choisir_ou_ecrire(self)

    def a_revoir(self, qs: Any, name: str, value: str) -> QuerySet:
        """Ouverts : la date passée, ou d'ici trente jours ; ou aucune date."""
        jour = timezone.localdate()
        if value == PASSEE:
            return qs.a_revoir(jour)
        if value == SANS_REVUE:
            return qs.filter(revue_le__isnull=True)
        return qs.ouverts().filter(revue_le__range=(jour, jour + timedelta(days=int(BIENTOT))))

    def de_proprietaire(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        """Les siens, ceux dont aucun compte ne répond, ou ceux d'un compte ; parmi ce qu'il lit de près."""
        if value == MOI:
            return qs.filter(proprietaire=self.request.user)
        if self.request.user.perimetre.tient(Role.ARS):
            qs = qs.filter(de_pres=True)
        return qs.filter(proprietaire__isnull=value == PERSONNE)
