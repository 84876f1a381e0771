"""Les pages de la gouvernance, parmi celles d'une grappe et d'un ESMS."""

from gouvernance.permissions import peut_lire_gouvernance
from programme.socle.onglets import inscrire_page_de_grappe

inscrire_page_de_grappe("Gouvernance", "gouvernance:grappe-gouvernance", peut_lire_gouvernance)
