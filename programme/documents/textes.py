"""Les mots du dossier de feu vert : chaque fonction rend du JSON simple, que le gabarit ne fait que disposer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from programme.calculs.frise import LigneDates, Noeud
from programme.enums import EtatOuverture, role_a_l_ecran
from programme.models import Fait, Ouverture, Parcours, Proposition, Verification
from programme.services.reports import Report
from programme.socle.conditions import Constat
from programme.socle.dates import date_courte, date_longue, heure, jour_mois
from programme.socle.decompte import Decompte
from programme.socle.enums import Nature, Severite
from programme.socle.models import Derogation, Passage
from programme.socle.nombres import accorde, finess, liste
from programme.socle.porte import Lecture

STATUTS = {"passe": "franchi", "ici": "en ce moment", "a-venir": "à venir", "sans-objet": "sans objet ici"}


def instant(le: datetime) -> str:
    """« 24 novembre 2026 à 11 h 05 »."""
    return f"{date_longue(le.date())} à {heure(le)}"


def identite(parcours: Parcours) -> list[list[str]]:
    """Qui est cet ESMS, et dans quel projet : une suite de noms et de valeurs, sans ligne vide."""
    esms, grappe = parcours.esms, parcours.grappe
    lignes = [
        ("FINESS", finess(esms.finess)),
        ("Ville", esms.ville),
        ("Catégorie", str(esms.categorie)),
        ("Organisme gestionnaire", str(esms.og or "")),
        ("Grappe", str(grappe)),
        ("Vague de déploiement", _vague(parcours)),
        ("Solution", str(parcours.solution or "à choisir")),
        ("Type de projet", parcours.get_type_projet_display() + (", site pilote" if parcours.est_pilote else "")),
        ("Point de départ", parcours.get_point_depart_display() if parcours.point_depart else ""),
    ]
    return [[nom, valeur] for nom, valeur in lignes if valeur]


def _vague(parcours: Parcours) -> str:
    if parcours.vague is None:
        return "à choisir"
    return f"{parcours.vague.numero}, {parcours.vague.nom}" if parcours.vague.nom else str(parcours.vague.numero)


def alternative(noeuds: Iterable[Noeud]) -> str:
    """La frise, en une phrase pour qui ne voit pas le dessin."""
    dits = (f"{n.nom}, {STATUTS[n.statut]}" + (f" ({n.date})" if n.date else "") for n in noeuds)
    return f"Frise du parcours : {' ; '.join(dits)}."


def dire_date(ligne: LigneDates) -> list[str]:
    """Entrée en, référence, révisée, réelle, écart."""
    jours = [date_courte(jour) for jour in (ligne.reference, ligne.revisee, ligne.reelle)]
    return [ligne.nom, *jours, "dépassée" if ligne.depassee else ligne.ecart or "—"]


def a_decider(lecture: Lecture) -> str:
    """Ce que la porte répondrait, en une ou deux phrases."""
    d = lecture.decompte
    if lecture.obstacles:
        return f"Passage impossible aujourd'hui : {liste(o.mesure for o in lecture.obstacles)}."
    if not d.total:
        return "Ce passage ne demande aucune condition."
    compte = f"{accorde(d.total, 'condition')}, {accorde(d.reuni, 'réunie')}."
    restes = [
        accorde(nombre, mots)
        for nombre, mots in (
            (d.barre, "condition qui barre,conditions qui barrent"),
            (d.legal, "condition légale,conditions légales"),
            (d.avertit, "condition qui avertit,conditions qui avertissent"),
        )
        if nombre
    ]
    if not restes:
        return f"{compte} Tout est réuni : rien n'empêche ce passage."
    dit = f"{compte} {'Reste' if d.reste == 1 else 'Restent'} à réunir : {liste(restes)}."
    if lecture.sous_reserve:
        return f"{dit} Le passage peut se faire sous réserve, avec une ligne de motif."
    return dit


def dire_constat(constat: Constat | dict[str, Any]) -> dict[str, str]:
    """Une condition mesurée, du jour ou relue au journal ; `demande` (du jour seulement) : ce qui la réunirait."""
    if isinstance(constat, Constat):
        c, severite, mesure = constat.condition, constat.severite, constat.mesure
        libelle, source, demande = c.libelle, c.source, c.format(constat.seuil, constat.seuil)
    else:
        libelle, source, demande = constat["libelle"], constat["source"], ""
        severite, mesure = constat["severite"], constat["mesure"]
    mot = str(Severite(severite).label)
    return {
        "severite": severite,
        "mot": mot,
        "libelle": libelle,
        "mesure": mesure,
        "demande": demande,
        "source": source,
    }


def dire_levee(libelle: str, decision_citee: str, levee: Derogation | None = None) -> dict[str, str]:
    """Une condition levée : par quelle décision, jusqu'à quand (connu le jour même, pas au journal)."""
    return {"libelle": libelle, "decision": decision_citee, "jusqu": date_courte(levee.au) if levee else ""}


