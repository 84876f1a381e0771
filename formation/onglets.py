"""Les pages de la formation et des droits d'accès, parmi celles d'une grappe et d'un ESMS."""

from django.utils import timezone

from formation.masquage import est_petit
from formation.permissions import peut_lire_formation
from formation.services.couverture import total
from programme.models import Parcours, Utilisateur
from programme.socle.nombres import pourcentage
from programme.socle.onglets import inscrire_page_d_esms, inscrire_page_de_grappe, ranger_chez_les_grappes


def _couverture(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« 70 % formés », hors des petites équipes ; vide si personne n'est en poste. Une requête."""
    compte = total(Parcours.objects.filter(pk=parcours.pk), timezone.localdate())
    return f"{pourcentage(compte.taux)} formés" if compte.taux is not None and not est_petit(compte.en_poste) else ""


inscrire_page_de_grappe("Formation", "formation:grappe-formation", peut_lire_formation)
inscrire_page_d_esms("Formation", "formation:parcours-formation", peut_lire_formation, _couverture)
ranger_chez_les_grappes(
    "professionnel",
    "poste",
    "moduleformation",
    "formateur",
    "session",
    "inscription",
    "acquis",
    "profil",
    "matrice",
    "compte-dui",
    "mesure",
    "objectif",
    "bilan",
)
