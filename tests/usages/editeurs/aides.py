"""De quoi parler à un éditeur : une grappe, ses ESMS, un irritant que plusieurs connaissent."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from programme.models import Editeur, Grappe, Parcours, Solution, Utilisateur
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de
from tests.usages.fabriques import DemandeEditeurFactory, IrritantFactory, TicketFactory
from usages.models import DemandeEditeur, Irritant


def il_y_a(jours: int) -> date:
    return timezone.localdate() - timedelta(days=jours)


def autre_solution() -> Solution:
    """Celle d'un éditeur à qui la grappe n'a rien demandé."""
    editeur = Editeur.objects.create(nom=f"Éditeur d'ailleurs {Editeur.objects.count()}")
    return Solution.objects.create(editeur=editeur, nom="DUI d'ailleurs")


def lu(reponse: Any) -> str:
    """La page, apostrophes et espaces ordinaires."""
    return reponse.content.decode().replace("&#x27;", "'").replace("\xa0", " ").replace("\u202f", " ")


@dataclass
class Decor:
    """Une grappe de trois ESMS, avec la solution d'un éditeur."""

    grappe: Grappe
    editeur: Editeur
    esms: list[Parcours]
    cheffe: Utilisateur

    def demander(self, jours: int, repondue_en: int | None = None, **champs: Any) -> DemandeEditeur:
        """Une demande partie il y a tant de jours, répondue au bout de tant, par la porte."""
        dits = {"editeur": self.editeur} | champs
        demande = DemandeEditeurFactory(grappe=self.grappe, envoyee_le=il_y_a(jours), creee_par=self.cheffe, **dits)
        if repondue_en is not None:
            changer_etat(demande, "repondre", par=self.cheffe, motif="Corrigé.", date_effet=il_y_a(jours - repondue_en))
            demande.refresh_from_db()
        return demande

    def gener(self, *ou: Parcours, libelle: str = "L'impression coupe la page", **champs: Any) -> Irritant:
        """Un irritant, et un ticket dans chacun de ces ESMS."""
        irritant = IrritantFactory(grappe=self.grappe, editeur=self.editeur, libelle=libelle)
        for parcours in ou:
            TicketFactory(parcours=parcours, irritant=irritant, **champs)
        return irritant


def decor(nb_esms: int = 3) -> Decor:
    grappe = GrappeFactory(nom="Vignes hautes")
    esms = [ParcoursFactory(grappe=grappe) for _ in range(nb_esms)]
    return Decor(grappe, grappe.solution.editeur, esms, cheffe_de(grappe))
