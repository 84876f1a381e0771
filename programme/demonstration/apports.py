"""Ce que les autres apps ajoutent à la démonstration : chacune inscrit son récit, le tronc le joue."""

from collections.abc import Callable, Mapping

from django.utils.module_loading import autodiscover_modules

from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import Recit
from programme.models import Utilisateur
from programme.socle.registres import Registre

Apport = Callable[[Mapping[str, Utilisateur], Calendrier], None]
Annotation = Callable[[Recit, Calendrier], None]
apports: Registre[Apport] = Registre("apports à la démonstration")
annotations: Registre[Annotation] = Registre("gestes ajoutés au récit d'une grappe")


def inscrire(code: str, creer: Apport) -> Apport:
    """Inscrit un récit, joué après celui du tronc ; à appeler depuis le paquet `demonstration` de l'app."""
    return apports.inscrire(code, creer)


def inscrire_au_recit(code: str, noter: Annotation) -> Annotation:
    """Inscrit des gestes à mêler au récit d'une grappe, à leur date : ce qu'un passage trouve déjà décidé."""
    return annotations.inscrire(code, noter)


def enrichir(recit: Recit, calendrier: Calendrier) -> None:
    """Laisse chaque app noter ses gestes dans un récit, avant qu'il se rejoue."""
    autodiscover_modules("demonstration")
    for noter in annotations:
        noter(recit, calendrier)


def raconter(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Joue les récits des autres apps, dans l'ordre des apps."""
    autodiscover_modules("demonstration")
    for creer in apports:
        creer(comptes, calendrier)
