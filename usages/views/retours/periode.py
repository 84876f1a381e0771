"""Ce que dit l'adresse des pages de retours : combien de mois, et jusqu'auquel. L'enregistrer, c'est garder la vue."""

from datetime import date
from functools import cached_property

from django.http import HttpRequest, QueryDict

from programme.socle.nombres import accorde
from programme.socle.reglages import MODIFIEE, Reglages
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve

DUREES = (3, 6, 12, 24)
D_ABORD = 12
RECUL = 24
ILLISIBLE = "Cette période n'est pas de celles qui se lisent : voici les douze derniers mois."


class AdresseRetours(Reglages):
    """Une adresse lue, et la vue enregistrée dont elle part. `faute` : ce qui n'a pas été compris."""

    noms_connus = frozenset({"mois", "sur"})
    invite = "Gardez cette période sous un nom."
    mot_tout = "Revenir aux douze derniers mois"

    def __init__(self, request: HttpRequest, au: date, *, titre: str, route: str, objet: str) -> None:
        self.request, self.au, self.titre, self.route, self.objet = request, au, titre, route, objet

    @property
    def parametres(self) -> QueryDict:
        """Ceux qui valent : ceux de l'adresse, et dessous ceux de la vue ouverte."""
        return self.adresse_et_vue[0]

    @cached_property
    def mois_offerts(self) -> list[Periode]:
        """Du mois qui court au plus ancien."""
        return Periode.contenant(self.au, CadenceReleve.MOIS).dernieres(RECUL)[::-1]

    @cached_property
    def dernier(self) -> Periode:
        """Le dernier mois montré : celui qui court si l'on n'en dit rien."""
        try:
            lu = Periode.lire(self.parametres.get("mois", ""))
        except ValueError:
            return self.mois_offerts[0]
        return lu if lu in self.mois_offerts else self.mois_offerts[0]

    @cached_property
    def duree(self) -> int:
        """Combien de mois."""
        return {str(n): n for n in DUREES}.get(self.parametres.get("sur", ""), D_ABORD)

    @property
    def durees(self) -> list[tuple[int, str]]:
        """Celles qu'on peut choisir."""
        return [(n, accorde(n, "mois")) for n in DUREES]

    @property
    def mois(self) -> list[Periode]:
        """Du plus ancien au dernier."""
        return self.dernier.dernieres(self.duree)

    @property
    def faute(self) -> str:
        """Un mois ou une durée écrits, et pas lus."""
        mois, sur = self.parametres.get("mois"), self.parametres.get("sur")
        return ILLISIBLE if (mois and mois != self.dernier.code) or (sur and sur != str(self.duree)) else ""

    def fautes(self) -> dict[str, list[str]]:
        """De même, par paramètre."""
        return {"mois": [self.faute]} if self.faute else {}

    def criteres_poses(self) -> dict[str, list[str]]:
        """Ce que garde une vue ; ce qui va de soi ne s'écrit pas : le mois qui court le reste."""
        dits = {
            "mois": [self.dernier.code] if self.dernier != self.mois_offerts[0] else [],
            "sur": [str(self.duree)] if self.duree != D_ABORD else [],
        }
        return {nom: valeurs for nom, valeurs in dits.items() if valeurs}

    def mots(self) -> list[tuple[str, str]]:
        """Ce que garde une vue, en mots."""
        court = self.dernier == self.mois_offerts[0]
        return [
            ("Sur", accorde(self.duree, "mois")),
            ("Jusqu'à", "celui qui court, chaque fois" if court else self.dernier.nom),
        ]

    @property
    def nom(self) -> str:
        """« de décembre 2025 à novembre 2026 »."""
        return f"{self.mois[0].complement} à {self.dernier.nom}"

    @property
    def caches(self) -> list[tuple[str, str]]:
        """Ce que le formulaire rend sans le montrer : de quelle vue l'on part."""
        return [(MODIFIEE, str(self.vue_ouverte.pk))] if self.vue_ouverte else []

    def csv(self, dessin: str) -> str:
        """L'adresse de la table d'un dessin."""
        requete = QueryDict(mutable=True)
        for nom, valeurs in (self.criteres_poses() | {"format": ["csv"], "dessin": [dessin]}).items():
            requete[nom] = valeurs[0]
        return f"{self.request.path}?{requete.urlencode()}"
