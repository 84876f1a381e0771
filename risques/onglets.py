"""La page des risques, parmi celles d'une grappe."""

from programme.socle.onglets import inscrire_page_de_grappe
from risques.permissions import peut_lire_les_risques

inscrire_page_de_grappe("Risques", "risques:grappe-risques", peut_lire_les_risques)
