"""Ce que montre la page d'un parcours, morceau par morceau ; chaque fonction rend de quoi remplir un gabarit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from programme.enums import FRISE_GRAPPE, EtatGrappe, EtatOuverture, EtatParcours, role_a_l_ecran
from programme.models import Ouverture, Parcours, Proposition, Verification
from programme.permissions import peut_choisir_vague, peut_conduire, peut_constater
from programme.services.interlocuteurs import carte_de
from programme.services.lecture_actions import encart_de
from programme.services.lecture_parcours import frise_de as frise_de
from programme.services.lecture_parcours import qui_decide as qui_decide
from programme.services.lecture_parcours import reste_de as reste_de
from programme.services.parcours import PASSAGES_DU_DIRECTEUR
from programme.services.reserves import Reserve, reserves_de
from programme.socle.conditions import Constat, evaluer
from programme.socle.dates import date_courte, jour_mois
from programme.socle.decomptes import compter
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
APRES_CONVENTION = FRISE_GRAPPE[FRISE_GRAPPE.index(EtatGrappe.CONVENTIONNEE) : -1]
A_OUVRIR = (EtatOuverture.A_PREPARER, EtatOuverture.PRETE)


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


# --- arrivée tardive -----------------------------------------------------------------------------------------------


def entourage(parcours: Parcours, au: date, *, par: Any, confie: bool) -> dict[str, Any]:
    """À qui s'adresser et, pour qui lit la préparation, ce qui est arrivé à l'ESMS et attend une suite."""
    return {
        "evenements": parcours.esms.evenements.a_traiter() if confie else [],
        "arrivee": arrivee_tardive(parcours, par=par) if confie else [],
        "carte": carte_de(parcours.esms, par=par, au=au),
        "actions": encart_de(parcours, par=par, au=au) if confie else None,
    }


def arrivee_tardive(parcours: Parcours, *, par: Any) -> list[tuple[str, str, str]]:
    """Entré dans une grappe déjà conventionnée et pas encore parti : les pas qui le raccrochent (texte, lien, mot)."""
    grappe = parcours.grappe
    if parcours.version or parcours.etat != EtatParcours.RECENSE or grappe.etat not in APRES_CONVENTION:
        return []
    convention = Passage.objects.de(grappe).filter(vers__in=APRES_CONVENTION).order_by("enregistre_le").first()
    if convention is None or parcours.cree_le < convention.enregistre_le:
        return []
    conduit, pas = bool(peut_conduire(par, parcours)), []
    avenant = _adresse("avenant-creer", grappe.pk) if conduit else ""
    pas.append(("L'avenant d'entrée se consigne dans la convention de la grappe.", avenant, "Consigner l'avenant"))
    if parcours.vague is None:
        champ = f"{reverse('programme:parcours-modifier', args=[parcours.pk])}#id_vague"
        choisit = peut_choisir_vague(par, parcours)
        pas.append(("Sa vague de déploiement est à choisir.", champ if choisit else "", "Choisir la vague"))
    constat = reverse("programme:passage", args=["parcours", parcours.pk, "constater"])
    texte = "S'il est déjà plus loin, constatez sa situation ; sinon, sa direction l'engage."
    pas.append((texte, constat if peut_constater(par, parcours) else "", "Constater la situation"))
    acquis = Verification.objects.visibles_par(par).filter(grappe=grappe, og__isnull=True, parcours__isnull=True)
    if noms := liste(f"{v.get_type_display()} du {date_courte(v.prononcee_le)}" for v in acquis):
        pas.append((f"Déjà acquis pour toute la grappe, rien à refaire : {noms}.", "", ""))
    return pas


def _adresse(route: str, cle: int) -> str:
    try:
        return reverse(f"programme:{route}", args=[cle])
    except NoReverseMatch:
        return ""


# --- journal -------------------------------------------------------------------------------------------------------


def _dossier(p: Passage) -> str:
    """L'adresse du dossier de ce passage, s'il a été décidé par la direction de l'ESMS."""
    if p.transition not in PASSAGES_DU_DIRECTEUR:
        return ""
    return f"{reverse('programme:parcours-feu-vert', args=[p.objet_id])}?passage={p.pk}"


def _ligne_de_passage(p: Passage, objet: str, etats: dict[str, str], confie: bool) -> dict[str, Any]:
    titre = f"{etats.get(p.de, p.de)} → {etats.get(p.vers, p.vers)}"
    qui = "Constaté" if p.nature == "constat" else "Décidé"
    texte = f"{qui} par {p.par} ({role_a_l_ecran(p.role).lower()})."
    return {
        "date": p.date_effet,
        "rang": p.pk,
        "genre": "ouverture" if objet else "passage",
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
        "genre": "proposition",
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
    lignes = [_ligne_de_passage(p, "", etats, confie) | {"dossier": _dossier(p) if confie else ""} for p in passages]
    lignes += _passages_groupes(
        Passage.objects.de_plusieurs(Ouverture, list(ouvertures)).select_related("par"), ouvertures, confie
    )
    for o in ouvertures.values():
        if o.retire_le:
            lignes.append({"date": o.retire_le, "rang": 0, "genre": "ouverture", "texte": f"{o.unite}, {o.module}.",
                           "titre": f"{o.ancien_support or 'Ancien support'} retiré"})  # fmt: skip
    reportees = parcours.propositions.filter(issue="reportee").select_related("proposee_par", "close_par")
    lignes += [_ligne_de_report(r) for r in reportees] if confie else []
    return sorted(lignes, key=lambda ligne: (ligne["date"], ligne["rang"]), reverse=True)


def journal_d_ouverture(passages: Iterable[Passage], *, confie: bool) -> list[dict[str, Any]]:
    """Passages d'une seule ouverture, le plus récent d'abord."""
    etats = dict(EtatOuverture.choices)
    return [_ligne_de_passage(p, "", etats, confie) for p in reversed(list(passages))]
