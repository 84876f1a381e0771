"""Les éditions : en figer une à la publication, en lire une, et ce que chacun lit d'une monographie."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from programme.models import Utilisateur
from programme.socle.dates import date_longue
from usages.calculs.contenu_monographie import Contenu
from usages.enums import EtatMonographie
from usages.models import Edition, Monographie
from usages.models.monographies import monographie_passee
from usages.services.monographies.contenu import assembler
from usages.services.monographies.resolution import Rendu, rendre


@dataclass(frozen=True, slots=True)
class Lecture:
    """Ce qu'une personne lit d'une monographie. `edition` vide : le travail en cours."""

    monographie: Monographie
    rendu: Rendu
    edition: Edition | None
    editions: tuple[Edition, ...]
    le: date

    @property
    def est_travail(self) -> bool:
        """Vrai pour un texte qui n'est pas publié."""
        return self.edition is None

    @property
    def est_derniere(self) -> bool:
        """Vrai pour la dernière édition."""
        return self.edition is not None and self.edition.pk == self.editions[0].pk

    @property
    def mention(self) -> str:
        """« Édition 2, publiée le 3 juin 2026 », « Brouillon, au 3 juin 2026 » : sur chaque page."""
        if self.edition:
            return f"Édition {self.edition.numero}, publiée le {date_longue(self.edition.publiee_le)}"
        return f"{self.monographie.get_etat_display()}, au {date_longue(self.le)}"


def lire_pour(monographie: Monographie, lecteur: Utilisateur, *, le: date) -> Lecture | None:
    """Le travail en cours, pour qui le voit ; la dernière édition pour les autres ; None s'il n'y en a pas.

    Validée, elle se lit telle que la direction l'a lue ; publiée, dans son édition, par tous : c'est elle qui fait foi.
    """
    editions = tuple(monographie.editions.sans_contenu())
    en_cours = monographie.etat != EtatMonographie.PUBLIEE or not editions
    if en_cours and Monographie.objects.visibles_par(lecteur).filter(pk=monographie.pk).exists():
        contenu = Contenu.depuis(monographie.valide) if monographie.valide else assembler(monographie)
        return Lecture(monographie, rendre(contenu, monographie.visite), None, editions, le)
    return _lire(editions[0], monographie, editions) if editions else None


def lire_edition(edition: Edition) -> Lecture:
    """Cette édition, telle qu'elle se lit aujourd'hui."""
    monographie = edition.monographie
    return _lire(edition, monographie, tuple(monographie.editions.sans_contenu()))


def _lire(edition: Edition, monographie: Monographie, editions: tuple[Edition, ...]) -> Lecture:
    rendu = rendre(Contenu.depuis(edition.contenu), monographie.visite)
    return Lecture(monographie, replace(rendu, a_voir=()), edition, editions, edition.publiee_le)


@transaction.atomic
def figer_edition(*, monographie: Monographie, par: Utilisateur, le: date) -> Edition:
    """Fige ce que la direction a validé, sous le numéro suivant. La porte tient déjà la monographie verrouillée."""
    valide = monographie.valide or replace(assembler(monographie), a_voir=()).en_donnees()
    dernier = monographie.editions.aggregate(n=Max("numero"))["n"] or 0
    return Edition.objects.create(
        monographie=monographie, numero=dernier + 1, contenu=valide, publiee_par=par, publiee_le=le
    )


def _au_passage(monographie: Monographie, passage: Any, **_: Any) -> None:
    """Valider fige le document, corriger l'ouvre de nouveau, publier en fait une édition."""
    if passage.transition == "publier":
        figer_edition(monographie=monographie, par=passage.par, le=passage.date_effet)
    if passage.transition in ("valider", "corriger", "reprendre"):
        valide = replace(assembler(monographie), a_voir=()).en_donnees() if passage.transition == "valider" else None
        monographie.valide = valide
        monographie.save(update_fields=["valide"])


def brancher() -> None:
    """Écoute les passages."""
    monographie_passee.connect(_au_passage, dispatch_uid="usages.monographie_passee")
