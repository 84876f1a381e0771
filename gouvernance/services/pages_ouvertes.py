"""La page des personnes accompagnées et de leurs proches : l'ouvrir, la refermer, changer son lien, ce qu'on y lit.

Éteinte par défaut ; sans compte, elle ne dit que ce qu'on a publié à ce public : ni nom de compte, ni chiffre, ni rien
de ce qui se prépare. Fermée, son lien ne mène plus nulle part ; rouverte, elle en a un autre.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gouvernance.enums import Public
from gouvernance.models import Entree, PageOuverte
from gouvernance.models.journal import PageOuverteQuerySet
from gouvernance.permissions import peut_ouvrir_page
from gouvernance.services.journal import de_cible
from programme.enums import EtatParcours
from programme.models import Parcours, Utilisateur
from programme.services.actions import Cible
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus

MONTREES = 30
DEJA = "Cette page vient d'être ouverte par une autre personne : relisez-la."
FERMEE = "Cette page est déjà fermée : son lien ne mène plus nulle part."
ENTRE_TEMPS = (
    "Entre-temps, une autre personne a changé ces mots. Votre saisie est gardée : relisez, puis enregistrez à nouveau."
)
SANS_MOTS = "Écrivez une phrase ou deux : c'est ce qu'on lira d'abord."

OU_EN_EST = {
    EtatParcours.RECENSE: "Le projet n’a pas encore commencé ici.",
    EtatParcours.CADRAGE: "Les professionnels commencent à y réfléchir ensemble.",
    EtatParcours.PREPARATION: "Les professionnels se préparent.",
    EtatParcours.PILOTE: "Une première équipe essaie.",
    EtatParcours.OUVERTURE: "Les équipes commencent à s’en servir, l’une après l’autre.",
    EtatParcours.SERVICE_REGULIER: "Les équipes s’en servent tous les jours.",
    EtatParcours.ROUTINE: "Les équipes s’en servent tous les jours. C’est devenu une habitude.",
    EtatParcours.SUSPENDU: "Le projet fait une pause.",
    EtatParcours.SORTI: "Le projet s’est arrêté ici.",
}
"""Où en est l'ESMS, en mots simples."""


@dataclass(frozen=True, slots=True)
class Nouvelle:
    """Ce qu'on raconte, ce jour-là : rien de qui l'a écrit."""

    le: date
    titre: str
    texte: str


@dataclass(frozen=True, slots=True)
class PageLue:
    """Tout ce que la page montre, et rien d'autre : le gabarit ne reçoit ni compte, ni objet de la base."""

    titre: str
    presentation: str
    contact: str
    ou_en_est: str
    nouvelles: tuple[Nouvelle, ...]


# --- écrire --------------------------------------------------------------------------------------------------------


@transaction.atomic
def ouvrir(*, cible: Cible, presentation: str, par: Utilisateur, contact: str = "") -> PageOuverte:
    """L'ouvre, sous un lien neuf. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_ouvrir_page(par, cible))
    _verrouiller(cible)
    if page_de(cible) is not None:
        raise Refus("etat", DEJA)
    return _ecrire(PageOuverte(**de_cible(cible), ouverte_par=par), presentation, contact)


@transaction.atomic
def modifier(
    *, page: PageOuverte, presentation: str, par: Utilisateur, contact: str = "", vu: str | None = None
) -> PageOuverte:
    """En change les mots ; le lien reste. Lève `Refus` (droit, etat, champ, concurrence)."""
    exiger(peut_ouvrir_page(par, page))
    relue = _encore_ouverte(page)
    if vu is not None and vu != version_de(relue):
        raise Refus("concurrence", ENTRE_TEMPS)
    return _ecrire(relue, presentation, contact)


@transaction.atomic
def fermer(*, page: PageOuverte, par: Utilisateur) -> PageOuverte:
    """La ferme à l'instant : son lien ne mène plus nulle part, et ne resservira pas. Lève `Refus` (droit, etat)."""
    exiger(peut_ouvrir_page(par, page))
    relue = _encore_ouverte(page)
    relue.fermee_le = timezone.now()
    relue.save(update_fields=["fermee_le"])
    return relue


