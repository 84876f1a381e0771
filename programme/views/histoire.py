"""L'histoire d'un parcours : ce qui a eu lieu et ce qui est prévu, en un dessin et en un journal qui disent pareil."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from programme.dessins import chronologie, echelle, gantt
from programme.dessins.chronologie import Evenement
from programme.models import Ouverture, Parcours, Utilisateur, Verification
from programme.services.calendrier import trajet_de
from programme.socle.dates import date_courte
from programme.socle.nombres import liste
from programme.views import fiche


def histoire_de(parcours: Parcours, au: date, *, par: Utilisateur, confie: bool) -> dict[str, Any]:
    """Le journal, ce qui vient, et leur dessin. Sans `confie`, les jalons et le calendrier seuls."""
    trajet = trajet_de(parcours)
    evenements = [_evenement(ligne) for ligne in fiche.journal_de(parcours, confie=confie)]
    evenements += _verifications(parcours, par) + _prevues(trajet)
    if confie:
        evenements += [*_faits(parcours), *_propositions(parcours), *_visees(parcours), *_conflits(parcours, au)]
    venir, passes = chronologie.trier(evenements)
    return {
        "a_venir": [e.ligne for e in venir],
        "journal": [e.ligne for e in passes],
        "chronologie": _dessin(trajet, evenements, au),
    }


def _dessin(trajet: gantt.Trajet, evenements: list[Evenement], au: date) -> dict[str, Any] | None:
    """Rien tant qu'il n'y a pas deux dates à mettre en regard."""
    jours = {*trajet.jours(), *(e.le for e in evenements)}
    if len(jours) < 2:
        return None
    axe = echelle.echelle(jours, au)
    segments = gantt.segments(trajet, au)
    return {
        "axe": axe,
        "ici": axe.x(au),
        "hauteur": gantt.HAUTEUR,
        "etats": {"barres": gantt.barres(segments, axe), "phrase": gantt.en_phrase(segments)},
        "pistes": chronologie.pistes(evenements, axe),
    }


def _evenement(ligne: dict[str, Any], *, a_venir: bool = False) -> Evenement:
    return Evenement(ligne["date"], ligne["genre"], ligne["titre"], a_venir, ligne["rang"], ligne)


def _ligne(le: date, genre: str, titre: str, texte: str = "", nature: str = "") -> dict[str, Any]:
    return {"date": le, "rang": 0, "genre": genre, "titre": titre, "texte": texte, "nature": nature}


def _prevu(le: date, genre: str, titre: str, texte: str = "") -> Evenement:
    return _evenement(_ligne(le, genre, titre, texte, "prevu"), a_venir=True)


def _prevues(trajet: gantt.Trajet) -> list[Evenement]:
    """Les étapes encore à atteindre, à leur date révisée ou de référence."""
    rendu = []
    for etat, jour in trajet.prevues():
        dates = trajet.etapes[etat]
        revisee = dates.revisee is not None and dates.reference is not None
        texte = f"Révisée ; la référence est le {date_courte(dates.reference)}." if revisee else ""
        rendu.append(_prevu(jour, chronologie.PASSAGE, f"{etat.label} : date prévue", texte))
    return rendu


def _faits(parcours: Parcours) -> list[Evenement]:
    rendu = []
    for f in parcours.faits.select_related("saisi_par"):
        reference = f"{f.reference}. " if f.reference else ""
        rendu.append(_evenement(_ligne(f.date, "fait", f.get_nature_display(), f"{reference}Noté par {f.saisi_par}.")))
    return rendu


def _qui_le_concernent(parcours: Parcours, par: Utilisateur) -> QuerySet[Verification]:
    siennes = Q(parcours=parcours) | Q(og__isnull=True, parcours__isnull=True)
    if parcours.esms.og_id:
        siennes |= Q(og=parcours.esms.og_id)
    return Verification.objects.visibles_par(par).filter(siennes, grappe=parcours.grappe_id)


def _verifications(parcours: Parcours, par: Utilisateur) -> list[Evenement]:
    """VA et VSR de cet ESMS, de son organisme ou de toute la grappe ; ni référence, ni réserves."""
    rendu = []
    for v in _qui_le_concernent(parcours, par):
        objet = "cet ESMS" if v.parcours_id else "les ESMS de son organisme" if v.og_id else "toute la grappe"
        texte = f"{v.get_issue_display()}, pour {objet}."
        rendu.append(_evenement(_ligne(v.prononcee_le, "verification", v.get_type_display(), texte)))
    return rendu


def _propositions(parcours: Parcours) -> list[Evenement]:
    """Ce qui attend la réponse de la direction : au jour visé, à défaut au jour où c'est proposé."""
    rendu = []
    for p in parcours.propositions.en_attente().select_related("proposee_par"):
        le = timezone.localtime(p.proposee_le).date()
        verbe = str(Parcours.transitions()[p.transition].custom["verbe"]).lower()
        texte = f"Proposé par {p.proposee_par} le {date_courte(le)}, en attente de la direction."
        rendu.append(_prevu(p.date_visee or le, "proposition", f"Proposé : {verbe}", texte))
    return rendu


def _conflits(parcours: Parcours, au: date) -> list[Evenement]:
    """Ce qui occupe l'ESMS : à venir tant que ce n'est pas fini."""
    rendu = []
    for c in parcours.conflits.all():
        reste = c.dernier_jour >= au
        texte = f"{c.quand.capitalize()}. {c.note}".strip()
        ligne = _ligne(c.debut, "conflit", c.get_nature_display(), texte, "prevu" if reste else "")
        rendu.append(_evenement(ligne, a_venir=reste))
    return rendu


def _visees(parcours: Parcours) -> list[Evenement]:
    """Les ouvertures d'unités à venir ; celles d'un même jour et d'une même unité se lisent d'un trait."""
    groupes: dict[tuple[date, str], list[str]] = defaultdict(list)
    ouvertures = Ouverture.objects.filter(unite__parcours=parcours, etat__in=fiche.A_OUVRIR, date_visee__isnull=False)
    for o in ouvertures.select_related("unite", "module"):
        if o.date_visee:
            groupes[o.date_visee, str(o.unite)].append(str(o.module))
    return [
        _prevu(jour, "ouverture", f"{unite} : ouverture visée", f"{liste(sorted(modules))}.".capitalize())
        for (jour, unite), modules in groupes.items()
    ]
