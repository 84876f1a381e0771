"""Les études du lecteur."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from programme.socle.listes import VueListe
from programme.views.requete import Requete
from usages.filters.etudes import EtudeFilter
from usages.models import Etude
from usages.permissions import peut_commencer_une_etude
from usages.tables.etudes import EtudeTable

LISTE, CREER = "usages:etude-liste", "usages:etude-creer"


class EtudeListe(VueListe):
    """Les études dont le lecteur est de l'équipe, la plus récente d'abord."""

    request: Requete
    modele = Etude
    table = EtudeTable
    filtre = EtudeFilter
    gabarit = "usages/etude_liste.html"
    titre = "Études"
    chapeau = "Choisir par un entonnoir que l’on peut rejouer les ESMS à visiter, puis en écrire les monographies."
    unite = "étude"
    recherche = "Mots du titre"
    tri = "-creee_le"
    nom_fichier = "etudes"

    def requete(self) -> QuerySet:
        """Celles de ses équipes, et où elles en sont."""
        lues = Etude.objects.visibles_par(self.request.user).pour_lecture()
        return lues.avec_rang_etat().avec_comptes().avec_role_de(self.request.user)

    def contexte(self) -> dict[str, Any]:
        """Où en commencer une, s'il le peut."""
        peut = peut_commencer_une_etude(self.request.user)
        return {"url_creer": reverse(CREER) if peut else ""}

    def vide(self) -> dict[str, str]:
        """Aucune étude : d'où elles viennent, et le premier geste."""
        rendu = {"titre": "Vous n’êtes dans l’équipe d’aucune étude", "icone": "inbox"}
        if peut_commencer_une_etude(self.request.user):
            texte = "Posez une question, prenez des grappes, laissez l’entonnoir choisir qui visiter, et dire pourquoi."
            return rendu | {"texte": texte, "url": reverse(CREER), "libelle": "Commencer une étude"}
        texte = "Une étude ne se lit que dans son équipe : demandez à qui la pilote de vous y ajouter."
        return rendu | {"texte": texte, "url": reverse("programme:accueil"), "libelle": "Revenir à l’accueil"}
