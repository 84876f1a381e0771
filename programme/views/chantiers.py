"""Les cinq chantiers de tous les ESMS qu'on suit, en une liste qui se parcourt et s'emporte."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from programme.enums import Role
from programme.filters.chantiers import ChantierFilter
from programme.models import Parcours
from programme.services.chantiers import lire_chantiers
from programme.socle.listes import VueListe
from programme.tables.chantiers import ChantierTable
from programme.views.requete import Requete


class ChantierListe(VueListe):
    """Un ESMS par ligne, ses cinq chantiers ; ceux dont le lecteur lit la préparation."""

    request: Requete
    modele = Parcours
    table = ChantierTable
    filtre = ChantierFilter
    titre = "Chantiers de la préparation"
    chapeau = (
        "Où en sont les cinq chantiers de chaque ESMS, d’après ce qu’il a dit. L’astérisque : l’ESMS en juge autrement."
    )
    unite = "ESMS,ESMS"
    recherche = "Nom, ville ou FINESS"
    nom_fichier = "chantiers"

    def requete(self) -> QuerySet:
        """Avec ce que lisent les témoins."""
        return Parcours.objects.lisibles_par(self.request.user).pour_lecture().avec_rang()

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Les chantiers de toute la page d'un coup."""
        lus = lire_chantiers(objets)
        for parcours in objets:
            parcours.par_chantier = {str(c.chantier): c for c in lus[parcours.pk]}
            parcours.nb_restants = sum(len(c.reste) for c in lus[parcours.pk] if not c.est_regle)

    def vide(self) -> dict[str, str]:
        """Personne en préparation : pourquoi, et où voir les autres."""
        lecteur = self.request.user
        if lecteur.perimetre.tient(Role.ARS) and not lecteur.perimetre.sauf(Role.ARS).affectes:
            texte = "Les chantiers restent à l’ESMS et à sa grappe : le financeur lit les jalons et le calendrier."
            geste = {"url": reverse("programme:jalon-liste"), "libelle": "Voir les jalons"}
            return {"titre": "Rien à lire ici", "texte": texte, "icone": "inbox"} | geste
        texte = "Les chantiers vont du cadrage à l’ouverture. Les autres ESMS se retrouvent par le filtre « État »."
        geste = {"url": reverse("programme:parcours-liste"), "libelle": "Voir les ESMS du projet"}
        return {"titre": "Aucun ESMS ne se prépare", "texte": texte, "icone": "inbox"} | geste
