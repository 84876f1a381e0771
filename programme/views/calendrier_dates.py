"""Déplacer, depuis le calendrier, les dates d'un ESMS : ce que la page en montre, ce qu'elle propose d'annuler."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core import signing

from programme.forms.dates import DeplacerDatesForm
from programme.models import ConflitCalendrier, Etape, Parcours
from programme.permissions import peut_saisir
from programme.services.calendrier import LigneCalendrier
from programme.socle import versions
from programme.views.requete import Requete

PROPRES = ("deplacer", "avant", "format")
SEL = "calendrier-annuler"


@dataclass(slots=True)
class Dates:
    """Qui se déplace, ce qui occupe chacun, et le formulaire ouvert (`ouvert` : la clé de son ESMS)."""

    deplacables: set[int] = field(default_factory=set)
    conflits: dict[int, list[ConflitCalendrier]] = field(default_factory=dict)
    ouvert: int = 0
    formulaire: DeplacerDatesForm | None = None


def est_deplacable(request: Requete, ligne: LigneCalendrier) -> bool:
    """Vrai si cette personne révise les dates de cet ESMS, et s'il lui en reste à atteindre."""
    reste = any(not d.reelle for d in ligne.toutes_les_dates)
    return ligne.trajet.arret is None and reste and bool(peut_saisir(request.user, ligne.parcours))


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
    return DeplacerDatesForm(
        donnees, parcours=ligne.parcours, vu=jeton_de(ligne.parcours), lignes=ligne.toutes_les_dates
    )


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


def en_adresse(parcours: Parcours, avant: dict[str, date | None]) -> str:
    """Les dates d'avant, pour qui voudra les remettre, et l'écriture qui vient de les changer ; signé.

    Sans quoi un lien donné par un autre écrirait, sous le mot « Annuler », les dates qu'il veut.
    """
    jours = {etat: jour.isoformat() if jour else "" for etat, jour in avant.items()}
    return signing.dumps({"parcours": parcours.pk, "avant": jours, "vu": jeton_de(parcours)}, salt=SEL)


def a_annuler(request: Requete, lignes: Iterable[LigneCalendrier]) -> dict[str, Any] | None:
    """Les dates qu'on vient de déplacer et leur valeur d'avant.

    Rien si l'adresse est fausse, le droit perdu, ou si quelqu'un a changé ces dates depuis.
    """
    try:
        lue = signing.loads(request.GET.get("avant", ""), salt=SEL)
    except signing.BadSignature:
        return None
    ligne = next((x for x in lignes if x.parcours.pk == lue["parcours"]), None)
    if ligne is None or not est_deplacable(request, ligne) or jeton_de(ligne.parcours) != lue["vu"]:
        return None
    connues = {d.etat for d in ligne.toutes_les_dates if not d.reelle}
    avant = {etat: jour for etat, jour in lue["avant"].items() if etat in connues}
    return {"parcours": ligne.parcours, "avant": avant, "vu": lue["vu"]} if avant else None
