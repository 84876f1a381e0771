"""La page des risques, parmi celles d'une grappe et d'un ESMS."""

from programme.models import Parcours, Utilisateur
from programme.socle.nombres import accorde
from programme.socle.onglets import inscrire_page_d_esms, inscrire_page_de_grappe, ranger_chez_les_grappes
from risques.models import Risque
from risques.permissions import peut_lire_les_risques


def _inacceptables(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« 2 inacceptables » ; vide s'il n'y en a pas. Une requête."""
    nb = Risque.objects.visibles_par(utilisateur).filter(parcours=parcours).inacceptables().count()
    return accorde(nb, "inacceptable") if nb else ""


inscrire_page_de_grappe("Risques", "risques:grappe-risques", peut_lire_les_risques)
inscrire_page_d_esms("Risques", "risques:parcours-risques", peut_lire_les_risques, _inacceptables)
ranger_chez_les_grappes(
    "questionnaire", "versionquestionnaire", "version", "campagne", "evaluation", "grille", "risque", "suite", "partage"
)
