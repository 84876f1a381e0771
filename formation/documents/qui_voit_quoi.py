"""« Qui voit quoi », à imprimer : une fiche par métier, chacune sur sa page, en PDF balisé."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from formation.services.qui_voit_quoi import Lecture
from programme.documents.rendu import rendre_pdf
from programme.models import Parcours
from programme.socle.dates import date_courte, date_longue

GABARIT = "qui_voit_quoi.typ"
A_QUI = (
    "Un droit manque, ou il y en a un de trop ? Dites-le à votre encadrement : la direction de l'ESMS décide de ces "
    "droits, ils se revoient chaque année."
)


def donnees(parcours: Parcours, lecture: Lecture, le: datetime) -> dict[str, Any]:
    """Ce que le gabarit dispose : du JSON simple."""
    matrice = lecture.matrice
    assert matrice is not None
    return {
        "titre": f"Qui voit quoi, {parcours.esms.nom}",
        "esms": parcours.esms.nom,
        "matrice": f"Droits d'accès n° {matrice.numero} : {matrice.get_etat_display().lower()}",
        "projet": lecture.est_projet,
        "le": date_longue(timezone.localtime(le).date()),
        "pied": f"{parcours.esms.nom} · imprimé le {date_courte(timezone.localtime(le).date())}",
        "a_qui": A_QUI,
        "oublies": lecture.oublies,
        "fiches": [
            {
                "metier": f.metier,
                "profil": f.profil,
                "sans_droit": f.est_sans_droit,
                "phrases": [
                    {"droit": p.droit, "verbe": p.verbe, "pour_qui": p.pour_qui, "modules": list(p.modules)}
                    for p in f.phrases
                ],
            }
            for f in lecture.fiches
        ],
    }


def en_pdf(parcours: Parcours, lecture: Lecture, le: datetime | None = None) -> bytes:
    """Le PDF de ces fiches."""
    instant = le or timezone.now()
    return rendre_pdf(GABARIT, donnees(parcours, lecture, instant), le=instant)


def nom_du_fichier(parcours: Parcours, metier: str = "") -> str:
    """« qui-voit-quoi-ime-les-tilleuls.pdf », suivi du métier s'il n'y en a qu'un."""
    return f"qui-voit-quoi-{slugify(parcours.esms.nom)[:60]}{f'-{metier}' if metier else ''}.pdf"
