"""Ce que dit l'adresse d'un tableau de bord : le mois, celui auquel comparer, la famille, les indicateurs choisis.

L'adresse dit tout : l'envoyer, c'est envoyer la vue ; l'enregistrer sous un nom, c'est la retrouver (`Reglages`).
"""

import re
from datetime import date
from functools import cached_property

from django.http import HttpRequest, QueryDict

from programme.socle.reglages import MODIFIEE, Reglages
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, Famille
from usages.services.tableaux.choisis import libelles
from usages.services.tableaux.commun import Moment

RECUL = 24
"""Mois que l'on peut choisir."""
ILLISIBLE = "Ce mois n'est pas de ceux qui se lisent : voici le dernier mois fini."
CHOISIS_MAX = 60
_CODE = re.compile(r"[-\w]{1,60}")


class Adresse(Reglages):
    """Une adresse lue, et la vue enregistrée dont elle part. `faute` : ce qui n'a pas été compris."""

    noms_connus = frozenset({"mois", "avec", "famille", "indicateur", "choisis"})
    invite = "Gardez cette période, cette comparaison et ces indicateurs sous un nom."
    mot_tout = "Revenir aux réglages d’origine"

    def __init__(self, request: HttpRequest, au: date, *, titre: str, route: str, objet: str = "") -> None:
        self.request, self.au, self.titre, self.route, self.objet = request, au, titre, route, objet

    @property
    def parametres(self) -> QueryDict:
        """Ceux qui valent : ceux de l'adresse, et dessous ceux de la vue ouverte."""
        return self.adresse_et_vue[0]

    @cached_property
    def mois_offerts(self) -> list[Periode]:
        """Du dernier mois fini au plus ancien."""
        dernier = Periode.contenant(self.au, CadenceReleve.MOIS).precedente()
        return dernier.dernieres(RECUL)[::-1]

    def _mois(self, nom: str) -> Periode | None:
        try:
            lu = Periode.lire(self.parametres.get(nom, ""))
        except ValueError:
            return None
        return lu if lu in self.mois_offerts else None

    @property
    def faute(self) -> str:
        """Un mois écrit, et pas lu."""
        return ILLISIBLE if any(self.parametres.get(n) and not self._mois(n) for n in ("mois", "avec")) else ""

    def fautes(self) -> dict[str, list[str]]:
        """De même, par paramètre."""
        return {"mois": [self.faute]} if self.faute else {}

    @cached_property
    def moment(self) -> Moment:
        """Le mois regardé, et celui auquel on compare : le précédent si l'on n'en dit rien."""
        mois = self._mois("mois") or self.mois_offerts[0]
        avec = self._mois("avec")
        demande = avec is not None and avec.debut < mois.debut
        famille = self.parametres.get("famille", "")
        return Moment(
            mois,
            avec if avec is not None and demande else mois.precedente(),
            famille if famille in Famille.values else "",
            demande,
            frozenset(self.choisis),
        )

    @cached_property
    def choisis(self) -> list[str]:
        """Les codes des indicateurs choisis, rangés ; aucun : tous."""
        codes = {code for valeur in self.parametres.getlist("choisis") for code in valeur.split(",")}
        return sorted(code for code in codes if _CODE.fullmatch(code))[:CHOISIS_MAX]

    @property
    def indicateur(self) -> int | None:
        """L'indicateur détaillé."""
        lu = self.parametres.get("indicateur", "")
        return int(lu) if lu.isdecimal() and len(lu) < 10 else None

    def criteres_poses(self) -> dict[str, list[str]]:
        """Ce que garde une vue ; ce qui va de soi ne s'écrit pas : le dernier mois fini le reste."""
        moment = self.moment
        dits = {
            "mois": [moment.mois.code] if moment.mois != self.mois_offerts[0] else [],
            "avec": [moment.avec.code] if moment.compare else [],
            "famille": [moment.famille] if moment.famille else [],
            "indicateur": [str(self.indicateur)] if self.indicateur else [],
            "choisis": self.choisis,
        }
        return {nom: valeurs for nom, valeurs in dits.items() if valeurs}

    def mots(self) -> list[tuple[str, str]]:
        """Ce que garde une vue, en mots. Une requête s'il y a des indicateurs choisis."""
        moment = self.moment
        dernier = moment.mois == self.mois_offerts[0]
        return [
            ("Mois", "le dernier fini, chaque fois" if dernier else moment.mois.nom),
            ("Comparé à", moment.avec.nom if moment.compare else "la période d’avant"),
            ("Famille", Famille(moment.famille).label if moment.famille else "toutes"),
            ("Indicateurs", ", ".join(libelles(self.choisis).values()) or "tous ceux qui sont relevés"),
        ]

    def vers(self, **avec: str) -> str:
        """La même page autrement ; ce qui va de soi ne s'écrit pas, sauf d'où l'on part."""
        requete = QueryDict(mutable=True)
        dits = {nom: ",".join(valeurs) for nom, valeurs in self.criteres_poses().items()}
        for nom, valeur in (dits | avec).items():
            if valeur:
                requete[nom] = valeur
        if self.vue_ouverte is not None:
            requete[MODIFIEE] = str(self.vue_ouverte.pk)
        return f"{self.request.path}?{requete.urlencode(safe=',')}" if requete else self.request.path

    @property
    def caches(self) -> list[tuple[str, str]]:
        """Ce que le formulaire rend sans le montrer."""
        gardes = [("famille", self.moment.famille), ("indicateur", str(self.indicateur or ""))]
        gardes.append((MODIFIEE, str(self.vue_ouverte.pk) if self.vue_ouverte else ""))
        return [(nom, valeur) for nom, valeur in gardes if valeur]

    @property
    def caches_du_detail(self) -> list[tuple[str, str]]:
        """De même pour le choix de l'indicateur détaillé : tout le reste."""
        poses = [(nom, v) for nom, valeurs in self.criteres_poses().items() if nom != "indicateur" for v in valeurs]
        return poses + [c for c in self.caches if c[0] == MODIFIEE]

    @property
    def familles(self) -> list[tuple[str, str, bool]]:
        """Libellé, adresse, si c'est celle qu'on regarde."""
        choix = [("", "Tout"), *Famille.choices]
        return [(mot, self.vers(famille=code), code == self.moment.famille) for code, mot in choix]

    @property
    def sans_choix(self) -> str:
        """La même page, tous les indicateurs."""
        return self.vers(choisis="", famille="")

    def csv(self, dessin: str) -> str:
        """L'adresse de la table d'un dessin."""
        return self.vers(format="csv", dessin=dessin)
