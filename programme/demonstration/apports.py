"""Ce que les autres apps ajoutent à la démonstration : chacune inscrit son récit, le tronc le joue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

from programme.demonstration.calendrier import Calendrier
from programme.models import Utilisateur
from programme.socle.registres import Registre

if TYPE_CHECKING:
    from programme.demonstration.recit import Recit

Apport = Callable[[Mapping[str, Utilisateur], Calendrier], None]
Annotation = Callable[["Recit", Calendrier], None]
apports: Registre[Apport] = Registre("apports à la démonstration")
annotations: Registre[Annotation] = Registre("gestes ajoutés au récit d'une grappe")
preparatifs: Registre["Preparatif"] = Registre("ce qu'un passage trouve déjà fait")


@dataclass(frozen=True)
class Preparatif:
    """Ce qu'une app fait avant un passage d'un modèle : `preparer(objet, par=, chef=, le=)`, à rejouer sans risque."""

    modele: str
    transition: str
    preparer: Callable[..., None]


def inscrire(code: str, creer: Apport) -> Apport:
    """Inscrit un récit, joué après celui du tronc ; à appeler depuis le paquet `demonstration` de l'app."""
    return apports.inscrire(code, creer)


def inscrire_au_recit(code: str, noter: Annotation) -> Annotation:
    """Inscrit des gestes à mêler au récit d'une grappe, à leur date : ce qu'un passage trouve déjà décidé."""
    return annotations.inscrire(code, noter)


def inscrire_avant(code: str, modele: str, transition: str, preparer: Callable[..., None]) -> Preparatif:
    """Inscrit ce qui se fait quelques jours avant chaque passage de ce nom."""
    return preparatifs.inscrire(code, Preparatif(modele, transition, preparer))


def decouvrir() -> None:
    """Charge les récits des apps ; avant le premier geste, que l'une d'elles peut avoir à préparer."""
    autodiscover_modules("demonstration")


def avant(modele: str, transition: str) -> list[Preparatif]:
    """Ce que les apps font avant ce passage."""
    return [p for p in preparatifs if (p.modele, p.transition) == (modele, transition)]


def enrichir(recit: "Recit", calendrier: Calendrier) -> None:
    """Laisse chaque app noter ses gestes dans un récit, avant qu'il se rejoue."""
    for noter in annotations:
        noter(recit, calendrier)


def raconter(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Joue les récits des autres apps, dans l'ordre des apps."""
    for creer in apports:
        creer(comptes, calendrier)