def dire_fait(fait: Fait) -> list[str]:
    """Un fait daté et sa référence."""
    return [fait.get_nature_display(), date_courte(fait.date), fait.reference or "—"]


def dire_verification(v: Verification) -> list[str]:
    """Vérification, issue, date du procès-verbal et référence, réserves."""
    portee = "pour cet ESMS" if v.parcours_id else "pour les ESMS de son OG" if v.og_id else "pour toute la grappe"
    reference = ", ".join(m for m in (date_courte(v.prononcee_le), v.reference) if m)
    return [v.get_type_display(), f"{v.get_issue_display()}, {portee}", reference, v.reserves or "—"]


def dire_proposition(p: Proposition) -> dict[str, str]:
    """Un passage proposé : qui, quand, pour quand, et le mot au directeur."""
    verbe = Parcours.transitions()[p.transition].custom["verbe"].lower()
    visee = f", pour le {date_courte(p.date_visee)}" if p.date_visee else ""
    le = date_courte(timezone.localtime(p.proposee_le).date())
    return {"titre": f"Proposé par {p.proposee_par} le {le}{visee} : {verbe}.", "mot": p.mot}


def dire_report(report: Report) -> dict[str, str]:
    """Un report qui court encore."""
    qui = f" par {report.proposition.close_par}" if report.proposition.close_par else ""
    titre = f"Reporté le {date_courte(report.le)}{qui}, au {date_courte(report.au)}."
    return {"titre": titre, "mot": report.proposition.reponse}


Case = tuple[Ouverture, str, Decompte | None]


def _dire_case(ouverture: Ouverture, etat: str, decompte: Decompte | None) -> dict[str, str]:
    detail = ""
    if decompte:
        visee = f", visée {jour_mois(ouverture.date_visee)}" if ouverture.date_visee else ""
        detail = f"{decompte.reuni}/{decompte.total}{visee}"
    return {"etat": etat, "mot": str(EtatOuverture(etat).label), "detail": detail}


def dire_grille(cases: Iterable[Case]) -> dict[str, Any] | None:
    """Modules en colonnes, unités en lignes, avec le compte de ce qui est ouvert ; None s'il n'y a rien."""
    modules: dict[int, Any] = {}
    unites: dict[int, Any] = {}
    par_cle: dict[tuple[int, int], dict[str, str]] = {}
    ouvertes = perimetre = 0
    for o, etat, decompte in cases:
        modules[o.module_id], unites[o.unite_id] = o.module, o.unite
        par_cle[o.unite_id, o.module_id] = _dire_case(o, etat, decompte)
        perimetre += etat != EtatOuverture.HORS_PERIMETRE
        ouvertes += etat in (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)
    if not unites:
        return None
    colonnes = sorted(modules.values(), key=lambda m: (m.ordre, m.nom))
    lignes = [
        {"nom": u.nom, "cases": [par_cle.get((u.pk, m.pk)) for m in colonnes]}
        for u in sorted(unites.values(), key=lambda u: (u.ordre, u.nom, u.pk))
    ]
    compte = f"{accorde(ouvertes, 'ouverte ou stabilisée,ouvertes ou stabilisées')} sur {perimetre} au périmètre"
    return {"modules": [m.nom for m in colonnes], "unites": lignes, "compte": compte}


def decision(passage: Passage, etats: dict[str, str]) -> dict[str, str]:
    """La décision, telle que le journal la garde."""
    sous_reserve = passage.nature == Nature.SOUS_RESERVE
    return {
        "issue": "Feu vert, sous réserve" if sous_reserve else "Feu vert",
        "etats": f"{etats.get(passage.de, passage.de)} → {etats.get(passage.vers, passage.vers)}",
        "par": str(passage.par),
        "fonction": role_a_l_ecran(passage.role),
        "date": date_longue(passage.date_effet),
        "enregistre": instant(timezone.localtime(passage.enregistre_le)),
        "motif": passage.motif,
        "rang": str(passage.rang),
        "empreinte": passage.empreinte,
        "precedente": passage.precedente,
    }
