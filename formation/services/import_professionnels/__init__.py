"""Tenir les postes à jour depuis le fichier du siège : ce que l'on gère, ce qui changerait, l'écrire, le rendre.

`portee` dit ce que le lecteur gère ; `comparaison` ne fait que lire, et rend un `Plan` ; `ecriture` l'écrit d'un bloc ;
`correspondances` retient, par organisme, comment se lit son fichier ; `feuille` rend ses personnes.
"""

from formation.services.import_professionnels.comparaison import comparer
from formation.services.import_professionnels.ecriture import ecrire
from formation.services.import_professionnels.plan import Plan
from formation.services.import_professionnels.portee import Portee, exiger_portee, lire_portee

__all__ = ["Plan", "Portee", "comparer", "ecrire", "exiger_portee", "lire_portee"]
