"""La preuve d'usage, à joindre à la demande de versement : les chiffres par ESMS, la date, les pièces, la signature."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.socle.dates import date_courte, date_longue
from programme.socle.nombres import finess, nombre, pourcentage
from programme.socle.pieces import pieces_de
from usages.calculs.controles import sans_zeros
from usages.calculs.dire import dire_nombre
from usages.calculs.periodes import Periode
from usages.calculs.preuve import Ligne, Total
from usages.enums import Absence, Forme
from usages.models import PreuveUsage
from usages.services.preuves import PreuveLue

GABARIT = "preuve_usage.typ"
RIEN = "rien de transmis dans l'année"


def _taux(lue: PreuveLue, num: Decimal | None, sur: Decimal | None) -> str:
    if lue.forme != Forme.RAPPORT:
        return "" if num is None else dire_nombre(lue, num)
    return pourcentage(num / sur) if num is not None and sur else ""


def _ligne(lue: PreuveLue, ligne: Ligne) -> dict[str, str]:
    if ligne.motif:
        dit = str(Absence(ligne.motif).label)
    elif ligne.numerateur is None:
        dit = RIEN
    elif ligne.denominateur is None:
        dit = nombre(sans_zeros(ligne.numerateur))
    else:
        dit = f"{nombre(sans_zeros(ligne.numerateur))} sur {nombre(sans_zeros(ligne.denominateur))}"
    return {
        "esms": ligne.esms,
        "finess": finess(ligne.finess),
        "periode": Periode.lire(ligne.periode).nom if ligne.periode else "",
        "chiffre": dit,
        "taux": _taux(lue, ligne.numerateur, ligne.denominateur),
        "valide": "" if ligne.numerateur is None else "validé" if ligne.est_valide else "transmis",
    }


def _cible(lue: PreuveLue) -> str:
    if lue.cible is None:
        return "aucune cible donnée"
    visee = pourcentage(lue.cible) if lue.forme == Forme.RAPPORT else dire_nombre(lue, lue.cible)
    return f"pour une cible de {visee}"


def _repondu(total: Total) -> str:
    verbe = "a" if total.nb_repondants == 1 else "ont"
    return f"{total.nb_repondants} ESMS sur {total.nb_concernes} {verbe} un chiffre"


def indicateurs(lues: list[PreuveLue]) -> list[dict[str, Any]]:
    """Chaque indicateur en mots : la page et le document disent la même chose."""
    return [
        {
            "code": lue.code,
            "libelle": lue.libelle,
            "definition": lue.definition,
            "population": lue.population,
            "cible": _cible(lue),
            "verdict": lue.verdict,
            "total": _taux(lue, lue.total.numerateur, lue.total.denominateur) if lue.total.nb_repondants else "aucun",
            "repondu": _repondu(lue.total),
            "non_valides": lue.nb_non_valides,
            "lignes": [_ligne(lue, ligne) for ligne in lue.lignes],
        }
        for lue in lues
    ]


def donnees(preuve: PreuveUsage, lues: list[PreuveLue], le: datetime) -> dict[str, Any]:
    """Ce que le gabarit dispose : du JSON simple."""
    jalon, grappe = preuve.jalon, preuve.rattache_a
    signee = f"Signée le {date_longue(preuve.signee_le)}, en qualité de {preuve.signataire}" if preuve.signee_le else ""
    return {
        "titre": f"Preuve d'usage, {grappe.nom}",
        "grappe": grappe.nom,
        "jalon": jalon.libelle,
        "convention": str(jalon.convention),
        "arretee_au": date_longue(preuve.arretee_au),
        "note": preuve.note,
        "projet": not preuve.est_signee,
        "signee": signee,
        "empreinte": preuve.empreinte[:16],
        "pieces": [piece.nom for piece in pieces_de(preuve)],
        "pied": f"{grappe.nom} · imprimé le {date_courte(timezone.localtime(le).date())}",
        "indicateurs": indicateurs(lues),
    }


def en_pdf(preuve: PreuveUsage, lues: list[PreuveLue], le: datetime | None = None) -> bytes:
    """Le PDF balisé de la preuve."""
    instant = le or timezone.now()
    return rendre_pdf(GABARIT, donnees(preuve, lues, instant), le=instant)


def nom_du_fichier(preuve: PreuveUsage) -> str:
    """« preuve-usage-grappe-des-coteaux-2026-11-30 », sans extension."""
    return f"preuve-usage-{slugify(preuve.rattache_a.nom)[:60]}-{preuve.arretee_au:%Y-%m-%d}"
