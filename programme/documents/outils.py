"""La fiche « nos outils, pour qui » : ce qu'un arrivant doit savoir ouvrir, et à qui demander."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.enums import DomaineApplication, SortApplication, Sujet
from programme.models import Application, Parcours, Utilisateur
from programme.models.etat_des_lieux import retenues
from programme.services.interlocuteurs import carte_de
from programme.services.lignes import lignes_de
from programme.socle.dates import date_longue

GABARIT = "outils.typ"
GARDEES = (SortApplication.GARDEE, SortApplication.INTERFACEE, SortApplication.A_DECIDER)
SUJETS = (Sujet.USAGE, Sujet.PANNE, Sujet.DROITS, Sujet.FORMATION)


@dataclass(frozen=True, slots=True)
class Fiche:
    """La fiche prête à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé, une page A4 dans le cas ordinaire."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def outils_de(parcours: Parcours, *, par: Utilisateur, au: date) -> Fiche:
    """Les applications gardées de l'ESMS, par usage, le DUI d'abord ; et les contacts qui aident un arrivant."""
    gardees = [a for a in retenues(lignes_de(parcours, Application)) if a.sort in GARDEES]
    rang = {domaine.value: i for i, domaine in enumerate(DomaineApplication)}
    gardees.sort(key=lambda a: (rang[a.domaine], a.nom))
    carte = carte_de(parcours.esms, par=par, au=au)
    donnees = {
        "esms": parcours.esms.nom,
        "og": str(parcours.esms.og or ""),
        "le": date_longue(au),
        "dui": str(parcours.solution or ""),
        "outils": [[a.nom, a.get_domaine_display(), a.pour_qui or "à demander"] for a in gardees],
        "contacts": [
            [ligne.sujet.label, r.interlocuteur.nom, _joindre(r.interlocuteur)]
            for ligne in carte.lignes
            if ligne.sujet in SUJETS
            for r in ligne.reponses[:1]
        ],
    }
    return Fiche(f"nos-outils-{slugify(parcours.esms.nom)[:60]}.pdf", timezone.now(), donnees)


def _joindre(interlocuteur: Any) -> str:
    return " · ".join(mot for mot in (interlocuteur.telephone, interlocuteur.courriel) if mot)
