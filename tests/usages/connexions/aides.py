"""Un organisme, deux ESMS, une équipe et ses comptes ; des journaux écrits à la main."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from programme.models import OrganismeGestionnaire, Parcours, Utilisateur
from programme.socle.imports import confirmer, deposer
from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import executer
from tests.acces.monde_usages import correspondance_connexions
from tests.fabriques import EsmsFactory, GrappeFactory, OgFactory, ParcoursFactory, affecter
from tests.formation.fabriques import CompteDuiFactory, PosteFactory
from usages.services.connexions.correspondances import GENRE

ENTETE = "Utilisateur;Date;FINESS"
PASSE = date(2020, 1, 1)


@dataclass
class Decor:
    """Le siège gère les deux ESMS ; le Chai a trois personnes, un compte partagé, un compte à personne."""

    og: OrganismeGestionnaire
    siege: Utilisateur
    chai: Parcours
    coteau: Parcours
    correspondance: Correspondance

    @property
    def parametres(self) -> dict[str, Any]:
        return {"og": self.og.pk, "correspondance": self.correspondance.pk, "parcours": self.chai.pk}


def decor() -> Decor:
    og, grappe = OgFactory(nom="Association des Coteaux"), GrappeFactory(nom="Vignes hautes")
    chai, coteau = (ParcoursFactory(grappe=grappe, esms=EsmsFactory(og=og, nom=n)) for n in ("IME du Chai", "Coteau"))
    siege = affecter("siege", og)
    for rang in range(3):
        poste = PosteFactory(parcours=chai, debut=PASSE, professionnel__matricule=f"M{rang:03d}")
        CompteDuiFactory(parcours=chai, identifiant=f"agent{rang}", professionnel=poste.professionnel)
    CompteDuiFactory(parcours=chai, identifiant="salle-de-soins", est_partage=True)
    return Decor(og, siege, chai, coteau, correspondance_connexions(og, siege))


def journal(*lignes: str, entete: str = ENTETE) -> bytes:
    return ("\n".join([entete, *lignes]) + "\n").encode()


def mois_entier(finess: str, compte: str = "agent0", mois: str = "2026-10", dernier: int = 31) -> list[str]:
    """Une connexion le premier et une le dernier jour."""
    return [f"{compte};{mois}-01 08:00:00;{finess}", f"{compte};{mois}-{dernier} 19:00:00;{finess}"]


def apercu(d: Decor, contenu: bytes, **parametres: Any) -> Travail:
    """Le fichier déposé et comparé."""
    travail = deposer(
        GENRE,
        fichier=ContentFile(contenu, name="journal.csv"),
        par=d.siege,
        parametres=d.parametres | parametres,
    )
    executer(travail.pk)
    travail.refresh_from_db()
    return travail


def importer(d: Decor, contenu: bytes, **parametres: Any) -> Travail:
    """Déposé, comparé, confirmé, écrit."""
    suite = confirmer(apercu(d, contenu, **parametres), par=d.siege)
    executer(suite.pk)
    suite.refresh_from_db()
    return suite


def ouvrir(contenu: bytes) -> io.BytesIO:
    return io.BytesIO(contenu)
