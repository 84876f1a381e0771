"""Les affiches des retours : les réponses, pour un mur ; le lien d'une unité, en grand ou en quatre cartes.

Rien n'y est que le résumé et la réponse : jamais le texte d'un retour, ni d'où il vient dans l'ESMS.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.models import Grappe, Parcours
from programme.socle.dates import date_longue
from programme.socle.nombres import accorde
from usages.dessins.qr import qr_svg
from usages.models import LienDeRetour
from usages.services.retours.reponses import Dit

REPONSES, LIEN = "affiche_reponses.typ", "affiche_lien.typ"
EN_COURS_CITES = 3
PROMESSE = (
    "Ni nom, ni compte, ni heure : on ne garde que la semaine. Dans une petite équipe, on pourrait deviner : vous "
    "pouvez parler au nom de l'établissement."
)


@dataclass(frozen=True, slots=True)
class Affiche:
    """L'affiche prête à imprimer : son nom de fichier, son instant, son gabarit, ses données (du JSON simple)."""

    nom: str
    le: datetime
    gabarit: str
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(self.gabarit, self.donnees, le=self.le)


def affiche_des_reponses(
    source: Parcours | Grappe, dits: Sequence[Dit], en_cours: Iterable[Dit], *, papier: str = "a4", adresse: str = ""
) -> Affiche:
    """Les réponses choisies, puis ce à quoi l'on travaille. `adresse` : où mène le code ; vide, pas de code."""
    le = timezone.localtime()
    nom = source.esms.nom if isinstance(source, Parcours) else f"Grappe {source.nom}"
    jours = sorted(d.repondu_le for d in dits if d.repondu_le)
    donnees = {
        "papier": papier,
        "nom": nom,
        "periode": _periode(jours[0], jours[-1]) if jours else "",
        "reponses": [
            {"dit": d.titre, "fait": d.fait, "voix": accorde(d.nb_voix, "voix,voix") if d.nb_voix > 1 else ""}
            for d in dits
        ],
        "en_cours": [d.titre for d in en_cours][:EN_COURS_CITES],
        "qr": qr_svg(adresse) if adresse else "",
        "adresse": _sans_protocole(adresse),
        "promesse": PROMESSE,
        "le": f"Affiche du {date_longue(le.date())}",
    }
    return Affiche(f"vous-avez-dit-{slugify(nom)[:50]}-{le:%Y-%m-%d}-{papier}.pdf", le, REPONSES, donnees)


def _periode(debut: date, fin: date) -> str:
    """« Novembre 2026 », « Octobre – novembre 2026 », « Décembre 2026 – janvier 2027 »."""
    mots = date_format(fin, "F Y")
    if (debut.year, debut.month) != (fin.year, fin.month):
        mots = f"{date_format(debut, 'F' if debut.year == fin.year else 'F Y')} – {mots}"
    return mots[:1].upper() + mots[1:]


def affiche_du_lien(lien: LienDeRetour, adresse: str, *, en_cartes: bool = False) -> Affiche:
    """Le code à viser pour donner un retour : une page A4, ou quatre cartes à découper."""
    le, esms = timezone.localtime(), lien.parcours.esms.nom
    donnees = {
        "cartes": en_cartes,
        "esms": esms,
        "unite": str(lien.unite) if lien.unite else "",
        "qr": qr_svg(adresse),
        "adresse": _sans_protocole(adresse),
        "jusqu_au": f"Ouvert jusqu'au {date_longue(lien.expire_le)}" if lien.expire_le else "",
        "promesse": PROMESSE,
    }
    genre, lieu = "cartes" if en_cartes else "affiche", slugify(f"{esms} {lien.unite or ''}")[:60]
    return Affiche(f"retours-{genre}-{lieu}.pdf", le, LIEN, donnees)


def _sans_protocole(adresse: str) -> str:
    """Ce qu'on recopie à la main : sans « https:// », que tout navigateur ajoute."""
    return adresse.partition("://")[2] or adresse
