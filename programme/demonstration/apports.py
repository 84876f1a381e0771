"""Ce que les autres apps ajoutent à la démonstration : chacune inscrit son récit, le tronc le joue."""

from collections.abc import Callable, Mapping

from django.utils.module_loading import autodiscover_modules

from programme.demonstration.calendrier import Calendrier
from programme.models import Utilisateur
from programme.socle.registres import Registre

Apport = Callable[[Mapping[str, Utilisateur], Calendrier], None]
apports: Registre[Apport] = Registre("apports à la démonstration")


def inscrire(code: str, creer: Apport) -> Apport:
    """Inscrit un récit ; à appeler depuis le paquet `demonstration` de l'app."""
    return apports.inscrire(code, creer)


def raconter(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Joue les récits des autres apps, dans l'ordre des apps."""
    autodiscover_modules("demonstration")
    for creer in apports:
        creer(comptes, calendrier)
