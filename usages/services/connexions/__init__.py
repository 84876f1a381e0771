"""Les fichiers de connexion d'un éditeur : comment les lire, ce qu'ils changent, l'écrire, ce qu'on en montre.

`correspondances` retient, par organisme et par éditeur, comment se lit un fichier ; `comparaison` ne fait que lire, et
rend un `Plan` ; `ecriture` l'écrit d'un bloc ; `horaires` allume et éteint les heures ; `lecture` sert les pages.
"""

from usages.services.connexions.comparaison import Demande, Plan, comparer
from usages.services.connexions.ecriture import ecrire

__all__ = ["Demande", "Plan", "comparer", "ecrire"]
