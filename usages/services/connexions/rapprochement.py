"""À qui est un compte : à une personne en poste ce mois-là, à plusieurs, ou à personne de connu."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from formation.models import CompteDui, Poste
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve


class Sorte(Enum):
    """Où se compte un compte actif."""

    ACTIF = "actifs"
    PARTAGE = "partages"
    INCONNU = "inconnus"


@dataclass(slots=True)
class Comptes:
    """Ce qu'un ESMS sait de ses comptes. `personnes` : identifiant ou matricule, en minuscules → personne."""

    personnes: dict[str, int] = field(default_factory=dict)
    partages: set[str] = field(default_factory=set)
    postes: dict[int, list[tuple[date, date | None]]] = field(default_factory=lambda: defaultdict(list))
    signales: int = 0

    @property
    def connus(self) -> frozenset[str]:
        """Tous les identifiants que l'ESMS reconnaît."""
        return frozenset(self.personnes) | self.partages

    def sorte(self, compte: str, mois: date) -> Sorte:
        """Ce qu'est ce compte, ce mois-là : une personne partie le mois d'avant n'est plus en poste."""
        if compte in self.partages:
            return Sorte.PARTAGE
        fin = Periode(mois, CadenceReleve.MOIS.value).fin
        tenus = self.postes.get(self.personnes.get(compte, 0), ())
        present = any(debut <= fin and (sortie is None or sortie >= mois) for debut, sortie in tenus)
        return Sorte.ACTIF if present else Sorte.INCONNU


def lire_comptes(parcours: Collection[int]) -> dict[int, Comptes]:
    """Par ESMS, ses comptes connus. Deux requêtes, quel que soit le nombre d'ESMS.

    L'identifiant repris des comptes du DUI l'emporte ; à défaut, un matricule qui n'est qu'à une personne.
    """
    rendu = {cle: Comptes() for cle in parcours}
    matricules: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    postes = Poste.objects.filter(parcours__in=parcours).order_by()
    for cle, personne, matricule, debut, fin in postes.values_list(
        "parcours", "professionnel", "professionnel__matricule", "debut", "fin"
    ):
        rendu[cle].postes[personne].append((debut, fin))
        if matricule:
            matricules[cle][matricule.strip().casefold()].add(personne)
    for cle, siens in matricules.items():
        rendu[cle].personnes = {m: next(iter(p)) for m, p in siens.items() if len(p) == 1}
    comptes = CompteDui.objects.filter(parcours__in=parcours).order_by()
    for cle, identifiant, partage, personne in comptes.values_list(
        "parcours", "identifiant", "est_partage", "professionnel"
    ):
        compte, connus = identifiant.strip().casefold(), rendu[cle]
        connus.signales += 1
        if partage:
            connus.partages.add(compte)
        elif personne:
            connus.personnes[compte] = personne
    return rendu
