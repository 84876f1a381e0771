"""Déplacer, depuis le calendrier, les dates d'un ESMS : ce que la page en montre, ce qu'elle propose d'annuler."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from programme.forms.dates import DeplacerDatesForm
from programme.models import ConflitCalendrier, Etape, Parcours
from programme.permissions import peut_saisir
from programme.services.calendrier import LigneCalendrier
from programme.socle import versions
from programme.views.requete import Requete

PROPRES = ("deplacer", "deplacees", "avant", "format")


@dataclass(slots=True)
class Dates:
    """Qui se déplace, ce qui occupe chacun, et le formulaire ouvert (`ouvert` : la clé de son ESMS)."""

    deplacables: set[int] = field(default_factory=set)
    conflits: dict[int, list[ConflitCalendrier]] = field(default_factory=dict)
    ouvert: int = 0
    formulaire: DeplacerDatesForm | None = None


def est_deplacable(request: Requete, ligne: LigneCalendrier) -> bool:
    """Vrai si cette personne révise les dates de cet ESMS, et s'il lui en reste à atteindre."""
    reste = any(not d.reelle for d in _lignes(ligne))
    return ligne.trajet.arret is None and reste and bool(peut_saisir(request.user, ligne.parcours))


def _lignes(ligne: LigneCalendrier) -> list[Any]:
    return ligne.toutes_les_dates


def preparer(request: Requete, lignes: list[LigneCalendrier], saisie: DeplacerDatesForm | None) -> Dates:
    """Lit ce qu'il faut, en un nombre constant de requêtes."""
    rendu = Dates({x.parcours.pk for x in lignes if est_deplacable(request, x)})
    cles = [x.parcours.pk for x in lignes]
    for c in ConflitCalendrier.objects.visibles_par(request.user).filter(parcours__in=cles):
        rendu.conflits.setdefault(c.parcours_id, []).append(c)
    demande = request.GET.get("deplacer", "")
    rendu.ouvert = saisie.parcours.pk if saisie else int(demande) if demande.isdecimal() and len(demande) < 19 else 0
    if rendu.ouvert not in rendu.deplacables:
        rendu.ouvert = 0
        return rendu
    ligne = next(x for x in lignes if x.parcours.pk == rendu.ouvert)
    rendu.formulaire = saisie or formulaire_de(ligne)
    return rendu


def formulaire_de(ligne: LigneCalendrier, donnees: Any = None) -> DeplacerDatesForm:
    """Les étapes encore à atteindre de cet ESMS."""
    return DeplacerDatesForm(donnees, parcours=ligne.parcours, vu=jeton_de(ligne.parcours), lignes=_lignes(ligne))


def jeton_de(parcours: Parcours) -> int:
    """Ce qui dira si une de ces dates a changé entre-temps."""
    return versions.jeton(Etape.history.filter(parcours=parcours))


def criteres(request: Requete, **plus: Any) -> str:
    """L'adresse de la page telle qu'on la regarde, sans ce qui tient à un déplacement ; `plus` s'y ajoute."""
    lu = request.GET.copy()
    for nom in PROPRES:
        lu.pop(nom, None)
    suite = urlencode(plus)
    return "&".join(morceau for morceau in (lu.urlencode(), suite) if morceau)


# --- annuler ---------------------------------------------------------------------------------------------------------


def en_adresse(avant: dict[str, date | None]) -> str:
    """« ouverture:2027-01-12,routine: » : les dates d'avant, pour qui voudra les remettre."""
    return ",".join(f"{etat}:{jour.isoformat() if jour else ''}" for etat, jour in avant.items())


def _lire(texte: str) -> dict[str, str]:
    couples = (morceau.partition(":") for morceau in texte.split(",")[:9])
    return {etat: jour for etat, _, jour in couples if not jour or _est_une_date(jour)}


def _est_une_date(texte: str) -> bool:
    try:
        date.fromisoformat(texte)
    except ValueError:
        return False
    return True


def a_annuler(request: Requete, lignes: Iterable[LigneCalendrier]) -> dict[str, Any] | None:
    """Les dates qu'on vient de déplacer et leur valeur d'avant ; rien si l'adresse est fausse ou le droit perdu."""
    deplacees = request.GET.get("deplacees", "")
    ligne = next((x for x in lignes if str(x.parcours.pk) == deplacees), None)
    if ligne is None or not est_deplacable(request, ligne):
        return None
    connues = {d.etat for d in _lignes(ligne) if not d.reelle}
    avant = {etat: jour for etat, jour in _lire(request.GET.get("avant", "")).items() if etat in connues}
    return {"parcours": ligne.parcours, "avant": avant, "vu": jeton_de(ligne.parcours)} if avant else None
