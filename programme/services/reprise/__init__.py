"""Reprendre un programme déjà en route : comparer le classeur d'une cheffe de projet à la base, puis l'écrire.

`comparaison` ne fait que lire, et rend un `plan` ; `ecriture` l'essaie pour de faux, puis l'écrit tout ou rien, par les
services et la porte ; `retour` rend la feuille avec les intitulés et les mots du classeur d'origine ; `correspondances`
les retient ; `invitations` fait partir les liens des comptes ouverts par la reprise.
"""

from programme.services.reprise.comparaison import comparer
from programme.services.reprise.ecriture import ecrire, essayer
from programme.services.reprise.plan import LigneComparee, Plan

__all__ = ["LigneComparee", "Plan", "comparer", "ecrire", "essayer"]
