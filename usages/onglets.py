"""Les pages des usages : d'une grappe, d'un ESMS, d'un organisme, d'une région."""

from programme.socle.onglets import inscrire_page_de_grappe, ranger_chez_les_grappes
from usages.permissions import peut_lire_usages

# --- indicateurs suivis ---
inscrire_page_de_grappe("Indicateurs", "usages:grappe-indicateurs", peut_lire_usages)
ranger_chez_les_grappes("indicateur", "suivi", "cible")
