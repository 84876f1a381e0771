"""La feuille d'émargement d'une session, à imprimer ou à remplir dans un tableur.

Les noms ne s'y lisent que pour les ESMS du lecteur ; ailleurs, un numéro, et une case où la personne écrit le sien.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from formation.calculs.demi_journees import demi_journees
from formation.enums import Pointage, StatutInscription
from formation.models import Inscription, SessionFormation
from formation.services.lecture_sessions import metiers_lisibles
from formation.services.noms import Noms
from programme.documents.rendu import rendre_pdf
from programme.documents.textes import instant
from programme.socle.dates import date_longue, heure
from programme.socle.nombres import accorde

GABARIT = "emargement.typ"
LIGNES_LIBRES = 4
"""Pour qui vient sans être inscrit ; davantage si la session a encore des places, jusqu'à une demi-page."""
LIGNES_LIBRES_AU_PLUS = 8
ENTETES = ["Numéro", "Nom", "Matricule", "Métier", "ESMS", "Présent"]
RAPPEL = (
    "Écrivez dans la colonne « Code » le code lu au tableau, puis signez. Une ligne sans signature, ou sans le bon "
    "code, ne compte pas. Venu sans être inscrit : une ligne du bas."
)


@dataclass(frozen=True, slots=True)
class Feuille:
    """La feuille prête à écrire."""

    radical: str
    le: datetime
    donnees: dict[str, Any]

    def nom(self, extension: str) -> str:
        """Le nom du fichier."""
        return f"{self.radical}.{extension}"

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def inscrits_de(session: SessionFormation, noms: Noms) -> list[Inscription]:
    """Qui a une place, par ESMS puis par nom ; par numéro là où les noms ne se lisent pas. Une requête."""
    lues = session.inscriptions.filter(statut=StatutInscription.INSCRIT).pour_lecture()
    return sorted(lues, key=noms.rang)


def feuille_de(session: SessionFormation, noms: Noms) -> Feuille:
    """La feuille de cette session, pour ce lecteur."""
    le, debut, fin = timezone.localtime(), timezone.localtime(session.debut), timezone.localtime(session.fin)
    inscriptions = inscrits_de(session, noms)
    lisibles = metiers_lisibles(inscriptions)
    libres = min(max(session.capacite - len(inscriptions), LIGNES_LIBRES), LIGNES_LIBRES_AU_PLUS)
    donnees = {
        "module": str(session.module),
        "date": date_longue(debut.date(), avec_jour=True),
        "heures": f"{heure(debut)} à {heure(fin)}",
        "lieu": session.lieu,
        "pour": session.pour,
        "grappe": str(session.grappe),
        "formateur": str(session.formateur or ""),
        "places": f"{accorde(len(inscriptions), 'inscrit')} pour {accorde(session.capacite, 'place')}",
        "demi_journees": demi_journees(debut, fin),
        "plusieurs_esms": session.parcours_id is None,
        "lignes": [_ligne(i, noms, lisibles) for i in inscriptions],
        "libres": libres,
        "rappel": RAPPEL,
        "releve": f"Imprimé le {instant(le)}",
    }
    return Feuille(f"emargement-{slugify(str(session.module))[:60]}-{debut:%Y-%m-%d}", le, donnees)


def _ligne(inscription: Inscription, noms: Noms, lisibles: set[tuple[int, int]]) -> dict[str, str]:
    gere = noms.gere(inscription.poste)
    return {
        "numero": str(inscription.professionnel_id),
        "nom": inscription.professionnel.nom if gere else "",
        "metier": metier_dit(inscription, noms, lisibles),
        "esms": inscription.poste.parcours.esms.nom,
    }


def metier_dit(inscription: Inscription, noms: Noms, lisibles: set[tuple[int, int]]) -> str:
    """Le métier, tu quand ils sont moins de cinq dans un ESMS que le lecteur ne gère pas."""
    poste = inscription.poste
    if noms.gere(poste) or (poste.parcours_id, poste.metier_id) in lisibles:
        return str(poste.metier)
    return ""


def lignes_csv(session: SessionFormation, noms: Noms) -> Iterator[list[Any]]:
    """La même feuille pour un tableur : « Présent » s'y remplit oui ou non, puis se rapporte."""
    inscriptions = inscrits_de(session, noms)
    lisibles = metiers_lisibles(inscriptions)
    mots = {Pointage.PRESENT: "oui", Pointage.ABSENT: "non"}
    for i in inscriptions:
        gere = noms.gere(i.poste)
        nom, matricule = (i.professionnel.nom, i.professionnel.matricule) if gere else ("", "")
        presence = mots.get(Pointage(i.pointage), "")
        yield [
            i.professionnel_id, nom, matricule, metier_dit(i, noms, lisibles), i.poste.parcours.esms.nom, presence
        ]  # fmt: skip
