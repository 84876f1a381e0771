"""Ce que dit l'adresse d'un tableau de bord : le mois, celui auquel comparer, la famille, l'indicateur détaillé.

L'adresse dit tout : la garder ou l'envoyer, c'est garder la vue.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import QueryDict

from programme.views.requete import Requete
from usages.enums import CadenceReleve, Famille
from usages.periodes import Periode
from usages.services.tableaux.commun import Moment

RECUL = 24
"""Mois que l'on peut choisir."""
ILLISIBLE = "Ce mois n'est pas de ceux qui se lisent : voici le dernier mois fini."


@dataclass(frozen=True)
class Adresse:
    """Une adresse lue. `faute` : ce qui n'a pas été compris."""

    request: Requete
    au: date

    @cached_property
    def mois_offerts(self) -> list[Periode]:
        """Du dernier mois fini au plus ancien."""
        dernier = Periode.contenant(self.au, CadenceReleve.MOIS).precedente()
        return dernier.dernieres(RECUL)[::-1]

    def _mois(self, nom: str) -> Periode | None:
        try:
            lu = Periode.lire(self.request.GET.get(nom, ""))
        except ValueError:
            return None
        return lu if lu in self.mois_offerts else None

    @property
    def faute(self) -> str:
        """Un mois écrit, et pas lu."""
        return ILLISIBLE if any(self.request.GET.get(n) and not self._mois(n) for n in ("mois", "avec")) else ""

    @cached_property
    def moment(self) -> Moment:
        """Le mois regardé, et celui auquel on compare : le précédent si l'on n'en dit rien."""
        mois = self._mois("mois") or self.mois_offerts[0]
        avec = self._mois("avec")
        demande = avec is not None and avec.debut < mois.debut
        famille = self.request.GET.get("famille", "")
        return Moment(
            mois,
            avec if avec is not None and demande else mois.precedente(),
            famille if famille in Famille.values else "",
            demande,
        )

    @property
    def indicateur(self) -> int | None:
        """L'indicateur détaillé."""
        lu = self.request.GET.get("indicateur", "")
        return int(lu) if lu.isdecimal() and len(lu) < 10 else None

    def vers(self, **avec: str) -> str:
        """La même page autrement ; ce qui va de soi ne s'écrit pas."""
        moment, requete = self.moment, QueryDict(mutable=True)
        dits = {
            "mois": moment.mois.code if moment.mois != self.mois_offerts[0] else "",
            "avec": moment.avec.code if moment.compare else "",
            "famille": moment.famille,
            "indicateur": str(self.indicateur or ""),
        }
        for nom, valeur in (dits | avec).items():
            if valeur:
                requete[nom] = valeur
        return f"{self.request.path}?{requete.urlencode()}" if requete else self.request.path

    @property
    def familles(self) -> list[tuple[str, str, bool]]:
        """Libellé, adresse, si c'est celle qu'on regarde."""
        choix = [("", "Tout"), *Famille.choices]
        return [(mot, self.vers(famille=code), code == self.moment.famille) for code, mot in choix]

    def csv(self, dessin: str) -> str:
        """L'adresse de la table d'un dessin."""
        return self.vers(format="csv", dessin=dessin)
