"""Le dossier du comité utilisateurs, à distribuer : des résumés, des réponses, des questions ; jamais un texte brut."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import shorten
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.documents.textes import instant
from programme.socle.dates import date_courte, date_longue
from programme.socle.nombres import accorde, nombre
from usages.calculs.retours import Charge
from usages.dessins.delais import en_mots
from usages.dessins.retours import REGLE_DE_CHARGE, phrase
from usages.enums import EtatRetour, ThemeRetour
from usages.models import Retour
from usages.services.retours.comite import Comite, Revient
from usages.services.retours.dus import Du, DuDeModule

GABARIT = "comite.typ"
SEMAINES_MONTREES = 8
DUS_MONTRES = 15
REPONSE_MONTREE = 280
A_ECRIRE = "Résolu ; la réponse reste à écrire."


@dataclass(frozen=True, slots=True)
class Dossier:
    """Le dossier prêt à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def dossier_de(lu: Comite) -> Dossier:
    """Tout ce que dit le dossier, en mots."""
    le = timezone.localtime()
    donnees = {
        "grappe": lu.grappe.nom,
        "le": date_longue(lu.au),
        "depuis": _depuis(lu),
        "partiel": "" if lu.entiere else "Pour les ESMS du périmètre de qui l'imprime.",
        "chiffres": _chiffres(lu),
        "reviennent": [_revient(r) for r in lu.reviennent],
        "resolus": [_resolu(r, lu.raisons) for r in lu.resolus],
        "editeur": [_module(m) for m in lu.dus.modules],
        "dus": [_du(d) for d in lu.dus.retours[:DUS_MONTRES]],
        "autres_dus": max(lu.dus.nombre - DUS_MONTRES, 0),
        "charge": phrase(lu.charge),
        "regle": REGLE_DE_CHARGE,
        "semaines": _semaines(lu.charge),
        "questions": [[q.sujet, q.demande, q.pourquoi] for q in lu.questions],
        "releve": f"Imprimé le {instant(le)}",
    }
    return Dossier(f"comite-utilisateurs-{slugify(lu.grappe.nom)[:40]}-{lu.au:%Y-%m-%d}.pdf", le, donnees)


def _depuis(lu: Comite) -> str:
    return f"depuis le comité du {date_courte(lu.depuis)}" if lu.comite_tenu else f"depuis le {date_courte(lu.depuis)}"


def _chiffres(lu: Comite) -> list[list[str]]:
    return [
        ["Retours reçus", nombre(lu.recus)],
        ["Réponses données", nombre(lu.repondus)],
        ["Pas encore lus", nombre(lu.a_lire)],
        ["La moitié répondus en", en_mots(lu.reponse.mediane)],
    ]


def _theme(retour: Retour) -> str:
    return str(ThemeRetour(retour.theme).label) if retour.theme else ""


def _revient(lu: Revient) -> list[str]:
    r = lu.retour
    return [r.titre, str(r.module or ""), _theme(r), str(r.get_etat_display()), nombre(lu.voix)]


def _resolu(retour: Retour, raisons: Mapping[int, str]) -> list[str]:
    dit = {
        EtatRetour.RESOLU: A_ECRIRE,
        EtatRetour.NON_RETENU: f"Non retenu : {raisons.get(retour.pk, '')}",
    }.get(EtatRetour(retour.etat), retour.reponse)
    return [retour.titre, shorten(dit, REPONSE_MONTREE, placeholder=" […]"), _quand(retour.repondu_le)]


def _quand(jour: date | None) -> str:
    return date_courte(jour) if jour else "—"


def _module(m: DuDeModule) -> list[str]:
    return [m.nom, nombre(m.nombre), accorde(m.jours, "jour"), nombre(m.sans_demande)]


def _du(d: Du) -> list[str]:
    demande = f"écrite le {date_courte(d.demande.envoyee_le)}" if d.demande else "écrite" if d.est_ecrite else "aucune"
    return [d.retour.titre, str(d.retour.module or ""), accorde(d.jours, "jour"), demande]


def _semaines(charge: Charge) -> list[list[Any]]:
    """Les dernières : retours, tickets, en tout, le lundi, si elle dépasse, et sa barre (de 0 à 1)."""
    lues = charge.semaines[-SEMAINES_MONTREES:]
    haut = max([*(s.total for s in lues), charge.seuil], default=0) or 1
    return [
        [*map(nombre, (s.retours, s.tickets, s.total)), date_courte(s.lundi), s.total > charge.seuil, s.total / haut]
        for s in lues
    ]
