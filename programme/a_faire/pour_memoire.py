"""Ce que l'accueil rappelle de ce qui est déjà décidé : reports, réserves, prochaine échéance."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from programme.a_faire.lecture import RECENT, Vu, parcours_vus
from programme.enums import EtatParcours, Role
from programme.models import Etape, Parcours
from programme.services.reports import Report
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.dates import date_courte
from programme.socle.models import Passage
from programme.socle.nombres import accorde

A_LIRE = timedelta(days=7)
_AU_FEMININ = (EtatParcours.PREPARATION, EtatParcours.OUVERTURE, EtatParcours.ROUTINE)


def _page(p: Parcours) -> str:
    return reverse("programme:parcours-detail", args=[p.pk])


# --- reports -------------------------------------------------------------------------------------------------------


def _reportes(demande: Demande, role: str) -> list[tuple[Vu, Report]]:
    return [(v, v.report) for v in parcours_vus(demande) if v.report and role in v.roles]


@inscrire("reports")
def reports(demande: Demande) -> Iterator[Ligne]:
    """À la direction, ce qu'elle a reporté ; elle y revient quand elle veut."""
    for vu, report in _reportes(demande, Role.DIRECTEUR):
        qui, reporte = report.proposition.close_par, "reportée" if report.etat in _AU_FEMININ else "reporté"
        par = "par vous " if qui == demande.utilisateur else f"par {qui} " if qui else ""
        yield Ligne(
            titre=f"{report.etat.label}, {vu.parcours} : {reporte} {par}au {date_courte(report.au)}",
            detail=f"« {report.proposition.reponse} »",
            url=_page(vu.parcours),
            urgence=Urgence.RAPPEL,
            echeance=report.au,
            gestes=(Bouton("Voir l'ESMS", _page(vu.parcours)),),
        )


@inscrire("reports_a_lire")
def reports_a_lire(demande: Demande) -> Iterator[Ligne]:
    """Au chef de projet, la raison d'un report : à lire la première semaine, puis pour mémoire."""
    for vu, report in _reportes(demande, Role.CHEF_PROJET):
        recent = report.le > demande.au - A_LIRE
        yield Ligne(
            titre=f"Lire un report : {vu.parcours}, {report.etat.label.lower()} au {date_courte(report.au)}",
            detail=f"« {report.proposition.reponse} »",
            url=_page(vu.parcours),
            urgence=Urgence.SUIVRE if recent else Urgence.RAPPEL,
            echeance=report.au,
            gestes=(Bouton("Voir l'ESMS", _page(vu.parcours)),),
        )


# --- réserves ------------------------------------------------------------------------------------------------------


@inscrire("reserves")
def sous_reserve(demande: Demande) -> Iterator[Ligne]:
    """Passages sous réserve du dernier mois : à dire au COMOP."""
    vus = {v.parcours.pk: v.parcours for v in parcours_vus(demande) if Role.CHEF_PROJET in v.roles}
    if not vus:
        return
    passages = Passage.objects.de_plusieurs(Parcours, list(vus)).filter(
        nature="sous_reserve", date_effet__gte=demande.au - RECENT
    )
    liens = tuple(Bouton(f"{vus[p.objet_id]} : « {p.motif} »", _page(vus[p.objet_id]) + "#journal") for p in passages)
    if liens:
        yield Ligne(
            titre="Dire au COMOP les passages sous réserve",
            detail=accorde(len(liens), "passage franchi,passages franchis") + " sous réserve depuis trente jours",
            url=liens[0].url,
            urgence=Urgence.PEUT_ATTENDRE,
            liens=liens,
        )


# --- prochaine échéance --------------------------------------------------------------------------------------------


@inscrire("echeance")
def echeance(demande: Demande) -> Iterator[Ligne]:
    """La prochaine date attendue, toutes étapes et tous ESMS confondus."""
    vus = {v.parcours.pk: v.parcours for v in parcours_vus(demande)}
    etapes = Etape.objects.filter(parcours__in=list(vus), reelle__isnull=True)
    a_venir = [(e.prevue, e.pk, e) for e in etapes if e.prevue and e.prevue >= demande.au]
    if a_venir:
        jour, _, etape = min(a_venir)
        parcours = vus[etape.parcours_id]
        yield Ligne(
            titre=f"Prochaine échéance : {parcours}, {etape.get_etat_display().lower()} le {date_courte(jour)}",
            detail="date prévue",
            url=_page(parcours) + "#dates",
            urgence=Urgence.RAPPEL,
            echeance=jour,
        )
