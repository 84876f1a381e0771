"""Lire un retour : les voix qu'il réunit, qui le porte, sa réponse."""

from dataclasses import dataclass

from django.db.models import Q

from programme.models import Utilisateur
from programme.socle.models import Passage
from usages.enums import EtatRetour
from usages.models import Retour, Soutien


@dataclass(frozen=True, slots=True)
class Voix:
    """Qui dit la même chose : les retours portés que ce lecteur lit, combien d'autres, combien de « nous aussi »."""

    portes: list[Retour]
    nb_ailleurs: int
    nb_soutiens: int

    @property
    def total(self) -> int:
        """Lui compris."""
        return 1 + len(self.portes) + self.nb_ailleurs + self.nb_soutiens


def voix_de(retour: Retour, par: Utilisateur) -> Voix:
    """Les voix réunies. Trois requêtes."""
    portes = Retour.objects.filter(porte_par=retour)
    lus = list(portes.filter(pk__in=Retour.objects.visibles_par(par).order_by().values("pk")).pour_lecture())
    soutiens = Soutien.objects.filter(Q(retour=retour) | Q(retour__in=portes.order_by().values("pk")))
    return Voix(lus, portes.count() - len(lus), soutiens.count())


def reponse_de(retour: Retour) -> str:
    """La réponse publiée ; non retenu, le motif qu'on en a donné ; vide sinon. Une requête au plus."""
    if retour.etat == EtatRetour.PUBLIE:
        return retour.reponse
    if retour.etat != EtatRetour.NON_RETENU:
        return ""
    dernier = Passage.objects.de(retour).order_by("-rang").first()
    return dernier.motif if dernier else ""


def porteur_lu(retour: Retour, par: Utilisateur) -> Retour | None:
    """Le retour qui le porte, si ce lecteur le lit. Une requête au plus."""
    if retour.porte_par_id is None:
        return None
    return Retour.objects.visibles_par(par).pour_lecture().filter(pk=retour.porte_par_id).first()
