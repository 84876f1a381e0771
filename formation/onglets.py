"""Les pages de la formation et des droits d'accès, parmi celles d'une grappe et d'un ESMS."""

from formation.models import Poste
from formation.permissions import peut_gerer_professionnels
from programme.enums import EtatParcours
from programme.models import Parcours, Utilisateur
from programme.socle.onglets import inscrire_page_d_esms, ranger_chez_les_grappes

PAS_ENCORE = (EtatParcours.RECENSE, EtatParcours.CADRAGE, EtatParcours.SUSPENDU, EtatParcours.SORTI)


def _personne_encore(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """Dès la préparation, aucun utilisateur prévu : rien d'autre ne se compte encore. Une requête au plus."""
    if parcours.etat in PAS_ENCORE or Poste.objects.filter(parcours=parcours).exists():
        return ""
    return "personne encore"


inscrire_page_d_esms("Professionnels", "formation:parcours-professionnels", peut_gerer_professionnels, _personne_encore)

ranger_chez_les_grappes(
    "professionnel",
    "poste",
    "postes",
    "moduleformation",
    "formateur",
    "session",
    "inscription",
    "profil",
    "matrice",
    "compte-dui",
    "mesure",
    "objectif",
    "bilan",
)
