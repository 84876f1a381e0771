"""Le programme d'une visite, à emporter ou à afficher : qui vient, quand, avec qui ; les questions, pour l'équipe."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.documents.textes import instant
from programme.socle.dates import date_longue
from programme.socle.nombres import finess, liste
from usages.models import Trame, Visite
from usages.services.visites.lecture import donner_les_trames, equipe_de
from usages.services.visites.programme import Journee, journees_de

GABARIT = "programme_visite.typ"


@dataclass(frozen=True, slots=True)
class Programme:
    """Le document prêt : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def programme_de(visite: Visite, *, avec_trames: bool) -> Programme:
    """`avec_trames` : pour l'équipe ; l'ESMS lit le programme sans les questions. Quatre requêtes."""
    le = timezone.localtime()
    journees = journees_de(visite)
    trames: list[Trame] = []
    if avec_trames:
        donner_les_trames(visite, journees)
        posees = [t.trame for j in journees for t in j.temps]  # type: ignore[attr-defined]
        trames = list({t.pk: t for t in posees if t}.values())
    esms = visite.parcours.esms
    donnees = {
        "esms": str(visite.parcours),
        "finess": finess(esms.finess),
        "grappe": str(visite.parcours.grappe),
        "etude": visite.etude.titre,
        "objet": visite.objet,
        "etat": "" if visite.se_note else visite.get_etat_display().lower(),
        "equipe": liste(str(e.compte) for e in equipe_de(visite.etude)),
        "jours": liste(date_longue(j.jour) for j in journees),
        "journees": [_journee(j, trames) for j in journees],
        "rencontres": [{"qui": r.qui, "nombre": r.nombre} for r in visite.rencontres.all()],
        "trames": [{"titre": str(t), "questions": t.lignes} for t in trames],
        "releve": f"Tiré le {instant(le)}",
    }
    return Programme(f"programme-{slugify(str(visite.parcours))[:40]}.pdf", le, donnees)


def _journee(journee: Journee, trames: list[Trame]) -> dict[str, Any]:
    return {
        "jour": date_longue(journee.jour, avec_jour=True),
        "temps": [
            {
                "heures": f"{t.debut:%H:%M} à {t.fin:%H:%M}",
                "avec": t.avec or "à préciser",
                "lieu": t.lieu,
                "forme": t.get_forme_display(),
                "theme": t.get_theme_display() if t.theme else "",
                "heurte": bool(t.heurts),  # type: ignore[attr-defined]
                "trame": trames.index(t.trame) + 1 if getattr(t, "trame", None) in trames else 0,  # type: ignore[attr-defined]
            }
            for t in journee.temps
        ],
    }