@transaction.atomic
def changer_de_lien(*, page: PageOuverte, par: Utilisateur) -> PageOuverte:
    """La ferme, et rouvre la même sous un lien neuf : l'ancien est parti trop loin. Lève `Refus` (droit, etat)."""
    fermee = fermer(page=page, par=par)
    return ouvrir(cible=fermee.rattache_a, presentation=fermee.presentation, contact=fermee.contact, par=par)


def _ecrire(page: PageOuverte, presentation: str, contact: str) -> PageOuverte:
    if not presentation.strip():
        raise Refus("champ", SANS_MOTS, champs={"presentation": [SANS_MOTS]})
    page.presentation, page.contact = presentation, contact
    valider(page)
    page.save()
    return page


def _verrouiller(cible: Cible) -> None:
    """Sous le verrou de ce qu'elle raconte : deux personnes n'ouvrent pas deux pages."""
    type(cible)._base_manager.select_for_update(of=("self",)).get(pk=cible.pk)


def _encore_ouverte(page: PageOuverte) -> PageOuverte:
    lues = PageOuverte.objects.select_for_update(of=("self",)).select_related("parcours__esms", "grappe")
    relue = lues.get(pk=page.pk)
    if relue.fermee_le is not None:
        raise Refus("etat", FERMEE)
    return relue


# --- lire ----------------------------------------------------------------------------------------------------------


def version_de(page: PageOuverte) -> str:
    """Ce que la page disait, réduit à un jeton : qui la corrige apprend qu'on l'a changée entre-temps."""
    return hashlib.sha256(f"{page.presentation}\0{page.contact}".encode()).hexdigest()[:16]


def page_de(cible: Cible) -> PageOuverte | None:
    """La page ouverte de cette cible, s'il y en a une. Une requête."""
    return tenues(cible).ouvertes().first()


def pages_qui_la_montrent(cible: Cible) -> int:
    """Combien de pages ouvertes montrent ce qu'on publie ici : celle de l'ESMS, ou celles d'une grappe. Une requête.

    Ce qui vaut pour toute une grappe se lit aussi chez chacun de ses ESMS.
    """
    siennes = {"parcours": cible} if isinstance(cible, Parcours) else {"grappe": cible}
    return PageOuverte.objects.ouvertes().filter(**siennes).count()


def tenues(cible: Cible) -> PageOuverteQuerySet:
    """Les pages de cette cible, fermées comprises, de la plus récente à la plus ancienne."""
    return PageOuverte.objects.filter(**de_cible(cible)).select_related("ouverte_par")


def apercu(cible: Cible, presentation: str = "", contact: str = "") -> PageLue:
    """Ce qu'on y lirait aujourd'hui. Une requête."""
    siennes = Q(parcours__isnull=True, grappe=de_cible(cible)["grappe"])
    if isinstance(cible, Parcours):
        siennes |= Q(parcours=cible)
    lues = Entree.objects.publiees_pour(Public.PERSONNES).filter(siennes).order_by("-le", "-pk")
    return PageLue(
        titre=cible.esms.nom if isinstance(cible, Parcours) else cible.nom,
        presentation=presentation,
        contact=contact,
        ou_en_est=OU_EN_EST[EtatParcours(cible.etat)] if isinstance(cible, Parcours) else "",
        nouvelles=tuple(Nouvelle(*ligne) for ligne in lues.values_list("le", "titre", "texte")[:MONTREES]),
    )


def lire(jeton: UUID) -> PageLue | None:
    """Ce que montre ce lien ; None s'il est fermé, ou s'il n'existe pas : la réponse est la même. Deux requêtes."""
    page = PageOuverte.objects.ouvertes().filter(jeton=jeton).select_related("grappe", "parcours__esms").first()
    return apercu(page.rattache_a, page.presentation, page.contact) if page else None
