"""Ce que montre la page d'un parcours, morceau par morceau ; chaque fonction rend de quoi remplir un gabarit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from programme import frise
from programme.enums import EtatOuverture, EtatParcours, role_a_l_ecran
from programme.models import Affectation, Ouverture, Parcours, Proposition
from programme.services.reserves import Reserve, reserves_de
from programme.socle.conditions import Constat, Decompte, compter, evaluer
from programme.socle.dates import date_courte, jour_mois
from programme.socle.models import Passage
from programme.socle.nombres import liste
from programme.socle.texte import en_phrase

RONDS = {
    EtatOuverture.A_PREPARER: ("preparer", "u-preparer"),
    EtatOuverture.PRETE: ("prete", "u-prete"),
    EtatOuverture.OUVERTE: ("ouverte", "u-ouverte"),
    EtatOuverture.STABILISEE: ("stabilisee", "u-stab"),
    EtatOuverture.HORS_PERIMETRE: ("hors", "minus"),
}
A_OUVRIR = (EtatOuverture.A_PREPARER, EtatOuverture.PRETE)


@dataclass(slots=True)
class Reste:
    """Les constats d'un passage, triés pour l'écran."""

    manques: list[tuple[Constat, str]]
    reunies: list[Constat]
    levees: list[Constat]
    masquees: list[Constat]
    decompte: Decompte


def reste_de(constats: Iterable[Constat], objet: Any) -> Reste:
    """Trie des constats : à réunir (ce qui barre d'abord), réunis, levés, masqués par la grappe."""
    constats = list(constats)
    manques = sorted((c for c in constats if c.manque), key=lambda c: (c.avertit, c.severite != "barre"))
    non_tenus = [c for c in constats if c.ok is False and not c.manque]
    return Reste(
        [(c, c.condition.lien(objet)) for c in manques],
        [c for c in constats if c.ok and c.severite != "masquee"],
        [c for c in non_tenus if c.levee_par],
        [c for c in constats if c.severite == "masquee" and c.ok is not None],
        compter(constats),
    )


def frise_de(parcours: Parcours, au: date) -> dict[str, Any]:
    """Frise et tableau des dates."""
    etapes = {e.etat: e for e in parcours.etapes.all()}
    absentes = frise.sans_objet(
        est_pilote=parcours.est_pilote,
        chemin_court=parcours.chemin_court,
        franchies=etapes,
        etat=parcours.etat_memoire if parcours.etat == EtatParcours.SUSPENDU else parcours.etat,
    )
    return {
        "frise": frise.noeuds(parcours.rang, etapes, absentes),
        "dates": frise.tableau(etapes, absentes, au),
        "a_figer": sum(bool(e.revisee and not e.reference) for e in etapes.values()),
    }


# --- ouvertures ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Case:
    """Une case de la grille."""

    ouverture: Ouverture
    classe: str
    rond: str
    detail: str


def _detail(ouverture: Ouverture, constats: list[Constat]) -> str:
    if ouverture.etat in A_OUVRIR:
        d = compter(constats)
        visee = f" · visée {jour_mois(ouverture.date_visee)}" if ouverture.date_visee else ""
        return f"{d.reuni}/{d.total}{visee}"
    if ouverture.retire_le and ouverture.ancien_support:
        return f"{ouverture.ancien_support} retiré le {jour_mois(ouverture.retire_le)}"
    if ouverture.ouverte_le and ouverture.etat != EtatOuverture.HORS_PERIMETRE:
        return f"depuis le {jour_mois(ouverture.ouverte_le)}"
    return ""


def _visees_trop_tot(parcours: Parcours, ouvertures: Iterable[Ouverture]) -> dict[str, Any] | None:
    """Unités qui visent une date d'avant celle où leur ESMS pourra ouvrir : l'une des deux est à revoir."""
    if parcours.prochaine not in ("engager", "preparer", "piloter", "ouvrir", "verifier_service"):
        return None
    etape = "pilote" if parcours.est_pilote else "service_regulier" if parcours.chemin_court else "ouverture"
    prevue = next((e.prevue for e in parcours.etapes.all() if e.etat == etape and not e.reelle), None)
    trop_tot = [o for o in ouvertures if o.etat in A_OUVRIR and o.date_visee and prevue and o.date_visee < prevue]
    return {"prevue": prevue, "ouvertures": trop_tot} if trop_tot else None


def reserves_en_mots(parcours: Parcours) -> list[tuple[Reserve, str]]:
    """Ce qui a été promis au dernier passage sous réserve et manque encore, avec l'endroit où le lever."""
    reserves = reserves_de([parcours]).get(parcours.pk, [])
    return [(r, r.constat.condition.lien(parcours)) for r in reserves]


def grille_de(parcours: Parcours) -> dict[str, Any]:
    """Grille unité × module, avec ce qui reste à réunir pour ouvrir, dit une fois pour toutes les cases."""
    ouvertures = Ouverture.objects.filter(unite__parcours=parcours).select_related("unite__parcours__esms", "module")
    constats = evaluer(ouvertures.filter(etat__in=A_OUVRIR), "ouvrir")
    modules: dict[int, Any] = {}
    cases: dict[tuple[int, int], Case] = {}
    a_ouvrir: dict[str, tuple[Constat, Ouverture, int]] = {}
    total = ouvertes = 0
    for o in sorted(ouvertures, key=lambda o: (o.module.ordre, o.module.nom)):
        modules[o.module_id] = o.module
        cases[o.unite_id, o.module_id] = Case(o, *RONDS[EtatOuverture(o.etat)], _detail(o, constats.get(o.pk, [])))
        total += o.etat != EtatOuverture.HORS_PERIMETRE
        ouvertes += o.etat in (EtatOuverture.OUVERTE, EtatOuverture.STABILISEE)
        for c in constats.get(o.pk, []):
            code = c.condition.code
            a_ouvrir[code] = (c, o, a_ouvrir[code][2] + 1 if code in a_ouvrir else 1)
    lignes = [(u, [cases.get((u.pk, m)) for m in modules]) for u in parcours.unites.all()]
    premiere = next((o for _, o, _ in a_ouvrir.values()), None)
    reste = reste_de([c for c, _, _ in a_ouvrir.values()], premiere) if premiere else None
    if reste:  # l'état de l'ESMS se lit et se change sur cette page : rien où mener
        reste.manques = [(c, "" if c.condition.code == "parcours_ouvert" else lien) for c, lien in reste.manques]
    return {
        "modules": list(modules.values()),
        "lignes": lignes,
        "nb_ouvertures": total,
        "nb_ouvertes": ouvertes,
        "reste_ouvrir": reste,
        "barre_d_abord": [en_phrase(c.condition.libelle) for c, _ in reste.manques if c.barre] if reste else [],
        "exemple": compter(constats[premiere.pk]) if premiere else None,
        "trop_tot": _visees_trop_tot(parcours, ouvertures),
        "nb_a_ouvrir": len(constats),
    }


# --- journal -------------------------------------------------------------------------------------------------------


def _ligne_de_passage(p: Passage, objet: str, etats: dict[str, str], confie: bool) -> dict[str, Any]:
    titre = f"{etats.get(p.de, p.de)} → {etats.get(p.vers, p.vers)}"
    qui = "Constaté" if p.nature == "constat" else "Décidé"
    texte = f"{qui} par {p.par} ({role_a_l_ecran(p.role).lower()})."
    return {
        "date": p.date_effet,
        "rang": p.pk,
        "titre": f"{objet} : {titre.lower()}" if objet else titre,
        "texte": f"{texte} Motif : « {p.motif} »" if p.motif and confie else texte,
        "nature": "decide" if p.nature == "sous_reserve" and not confie else p.nature,
        "constats": [c for c in p.constats if c["ok"] is not None] if confie else [],
        "non_reunis": sum(c["ok"] is False for c in p.constats),
    }


def _d_un_jour(chaine: list[Passage]) -> Passage:
    """Les passages d'une ouverture le même jour se lisent d'un trait : le départ du premier, l'arrivée du dernier.

    Le passage rendu n'est pas enregistré : il ne sert qu'à la lecture.
    """
    parlant = next((p for p in chaine if p.nature == "sous_reserve"), chaine[-1])
    motif = " ; ".join(dict.fromkeys(p.motif for p in chaine if p.motif))
    lu = Passage(pk=chaine[-1].pk, de=chaine[0].de, vers=chaine[-1].vers, nature=parlant.nature, motif=motif)
    lu.date_effet, lu.par, lu.role = parlant.date_effet, parlant.par, parlant.role
    lu.constats = next((p.constats for p in chaine if p.constats), [])
    return lu


def _passages_groupes(passages: Iterable[Passage], objets: dict[int, Ouverture], confie: bool) -> list[dict[str, Any]]:
    """Les unités ouvertes d'un coup se lisent en une ligne."""
    chaines: dict[tuple[Any, ...], list[Passage]] = defaultdict(list)
    for p in passages:
        chaines[p.objet_id, p.date_effet, p.par_id].append(p)
    groupes: dict[tuple[Any, ...], list[tuple[Ouverture, Passage]]] = defaultdict(list)
    for (cle, *_), chaine in chaines.items():
        p, o = _d_un_jour(chaine), objets[cle]
        groupes[o.unite_id, p.date_effet, p.par_id, p.de, p.vers, p.motif, p.nature].append((o, p))
    etats = dict(EtatOuverture.choices)
    return [
        _ligne_de_passage(g[-1][1], f"{g[0][0].unite}, {liste(sorted(str(o.module) for o, _ in g))}", etats, confie)
        for g in groupes.values()
    ]


def _ligne_de_report(r: Proposition) -> dict[str, Any]:
    verbe = Parcours.transitions()[r.transition].custom["verbe"].lower()
    au = f" au {date_courte(r.reportee_au)}" if r.reportee_au else ""
    par = f" par {r.close_par}" if r.close_par else ""
    return {
        "date": timezone.localtime(r.close_le).date(),
        "rang": 0,
        "titre": f"Report : {verbe}",
        "texte": f"Reporté{au}{par}. Motif : « {r.reponse} » Proposé par {r.proposee_par}.",
    }


def journal_de(parcours: Parcours, *, confie: bool) -> list[dict[str, Any]]:
    """Passages de l'ESMS et de ses unités, retraits d'anciens supports, reports ; le plus récent d'abord.

    Sans `confie`, les jalons seuls : ni motifs, ni constats, ni reports.
    """
    ouvertures = {o.pk: o for o in Ouverture.objects.filter(unite__parcours=parcours).select_related("unite", "module")}
    etats = dict(EtatParcours.choices)
    passages = Passage.objects.de(parcours).select_related("par")
    lignes = [_ligne_de_passage(p, "", etats, confie) for p in passages]
    lignes += _passages_groupes(
        Passage.objects.de_plusieurs(Ouverture, list(ouvertures)).select_related("par"), ouvertures, confie
    )
    for o in ouvertures.values():
        if o.retire_le:
            lignes.append({"date": o.retire_le, "rang": 0, "titre": f"{o.ancien_support or 'Ancien support'} retiré",
                           "texte": f"{o.unite}, {o.module}."})  # fmt: skip
    reportees = parcours.propositions.filter(issue="reportee").select_related("proposee_par", "close_par")
    lignes += [_ligne_de_report(r) for r in reportees] if confie else []
    return sorted(lignes, key=lambda ligne: (ligne["date"], ligne["rang"]), reverse=True)


# --- qui décide ----------------------------------------------------------------------------------------------------


def qui_decide(parcours: Parcours, au: date) -> str:
    """« Décide : Directrice du pôle (titulaire), ou … par délégation jusqu'au 31 déc. 2026. »"""
    cible = Q(esms=parcours.esms_id) | Q(groupe__esms=parcours.esms_id)
    directions = Affectation.objects.en_cours(au).de_direction().filter(cible).select_related("utilisateur").distinct()
    noms = []
    for a in directions:
        fin = f" jusqu'au {date_courte(a.au)}" if a.au else ""
        titre = "" if a.titre == "titulaire" else f", {a.get_titre_display().lower()}"
        noms.append(f"{a.utilisateur}{titre}{fin}")
    if not noms:
        return "Personne ne dirige cet ESMS dans Treille aujourd'hui : le siège ou le chef de projet nomme un intérim."
    return f"Décide : {' ; ou '.join(noms)}. Le chef de projet propose, le directeur choisit le moment."


def journal_d_ouverture(passages: Iterable[Passage], *, confie: bool) -> list[dict[str, Any]]:
    """Passages d'une seule ouverture, le plus récent d'abord."""
    etats = dict(EtatOuverture.choices)
    return [_ligne_de_passage(p, "", etats, confie) for p in reversed(list(passages))]
