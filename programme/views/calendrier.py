"""Le calendrier d'une grappe : le Gantt des vagues, le glissement, et les tables qui disent les mêmes chiffres."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from programme.dessins import echelle, gantt, glissement
from programme.enums import EtatParcours
from programme.forms.dates import DeplacerDatesForm
from programme.models import Grappe
from programme.permissions import voit_toute_la_grappe
from programme.services import calendrier as lecture
from programme.services.calendrier import LigneCalendrier, VagueLue
from programme.socle.exports import csv_en_flux
from programme.views import calendrier_dates
from programme.views.grappes import grappe_visible, parcours_visibles
from programme.views.prevision import ensemble_dessine
from programme.views.requete import Requete

ECHELLES = (
    (echelle.TOUT, "Tout voir"),
    (echelle.MOIS, "Mois"),
    (echelle.TRIMESTRE, "Trimestre"),
    (echelle.ANNEE, "Année"),
)
COUCHES = ((gantt.REELLE, "Réel"), (gantt.PREVUE, "Prévu ou révisé"), (gantt.REFERENCE, "Référence"))
TOUS_DEPLIES = 12
"""Jusqu'à ce nombre d'ESMS, toutes les vagues sont dépliées d'emblée."""


@dataclass(frozen=True, slots=True)
class Choix:
    """Ce que l'adresse demande de voir ; ce qu'elle dit d'inconnu est comme absent."""

    pas: str
    couches: tuple[str, ...]
    vague: str
    etat: str
    deplier: str

    @classmethod
    def lire(cls, requete: Requete) -> "Choix":
        """Lit l'adresse : `echelle`, `montrer` (répété), `vague`, `etat`, `deplier`."""
        lu = requete.GET
        couches = tuple(c for c, _ in COUCHES if c in lu.getlist("montrer"))
        pas, etat, deplier = lu.get("echelle", ""), lu.get("etat", ""), lu.get("deplier", "")
        return cls(
            pas if pas in echelle.PAS else echelle.TOUT,
            couches or gantt.COUCHES,
            lu.get("vague", ""),
            etat if etat in EtatParcours.values else "",
            deplier if deplier in ("tout", "rien") else "",
        )


@dataclass(slots=True)
class LigneDessinee:
    """Un ESMS dessiné : ses barres, et la phrase qui les dit."""

    ligne: LigneCalendrier
    barres: list[gantt.Barre]
    phrase: str
    conflits: list[gantt.MarqueConflit]
    deplacable: bool = False
    formulaire: DeplacerDatesForm | None = None


@dataclass(slots=True)
class VagueDessinee:
    """Une vague dessinée : sa bande, ses ESMS, dépliée ou non."""

    lue: VagueLue
    fenetre: gantt.Fenetre
    bande: gantt.Bande
    lignes: list[LigneDessinee]
    ouverte: bool


@dataclass(slots=True)
class GlissementDessine:
    """Une ligne du dessin de glissement."""

    nom: str
    bilan: glissement.Bilan
    points: list[glissement.Point]
    mediane_x: float | None
    etendue: tuple[float, float]


