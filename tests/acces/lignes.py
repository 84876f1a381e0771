"""Une ligne de la table d'accès, comment nommer chaque page, et les ensembles de rôles qui y reviennent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.acces.monde import ANONYME, Cote

NomDeCote = Literal["dedans", "dehors"]
Qui = Mapping[NomDeCote, frozenset[str]]

_ROLES = "chef_projet directeur referent siege ars grades appui membre admin voisin etranger"
ROLES = frozenset(_ROLES.split())


def qui(dedans: str | frozenset[str] = frozenset(), dehors: str | frozenset[str] = frozenset()) -> Qui:
    """Deux ensembles de rôles, donnés en clair (« siege admin ») ou déjà formés."""
    return {
        "dedans": frozenset(dedans.split()) if isinstance(dedans, str) else dedans,
        "dehors": frozenset(dehors.split()) if isinstance(dehors, str) else dehors,
    }


TOUS = qui(ROLES, ROLES)
VOIT_GRAPPE = qui(ROLES - {"etranger"}, "admin etranger")
VOIT_PARCOURS = qui(ROLES - {"etranger", "voisin"}, "admin etranger")
LIT_GRILLE = qui(ROLES - {"etranger", "ars"}, "admin etranger")
LIT_PREPARATION = qui(ROLES - {"etranger", "voisin", "ars"}, "admin etranger")
SAISIT = qui("chef_projet directeur referent siege", "etranger")
INSTRUIT = qui("chef_projet directeur siege", "etranger")
DIT_UN_CHANTIER = qui("directeur referent")
CONDUIT = qui("chef_projet", "etranger")
LIT_FINANCEMENT = qui("chef_projet ars membre admin", "admin etranger")
# La pièce du monde n'est pas transmise : le financeur ne la lit pas encore.
LIT_PIECE = qui("chef_projet membre admin", "admin etranger")
DECIDE = qui("directeur")
CONSTATE = qui("chef_projet directeur", "etranger")
ADMINISTRE = qui("admin", "admin")
REPOND = qui("chef_projet directeur referent siege voisin etranger")
MONTE_GRAPPE = qui("chef_projet siege admin etranger")
NOMME = qui("chef_projet directeur siege admin voisin etranger")
VOIT_AFFECTATION = qui("chef_projet directeur siege admin", "admin etranger")
CLOT = qui("directeur siege admin", "admin")
VOIT_TRAVAIL = qui("chef_projet admin", "admin etranger")
VOIT_VUE = qui("chef_projet directeur referent siege appui membre voisin", "etranger")
DELEGUE = qui("directeur siege")
AJOUTE_SOLUTION = qui("chef_projet admin etranger")
GROUPE = qui("siege admin", "admin")
ECRIT_UNE_ACTION = qui("chef_projet directeur referent siege voisin etranger")
# D'une grappe, on lit les actions si l'on en est : ni en financeur, ni par sa seule région.
EST_DE_LA_GRAPPE = qui(ROLES - {"etranger", "ars", "grades"}, "admin etranger")


@dataclass(frozen=True)
class Ligne:
    """Une url : comment la nommer de chaque côté, qui la voit, qui la peut.

    `ecrit` : POST y est une écriture, réservée à `peut_ecrire` (à défaut `peut`). `lit` : GET y rend quelque chose.
    La méthode refusée l'est à tous (405), avant de regarder qui demande quoi. `code` : ce que GET rend à qui peut.
    `corps` : le corps JSON de l'écriture, parfois PATCH (`ecriture`). `naturel` : le rôle dont le test
    d'accessibilité prend les yeux.
    """

    arguments: Callable[[Cote], dict[str, Any]] | dict[str, Any] | None = None
    voit: Qui = field(default_factory=lambda: TOUS)
    peut: Qui = field(default_factory=lambda: TOUS)
    peut_ecrire: Qui | None = None
    lit: bool = True
    ecrit: bool = False
    code: int = 200
    anonyme: int = 302
    corps: dict[str, Any] | None = None
    ecriture: Literal["POST", "PATCH"] = "POST"
    genre: Literal["page", "fragment", "fichier", "api"] = "page"
    naturel: str = "chef_projet"

    @property
    def se_montre(self) -> bool:
        """Vrai si GET rend une page à quelqu'un."""
        return self.anonyme == 200 or (self.code == 200 and bool(self.voit["dedans"]))

    @property
    def cotes(self) -> tuple[NomDeCote, ...]:
        """Côtés à visiter."""
        return ("dedans", "dehors") if callable(self.arguments) else ("dedans",)

    def nommer(self, cote: Cote) -> dict[str, Any] | None:
        """Arguments de l'url, de ce côté."""
        return self.arguments(cote) if callable(self.arguments) else self.arguments

    def attendu(self, role: str, cote: NomDeCote, methode: str) -> set[int]:
        """Codes admis pour ce rôle, de ce côté, par cette méthode."""
        connu = role != ANONYME
        if not connu and self.anonyme != 200:
            return {self.anonyme}
        if not (self.lit if methode == "GET" else self.ecrit):
            return {405}
        if connu and role not in self.voit[cote]:
            return {404}
        peut = self.peut if methode == "GET" else self.peut_ecrire or self.peut
        if connu and role not in peut[cote]:
            return {403}
        if methode == "GET":
            return {self.code if connu else self.anonyme}
        # Écrire sans rien dire : refusé champ par champ, ou fait ; jamais un refus de droit.
        return {200, 302, 400, 409, 422}


def _grappe(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grappe.pk}


def _parcours(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.parcours.pk}


def _ouverture(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.ouverture.pk}


def _esms(cote: Cote) -> dict[str, Any]:
    return {"finess": cote.esms.finess}


def _affectation(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.affectation.pk}


def _solution(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grappe.solution_id}


def _groupe(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.groupe.pk}


def _compte(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.travail.par_id}


def _evenement(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.evenement.pk}


def _travail(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.travail.pk}


def _jalon(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.jalon.pk}


def _demande(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.demandeparametrage.pk}


def _action(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.action.pk}


def _action_de_grappe(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.action_de_grappe.pk}


def _campagne(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.campagne.pk}


def _evaluation(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.evaluation.pk}


def _evaluation_d_esms(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.evaluation_d_esms.pk}


def _moment(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.moment.pk}


def _reprise(cote: Cote) -> dict[str, Any]:
    return _grappe(cote) | {"correspondance": cote.correspondance.pk}


def _vue(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.vue.pk}


def _passage(modele: str, transition: str, objet: str = "") -> Callable[[Cote], dict[str, Any]]:
    return lambda cote: {"modele": modele, "pk": getattr(cote, objet or modele).pk, "transition": transition}


PUBLIQUE = {"anonyme": 200, "naturel": ANONYME}
API = {"genre": "api", "anonyme": 401}
ENGAGER = {"transition": "engager", "motif": "essai"}
