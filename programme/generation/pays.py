"""Bâtit un pays inventé entier, ou rien : annuaire, grappes, parcours et leur histoire. Même graine, mêmes données."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from programme.generation import alentours, projet
from programme.generation.annuaire import creer_annuaire
from programme.generation.plan import PaysImpossible, composer
from programme.models import Esms, Grappe, OrganismeGestionnaire
from programme.services.prevision import relever_durees
from programme.services.reference import charger_reference
from programme.socle.lots import analyser
from programme.socle.nombres import accorde, nombre

PARCOURS_PAR_ESMS = 25 / 34
ANCIENNETE = timedelta(days=1_200)
DEJA_DES_DONNEES = (
    "Cette base contient déjà des données ({}) : un pays inventé ne s'y mêle pas. Donnez une base neuve (TREILLE_BASE "
    "ou TREILLE_VAR), après « manage.py migrate »."
)

Dire = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pays:
    """Ce qu'on veut. `parcours` vaut les 25/34 des ESMS si on ne le dit pas ; `au` : le jour où tout s'arrête."""

    esms: int = 34_000
    grappes: int = 1_120
    graine: int = 1
    parcours: int | None = None
    au: date | None = None


def _exiger_une_base_neuve() -> None:
    presents = [
        accorde(combien, mots)
        for modele, mots in ((Esms, "ESMS,ESMS"), (OrganismeGestionnaire, "OG,OG"), (Grappe, "grappe"))
        if (combien := modele._default_manager.count())
    ]
    if presents:
        raise PaysImpossible(DEJA_DES_DONNEES.format(", ".join(presents)))


@transaction.atomic
def generer(pays: Pays, dire: Dire = lambda phrase: None) -> None:
    """Écrit tout en une transaction. Lève `PaysImpossible` : base déjà peuplée, nombres qui ne tiennent pas."""
    _exiger_une_base_neuve()
    au = pays.au or timezone.localdate()
    if au > timezone.localdate():
        raise PaysImpossible(f"Le {au:%d/%m/%Y} est à venir : rien ne se constate demain.")
    parcours = round(pays.esms * PARCOURS_PAR_ESMS) if pays.parcours is None else pays.parcours

    def hasard(theme: str) -> Random:
        # Un tirage par thème : en changer un ne déplace pas les autres.
        return Random(f"{pays.graine} {theme}")

    def avancement(mots: str) -> projet.Temoin:
        return lambda faits, total: dire(f"{mots} : {nombre(faits)} sur {nombre(total)}")

    charger_reference()
    dire(f"annuaire de {nombre(pays.esms)} ESMS")
    annuaire = creer_annuaire(hasard("annuaire"), pays.esms, au)
    analyser()
    plans = composer(hasard("composition"), annuaire.regions, pays.grappes, parcours)
    dire(f"{accorde(pays.grappes, 'grappe')}, comptes et affectations")
    solutions = alentours.creer_solutions()
    grappes = projet.creer_grappes(hasard("grappes"), plans, annuaire, solutions, au)
    du = au - ANCIENNETE
    chefs = alentours.creer_chefs(plans, grappes, du)
    alentours.creer_directions(hasard("directions"), plans, annuaire, du)
    alentours.creer_lecteurs(du)
    projet.avancer_grappes(hasard("etats des grappes"), plans, grappes, chefs, au)
    dire(f"{nombre(parcours)} parcours et leurs étapes")
    engages = projet.creer_parcours(hasard("parcours"), plans, grappes, chefs, annuaire, au)
    analyser()
    projet.avancer_parcours(engages, au, avancement("passages des parcours"))
    dire("faits datés, unités et ouvertures")
    projet.creer_faits(hasard("faits"), engages, au)
    projet.creer_ouvertures(hasard("ouvertures"), engages, au, avancement("passages des ouvertures"))
    dire("vérifications, conventions et jalons")
    alentours.creer_verifications(hasard("verifications"), plans, grappes, au)
    alentours.creer_financement(hasard("financement"), plans, grappes, chefs, au)
    analyser()
    dire("durées observées")
    relever_durees(au=au)