@require_GET
def calendrier(request: Requete, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Le Gantt des vagues et le glissement, sur les ESMS que le lecteur voit."""
    return montrer(request, grappe_visible(request, pk))


def montrer(
    request: Requete, grappe: Grappe, *, saisie: DeplacerDatesForm | None = None, status: int = 200
) -> HttpResponse | StreamingHttpResponse:
    """La page ; `saisie` : le formulaire de dates à reprendre, sous l'ESMS qu'il concerne."""
    au, choix = timezone.localdate(), Choix.lire(request)
    toutes = lecture.lire_calendrier(parcours_visibles(request, grappe), au)
    retenues = [x for x in toutes if _garder(x, choix)]
    vagues = [v for v in lecture.par_vague(grappe, retenues) if not choix.vague or v.cle == choix.vague]
    if request.GET.get("format") == "csv":
        return _csv(grappe, vagues, au)
    montrees = [ligne for v in vagues for ligne in v.lignes]
    dates = calendrier_dates.preparer(request, montrees, saisie)
    contexte = {
        "grappe": grappe,
        "entiere": voit_toute_la_grappe(request.user, grappe),
        "nb_esms": len(montrees),
        "nb_sortis": sum(x.parcours.etat == EtatParcours.SORTI for x in toutes),
        "aujourdhui": au,
        "choix": choix,
        **_commandes(request, choix, toutes, grappe),
        **_gantt(vagues, choix, au, dates),
        **_glissement(vagues, montrees, au),
        "prevision": ensemble_dessine([x.parcours for x in montrees], au),
        "annuler": calendrier_dates.a_annuler(request, montrees),
        "criteres": calendrier_dates.criteres(request),
        "deplace": any(x.parcours.pk in dates.deplacables for x in montrees),
    }
    return render(request, "programme/grappe_calendrier.html", contexte, status=status)


def _garder(ligne: LigneCalendrier, choix: Choix) -> bool:
    """Les sortis ne se dessinent que si on les demande."""
    etat = ligne.parcours.etat
    return etat == choix.etat if choix.etat else etat != EtatParcours.SORTI


def _csv(grappe: Grappe, vagues: list[VagueLue], au: date) -> StreamingHttpResponse:
    contenu = csv_en_flux(lecture.ENTETES, lecture.en_lignes(vagues))
    nom = f"calendrier-{slugify(grappe.nom)}-{au:%Y-%m-%d}.csv"
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return StreamingHttpResponse(contenu, content_type="text/csv; charset=utf-8", headers=entetes)


def _gantt(vagues: list[VagueLue], choix: Choix, au: date, dates: calendrier_dates.Dates) -> dict[str, Any]:
    jours = [j for v in vagues for x in v.lignes for j in x.trajet.jours()]
    fenetres = [j for v in vagues if v.vague for j in (v.vague.debut, v.vague.fin)]
    axe = echelle.echelle([*jours, *fenetres], au, choix.pas)
    tout = choix.deplier == "tout" or bool(choix.vague or choix.etat) or len(jours) == 0
    tout = tout or sum(len(v.lignes) for v in vagues) <= TOUS_DEPLIES
    dessinees = []
    for v in vagues:
        fenetre = v.fenetre
        touchee = any(x.parcours.pk == dates.ouvert for x in v.lignes)
        ouverte = touchee or (choix.deplier != "rien" and (tout or _se_joue(fenetre, au)))
        lignes = [_dessiner(ligne, choix, axe, au, dates) for ligne in v.lignes]
        dessinees.append(VagueDessinee(v, fenetre, gantt.bande(fenetre, axe, au), lignes, ouverte))
    occupes = [(x.ligne, dates.conflits[x.ligne.parcours.pk]) for v in dessinees for x in v.lignes if x.conflits]
    return {"vagues": dessinees, "axe": axe, "ici": axe.x(au), "hauteur": gantt.HAUTEUR, "occupes": occupes}


def _se_joue(f: gantt.Fenetre, au: date) -> bool:
    """Une vague commencée, et pas finie."""
    return not f.est_finie and bool(f.premiere or (f.debut and f.debut <= au))


def _dessiner(
    ligne: LigneCalendrier, choix: Choix, axe: echelle.Echelle, au: date, dates: calendrier_dates.Dates
) -> LigneDessinee:
    segments, cle = gantt.segments(ligne.trajet, au, choix.couches), ligne.parcours.pk
    occupe = dates.conflits.get(cle, [])
    marques = gantt.conflits([(c.debut, c.dernier_jour, str(c)) for c in occupe], axe)
    phrase = " ; ".join([gantt.en_phrase(segments), *(f"pendant ce temps : {m.mot}" for m in marques)])
    formulaire = dates.formulaire if cle == dates.ouvert else None
    barres = gantt.barres(segments, axe)
    return LigneDessinee(ligne, barres, phrase, marques, cle in dates.deplacables, formulaire)


def _glissement(vagues: list[VagueLue], lignes: list[LigneCalendrier], au: date) -> dict[str, Any]:
    etapes = lecture.glissement_par_etape(lignes, au)
    des_vagues = lecture.glissement_par_vague(vagues, au)
    axe = glissement.axe(b for _, b in [*etapes, *des_vagues])
    return {
        "axe_jours": axe,
        "par_etape": [_en_dessin(nom, b, axe) for nom, b in etapes],
        "par_vague": [_en_dessin(nom, b, axe) for nom, b in des_vagues],
        "sans_reference": lecture.sans_reference(lignes),
        "mesures": sum(b.nombre for _, b in etapes),
    }


def _en_dessin(nom: str, b: glissement.Bilan, axe: glissement.Axe) -> GlissementDessine:
    mediane = None if b.mediane is None else axe.x(b.mediane)
    gauche, droite = axe.x(b.minimum or 0), axe.x(b.maximum or 0)
    return GlissementDessine(nom, b, axe.points(b.ecarts), mediane, (gauche, round(droite - gauche, 2)))


def _commandes(request: Requete, choix: Choix, toutes: list[LigneCalendrier], grappe: Grappe) -> dict[str, Any]:
    """Les liens et les listes qui changent ce qu'on voit, chacun à sa propre adresse."""

    def adresse(**valeurs: Any) -> str:
        lu = request.GET.copy()
        for nom in calendrier_dates.PROPRES:
            lu.pop(nom, None)
        for nom, valeur in valeurs.items():
            lu.setlist(nom, valeur if isinstance(valeur, list) else [valeur])
        return f"?{lu.urlencode()}"

    def bascule(couche: str) -> list[str]:
        return [c for c, _ in COUCHES if (c in choix.couches) != (c == couche)]

    return {
        "echelles": [(mot, adresse(echelle=pas), pas == choix.pas) for pas, mot in ECHELLES],
        "couches": [(mot, adresse(montrer=bascule(c)), c in choix.couches) for c, mot in COUCHES],
        "etats": lecture.etats_presents(toutes),
        "cles_de_vague": [(v.cle, v.nom) for v in lecture.par_vague(grappe, toutes)],
        "url_csv": adresse(format="csv"),
        "url_tout": adresse(deplier="tout"),
        "url_rien": adresse(deplier="rien"),
    }
