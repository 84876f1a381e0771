"""Droits sur une personne qui peut tenir des postes dans plusieurs ESMS."""

from typing import Any

from django.utils import timezone

from formation.models import Poste, Professionnel
from formation.permissions.communs import NOMS_RESERVES
from programme.models import Utilisateur
from programme.socle.droits import Droit

PARTIE_D_ICI = (
    "Cette personne n'est plus en poste chez vous, et l'est encore ailleurs dans son organisme : corriger sa fiche "
    "revient à qui gère l'ESMS où elle travaille, ou au siège."
)
ENCORE_AILLEURS = (
    "Cette personne a encore un poste dans un ESMS que vous ne gérez pas : l'effacer revient au siège de son organisme."
)


def peut_corriger_personne(utilisateur: Utilisateur, personne: Professionnel) -> Droit:
    """Son nom, son matricule, son courriel : qui gère un ESMS où elle travaille. Deux requêtes au plus."""
    ouverts = personne.postes.ouverts(timezone.localdate())
    return _parmi(utilisateur, personne, refus=ouverts.exists() and not _siens(utilisateur, ouverts).exists())


def peut_effacer_personne(utilisateur: Utilisateur, personne: Professionnel) -> Droit:
    """Qui gère tous les ESMS où elle travaille encore. Trois requêtes au plus."""
    ouverts = personne.postes.ouverts(timezone.localdate())
    ailleurs = ouverts.exclude(pk__in=_siens(utilisateur, ouverts).values("pk")).exists()
    return _parmi(utilisateur, personne, refus=ailleurs, motif=ENCORE_AILLEURS)


def _siens(utilisateur: Utilisateur, postes: Any) -> Any:
    return Poste.objects.visibles_par(utilisateur).filter(pk__in=postes.order_by().values("pk"))


def _parmi(utilisateur: Utilisateur, personne: Professionnel, *, refus: bool, motif: str = PARTIE_D_ICI) -> Droit:
    if not Professionnel.objects.visibles_par(utilisateur).filter(pk=personne.pk).exists():
        return Droit(False, NOMS_RESERVES)
    return Droit(False, motif) if refus else Droit(True)
