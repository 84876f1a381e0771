"""La fiche réflexe d'un renfort : de quoi tenir un remplacement avec le DUI, sur une page, sans nom de personne."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.outils import outils_de
from programme.documents.rendu import rendre_pdf
from programme.enums import Sujet
from programme.models import Parcours, Utilisateur
from programme.services.interlocuteurs import carte_de
from programme.socle.dates import date_longue
from programme.socle.texte import en_phrase

GABARIT = "reflexe.typ"
SUJETS = {
    Sujet.DROITS: "Pas de compte, mot de passe perdu",
    Sujet.USAGE: "Je ne sais pas où écrire",
    Sujet.PANNE: "Panne, connexion, matériel",
}
OUTILS_MONTRES = 4
"""Au-delà, la fiche ne tient plus sur une page : la fiche « nos outils, pour qui » dit le reste."""
NUIT = ("Cadre d'astreinte", "Infirmier ou médecin d'astreinte", "Urgence vitale : 15 ou 112")


@dataclass(frozen=True, slots=True)
class Fiche:
    """La fiche prête à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé, d'une page A4."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def reflexe_de(parcours: Parcours, *, par: Utilisateur, au: date) -> Fiche:
    """Se connecter, écrire, que faire en panne, qui appeler ; ce qui manque se remplit à la main.

    D'un interlocuteur, la fonction et le téléphone : ni son nom ni son courriel, qui le redirait.
    """
    outils = outils_de(parcours, par=par, au=au).donnees
    donnees = {
        "esms": parcours.esms.nom,
        "og": outils["og"],
        "le": date_longue(au),
        "dui": outils["dui"],
        "outils": [[nom, en_phrase(sert_a)] for nom, sert_a, _ in outils["outils"][:OUTILS_MONTRES]],
        "contacts": _contacts(parcours, par, au),
        "nuit": list(NUIT),
    }
    return Fiche(f"fiche-reflexe-{slugify(parcours.esms.nom)[:60]}.pdf", timezone.now(), donnees)


def _contacts(parcours: Parcours, par: Utilisateur, au: date) -> list[list[str]]:
    """Par besoin : la fonction et le téléphone, vides s'ils ne sont pas connus."""
    connus = {ligne.sujet: ligne.reponses[0].interlocuteur for ligne in carte_de(parcours.esms, par=par, au=au).connues}
    rendu = []
    for sujet, mots in SUJETS.items():
        qui = connus.get(sujet)
        rendu.append([mots, qui.fonction if qui else "", qui.telephone if qui else ""])
    return rendu
