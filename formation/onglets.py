"""Les pages de la formation et des droits d'accès, parmi celles d'une grappe et d'un ESMS."""

from django.utils import timezone

from formation.enums import EtatMatrice
from formation.models import Matrice
from formation.permissions import peut_lire_formation
from programme.models import Parcours, Utilisateur
from programme.socle.onglets import inscrire_page_d_esms, inscrire_page_de_grappe, ranger_chez_les_grappes


def _droits_qui_pressent(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« à valider », « à revoir » ; vide si rien ne presse. Une requête."""
    suivies = Matrice.objects.filter(parcours=parcours).exclude(etat=EtatMatrice.REMPLACEE)
    etats = {m.etat: m for m in suivies.order_by()}
    if EtatMatrice.SOUMISE in etats:
        return "à valider"
    validee = etats.get(EtatMatrice.VALIDEE)
    prevue = validee.revue_prevue_le if validee and len(etats) == 1 else None
    return "à revoir" if prevue and prevue <= timezone.localdate() else ""


inscrire_page_de_grappe("Droits d’accès", "formation:grappe-habilitations", peut_lire_formation)
inscrire_page_d_esms("Droits d’accès", "formation:parcours-habilitations", peut_lire_formation, _droits_qui_pressent)
ranger_chez_les_grappes(
    "professionnel",
    "poste",
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
