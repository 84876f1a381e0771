"""Les ESMS que personne ne dirige, ou plus pour longtemps."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from programme.enums import Role
from programme.filters.directions import SansDirectionFilter
from programme.models import Affectation, Esms, Parcours
from programme.permissions import peut_affecter
from programme.socle.dates import date_courte
from programme.socle.listes import VueListe
from programme.tables.directions import SansDirectionTable
from programme.views.requete import Requete

BIENTOT = timedelta(days=30)


class SansDirectionListe(VueListe):
    """ESMS du projet, dans le périmètre, sans direction en fonction ou dont elle finit dans les trente jours."""

    request: Requete
    modele = Esms
    table = SansDirectionTable
    filtre = SansDirectionFilter
    titre = "ESMS sans direction"
    chapeau = "Rien n’est bloqué, mais personne n’y décide d’un passage, ou plus pour longtemps. Un intérim suffit."
    unite = "ESMS,ESMS"
    nom_fichier = "esms-sans-direction"
    recherche = "Nom, ville ou FINESS"
    vues = (("Qui fait quoi", "programme:affectation-liste"), ("ESMS sans direction", "programme:sans-direction"))

    def requete(self) -> QuerySet:
        """Ceux dont on lit la préparation : un financeur n'apprend pas une vacance."""
        au = timezone.localdate()
        vus = Parcours.objects.lisibles_par(self.request.user).en_cours().values("esms")
        a_pourvoir = Esms.objects.filter(pk__in=vus).direction_a_pourvoir(au, au + BIENTOT)
        return a_pourvoir.select_related("og", "categorie", "departement")

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Depuis quand, qui dirigeait (pour qui voit ce rôle), et si l'on peut nommer."""
        au = timezone.localdate()
        prefetch_related_objects(objets, "parcours", "affectations", "groupes__affectations")
        connues = Affectation.objects.visibles_par(self.request.user).de_direction().filter(du__lte=au)
        par_esms = connues.order_by("-au").select_related("utilisateur").par_esms([e.pk for e in objets])
        for esms in objets:
            esms.peut_nommer = bool(peut_affecter(self.request.user, Role.DIRECTEUR, esms))
            fin = esms.derniere_fin
            esms.depuis = "" if esms.est_dirige else fin + timedelta(days=1) if fin else "jamais nommée"
            finies = [a for a in par_esms[esms.pk] if a.au is not None]
            esms.derniere = _en_mots(max(finies, key=lambda a: a.au or au)) if finies else ""

    def vide(self) -> dict[str, str]:
        """Tout est tenu."""
        texte = "Chaque ESMS en cours de votre périmètre a une direction, pour plus de trente jours."
        return {"titre": "Toutes les directions sont tenues", "texte": texte, "icone": "check"}


def _en_mots(direction: Affectation) -> str:
    titre = "" if direction.titre == "titulaire" else f", {direction.get_titre_display().lower()}"
    return f"{direction.utilisateur}{titre}, jusqu'au {date_courte(direction.au)}"
