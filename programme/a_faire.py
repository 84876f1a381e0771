"""Ce que le programme met à l'accueil : décider, répondre une fois pour plusieurs ESMS, tenir ses dates, conduire."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from programme.enums import EtatOuverture, EtatParcours, NatureFait, Portee, Role
from programme.models import Affectation, Esms, Etape, Grappe, Ouverture, Parcours, Proposition
from programme.permissions import affectes_sur
from programme.services.dates import depassees
from programme.services.parcours import NOMS_DES_PASSAGES
from programme.services.propositions import dates_prevues, sans_direction
from programme.services.reports import Report, reports_en_cours
from programme.services.reserves import Reserve, reserves_de
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.conditions import Constat, compter, evaluer
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde, liste
from programme.socle.texte import en_phrase
from programme.titres import TITRES_FAITS, TITRES_FICHE, libelle_de_date

ACTIFS = {Role.DIRECTEUR, Role.REFERENT, Role.SIEGE, Role.CHEF_PROJET}
REPONDENT = {Role.DIRECTEUR, Role.REFERENT, Role.SIEGE}
AU_SIEGE = {"cse", "aipd", "hebergement", "prerequis", "materiel", "reprise", "arrivants"}
OUVRENT = (EtatParcours.PREPARATION, EtatParcours.PILOTE, EtatParcours.OUVERTURE)
RECENT = timedelta(days=30)
PLANCHER = {"cse", "aipd", "hebergement"}


@dataclass(slots=True)
class Vu:
    """Un parcours en cours, les rôles qu'on y tient, ses constats pour la suite et pour ouvrir ses unités.

    `report` : la direction a répondu « plus tard » au passage qui attend ; `reserves` : ce qu'elle a promis.
    """

    parcours: Parcours
    roles: frozenset[str]
    constats: list[Constat] = field(default_factory=list)
    a_ouvrir: list[Constat] = field(default_factory=list)
    reserves: list[Reserve] = field(default_factory=list)
    report: Report | None = None

    @property
    def manques(self) -> dict[str, Constat]:
        """Ce qui reste à réunir, par code, réserves comprises."""
        restent = [c for c in [*self.a_ouvrir, *self.constats] if c.manque]
        return {c.condition.code: c for c in [*(r.constat for r in self.reserves), *restent]}

    def reserve_de(self, code: str) -> Reserve | None:
        """La réserve qui porte sur cette condition, s'il y en a une."""
        return next((r for r in self.reserves if r.constat.condition.code == code), None)


def parcours_vus(demande: Demande) -> list[Vu]:
    """Parcours en cours où cette personne agit, mesurés une seule fois par demande."""
    return demande.une_fois("parcours", lambda: list(_lire_parcours(demande)))


def _lire_parcours(demande: Demande) -> Iterator[Vu]:
    if not ACTIFS & set(demande.utilisateur.perimetre.roles):
        return
    vus: dict[int, Vu] = {}
    for p in Parcours.objects.visibles_par(demande.utilisateur).en_cours().pour_lecture():
        roles = frozenset(a.role for a in affectes_sur(demande.utilisateur, p))
        if roles & ACTIFS:
            vus[p.pk] = Vu(p, roles)
    par_transition: dict[str, list[int]] = {}
    for vu in vus.values():
        par_transition.setdefault(vu.parcours.prochaine, []).append(vu.parcours.pk)
    for transition, cles in sorted(par_transition.items()):
        if transition:
            for cle, constats in evaluer(Parcours.objects.filter(pk__in=cles), transition).items():
                vus[cle].constats = constats
    _lire_ouvertures(vus)
    _lire_suites(vus, demande)
    yield from vus.values()


def _lire_suites(vus: dict[int, Vu], demande: Demande) -> None:
    """Ce qui a été promis au dernier passage, ce qui a été reporté."""
    for cle, reserves in reserves_de(v.parcours for v in vus.values()).items():
        vus[cle].reserves = reserves
    for cle, report in reports_en_cours(vus, demande.au).items():
        if report.transition == vus[cle].parcours.prochaine:
            vus[cle].report = report


def _lire_ouvertures(vus: dict[int, Vu]) -> None:
    """Ce qui manque pour ouvrir les unités d'un ESMS : les faits sont à l'ESMS, une unité parle pour toutes."""
    cles = [v.parcours.pk for v in vus.values() if v.parcours.etat in OUVRENT]
    fermees = Ouverture.objects.filter(
        unite__parcours__in=cles, etat__in=[EtatOuverture.A_PREPARER, EtatOuverture.PRETE]
    )
    a_qui = dict(fermees.values_list("pk", "unite__parcours"))
    for cle, constats in evaluer(fermees, "ouvrir").items():
        vus[a_qui[cle]].a_ouvrir = [c for c in constats if c.condition.code != "parcours_ouvert"]


def _page(p: Parcours) -> str:
    return reverse("programme:parcours-detail", args=[p.pk])


def _lieu(p: Parcours) -> str:
    return f"{p.esms.nom}, {p.esms.ville}" if p.esms.ville else str(p.esms.nom)


def _verbe(transition: str) -> str:
    return str(Parcours.transitions()[transition].custom["verbe"])


# --- décider -------------------------------------------------------------------------------------------------------


def propositions_en_attente(demande: Demande) -> dict[int, Proposition]:
    """Propositions en attente des parcours vus, par parcours."""

    def lire() -> dict[int, Proposition]:
        cles = [v.parcours.pk for v in parcours_vus(demande)]
        lignes = Proposition.objects.en_attente().filter(parcours__in=cles).select_related("proposee_par")
        return {p.parcours_id: p for p in lignes}

    return demande.une_fois("propositions", lire)


def _etat_des_conditions(constats: list[Constat]) -> str:
    d = compter(constats)
    if not d.total:
        return "Aucune condition ne s'y oppose."
    if not d.reste:
        return f"Tout est réuni ({accorde(d.total, 'condition')})."
    debut = f"{accorde(d.reuni, 'condition réunie,conditions réunies')} sur {d.total}."
    barrent = [en_phrase(c.condition.libelle) for c in constats if c.barre]
    if barrent:
        return f"{debut} En attente de : {liste(barrent)}."
    avertissent = liste(en_phrase(c.condition.libelle) for c in constats if c.avertit)
    return (
        f"{debut} Avertit encore : {avertissent}. Vous pouvez passer, sous réserve : une ligne de motif, vue au COMOP."
    )


@inscrire("decider")
def decider(demande: Demande) -> Iterator[Ligne]:
    """Propositions du chef de projet, qui attendent le directeur."""
    attente = propositions_en_attente(demande)
    for vu in parcours_vus(demande):
        proposition = attente.get(vu.parcours.pk)
        if proposition is None or Role.DIRECTEUR not in vu.roles:
            continue
        p, transition = vu.parcours, proposition.transition
        constats = vu.constats if transition == p.prochaine else []
        barre = any(c.barre for c in constats)
        reserve = " sous réserve" if not barre and any(c.avertit for c in constats) else ""
        url = reverse("programme:passage", args=["parcours", p.pk, transition])
        passer = Bouton(_verbe(transition) + reserve, url, bool(reserve))
        lire = Bouton("Voir ce qui reste à réunir" if barre or reserve else "Voir l'ESMS", _page(p))
        reporter = Bouton("Reporter", reverse("programme:parcours-reporter", args=[p.pk, transition]))
        pour = f" pour le {date_courte(proposition.date_visee)}" if proposition.date_visee else ""
        propose = f"proposé par {proposition.proposee_par}{pour}"
        yield Ligne(
            titre=f"Décider {NOMS_DES_PASSAGES[transition]} : {p.esms.nom}",
            detail=f"{p.esms.ville} · {propose}" if p.esms.ville else propose,
            url=_page(p),
            urgence=Urgence.DECIDER,
            echeance=proposition.date_visee,
            texte=_etat_des_conditions(constats),
            gestes=(lire, reporter) if barre else (passer, reporter, lire),
        )


def _prets(demande: Demande) -> Iterator[Vu]:
    attente = propositions_en_attente(demande)
    for vu in parcours_vus(demande):
        if vu.constats and not vu.report and vu.parcours.pk not in attente and not any(c.manque for c in vu.constats):
            yield vu


def a_proposer(demande: Demande) -> dict[str, list[Parcours]]:
    """ESMS qui ont tout réuni et que l'on conduit sans les diriger, par passage à proposer."""
    rendu: dict[str, list[Parcours]] = {}
    for vu in _prets(demande):
        if Role.CHEF_PROJET in vu.roles and Role.DIRECTEUR not in vu.roles:
            rendu.setdefault(vu.parcours.prochaine, []).append(vu.parcours)
    return rendu


@inscrire("prets")
def prets(demande: Demande) -> Iterator[Ligne]:
    """Tout est réuni et rien n'est proposé : le directeur peut passer, le chef de projet peut proposer."""
    for vu in _prets(demande):
        p, transition = vu.parcours, vu.parcours.prochaine
        if Role.DIRECTEUR in vu.roles:
            passer = Bouton(_verbe(transition), reverse("programme:passage", args=["parcours", p.pk, transition]))
            yield Ligne(
                titre=f"{_verbe(transition)} : tout est réuni",
                detail=_lieu(p),
                url=_page(p),
                urgence=Urgence.DECIDER,
                texte="C'est vous qui choisissez le moment.",
                gestes=(passer, Bouton("Voir l'ESMS", _page(p))),
            )
    for transition, parcours in a_proposer(demande).items():
        envoi = _envoi(transition, parcours)
        seul = reverse("programme:parcours-proposer", args=[parcours[0].pk, transition])
        yield Ligne(
            titre=f"Proposer : {_verbe(transition).lower()}",
            detail=accorde(len(parcours), "ESMS a tout réuni,ESMS ont tout réuni") + " · le directeur décidera",
            url=seul if len(parcours) == 1 else f"{envoi['url']}?transition={transition}",
            urgence=Urgence.SUIVRE,
            liens=(Bouton(_lieu(parcours[0]), seul),) if len(parcours) == 1 else (),
            formulaire={"envoi": envoi} if len(parcours) > 1 else None,
        )


def _envoi(transition: str, parcours: list[Parcours]) -> dict[str, Any]:
    """De quoi proposer sur place à plusieurs directions : la date que prévoit chacun, et qui n'a pas de direction."""
    dates, vacants = dates_prevues(parcours, transition), sans_direction(parcours)
    return {
        "url": reverse("programme:proposer-en-lot"),
        "transition": transition,
        "lignes": [(p, dates.get(p.pk), p.pk in vacants) for p in parcours],
    }


# --- répondre ------------------------------------------------------------------------------------------------------


def _repond(vu: Vu, nature: str) -> bool:
    if vu.roles & {Role.DIRECTEUR, Role.REFERENT}:
        return True
    return Role.SIEGE in vu.roles and nature in AU_SIEGE


def faits_manquants(demande: Demande) -> dict[str, list[Vu]]:
    """ESMS à qui manque un fait pour la suite, les ouvertures ou une réserve, par nature, si l'on répond pour eux."""
    rendu: dict[str, list[Vu]] = {}
    for vu in parcours_vus(demande):
        for code in vu.manques:
            if code in NatureFait.values and _repond(vu, code):
                rendu.setdefault(code, []).append(vu)
    return rendu


def _urgence(vus: list[Vu], code: str) -> Urgence:
    """Ce qui barre presse ; ce qui sert à plusieurs aussi ; une promesse déjà passée au journal peut attendre."""
    if any(vu.manques[code].barre for vu in vus):
        return Urgence.REPONDRE
    partage = sum(vu.reserve_de(code) is None for vu in vus) > 1
    return Urgence.SUIVRE if partage else Urgence.PEUT_ATTENDRE


def _pour_qui(vus: list[Vu], code: str) -> str:
    if len(vus) > 1:
        return f"Demandé par {len(vus)} ESMS · répondez une fois"
    reserve = vus[0].reserve_de(code)
    return _lieu(vus[0].parcours) + (f" · passé sous réserve le {date_courte(reserve.depuis)}" if reserve else "")


@inscrire("faits")
def faits(demande: Demande) -> Iterator[Ligne]:
    """Un fait daté manque à un ou plusieurs ESMS : on y répond une fois."""
    for nature, vus in faits_manquants(demande).items():
        condition = vus[0].manques[nature].condition
        ensemble = len(vus) > 1
        commun = reverse("programme:faits-communs", args=[nature])
        seul = reverse("programme:parcours-fait", args=[vus[0].parcours.pk, nature])
        formulaire = {
            "nature": nature,
            "parcours": [vu.parcours for vu in vus],
            "url": commun,
            "date": libelle_de_date(nature),
            "reference": nature in PLANCHER,
        }
        yield Ligne(
            titre=TITRES_FAITS[NatureFait(nature)],
            detail=_pour_qui(vus, nature) + ("" if condition.est_legale else " · aucune pièce à joindre"),
            url=commun if ensemble else seul,
            urgence=_urgence(vus, nature),
            texte=condition.pourquoi,
            gestes=() if ensemble else (Bouton("Donner la date", seul),),
            formulaire=formulaire if ensemble else None,
        )


@inscrire("fiche")
def fiche(demande: Demande) -> Iterator[Ligne]:
    """Ce que la fiche d'un ESMS ne dit pas encore et que la suite demande."""
    manquent: dict[str, list[tuple[Parcours, Constat]]] = {}
    for vu in parcours_vus(demande):
        for code, constat in vu.manques.items():
            permis = {Role.DIRECTEUR} if code == "vague" else {Role.DIRECTEUR, Role.REFERENT}
            if code in TITRES_FICHE and vu.roles & permis:
                manquent.setdefault(code, []).append((vu.parcours, constat))
    for code, demandes in manquent.items():
        liens = tuple(Bouton(_lieu(p), constat.condition.lien(p)) for p, constat in demandes)
        barre = any(c.barre for _, c in demandes)
        yield Ligne(
            titre=TITRES_FICHE[code],
            detail=_lieu(demandes[0][0]) if len(demandes) == 1 else f"Demandé par {len(demandes)} ESMS",
            url=liens[0].url,
            urgence=Urgence.REPONDRE if barre else Urgence.PEUT_ATTENDRE,
            texte=demandes[0][1].condition.pourquoi,
            gestes=(Bouton("Compléter la fiche", liens[0].url),) if len(liens) == 1 else (),
            liens=liens if len(liens) > 1 else (),
        )


# --- tenir ses dates, conduire -------------------------------------------------------------------------------------


def etapes_depassees(demande: Demande) -> list[Etape]:
    """Par ESMS que l'on dirige ou conduit, son étape la plus en retard ; la plus ancienne d'abord."""
    vus = {v.parcours.pk: v.parcours for v in parcours_vus(demande) if v.roles & {Role.DIRECTEUR, Role.CHEF_PROJET}}
    etapes = list(depassees(vus, demande.au).values()) if vus else []
    for etape in etapes:
        etape.parcours = vus[etape.parcours_id]
    return etapes


@inscrire("dates")
def dates_depassees(demande: Demande) -> Iterator[Ligne]:
    """Étapes prévues avant aujourd'hui et pas atteintes."""
    etapes = etapes_depassees(demande)
    if not etapes:
        return
    liens = tuple(
        Bouton(
            f"{_lieu(e.parcours)} : {e.get_etat_display().lower()}, prévue le {date_courte(e.prevue)}",
            reverse("programme:parcours-dates", args=[e.parcours_id]),
        )
        for e in etapes
    )
    ensemble = Bouton("Les réviser sur une page", reverse("programme:dates-en-lot"))
    yield Ligne(
        titre="Réviser une date dépassée" if len(liens) == 1 else f"Réviser {len(liens)} dates dépassées",
        detail="La référence ne bouge pas ; une date révisée suffit, sans justification.",
        url=liens[0].url if len(liens) == 1 else ensemble.url,
        urgence=Urgence.SUIVRE,
        echeance=min((e.prevue for e in etapes if e.prevue), default=None),
        gestes=(ensemble,) if len(liens) > 1 else (),
        liens=liens,
    )


def _diriges(esms: Iterable[int], demande: Demande) -> set[int]:
    lignes = Affectation.objects.en_cours(demande.au).de_direction()
    directs = lignes.filter(esms__in=list(esms)).values_list("esms", flat=True)
    par_groupe = lignes.filter(groupe__esms__in=list(esms)).values_list("groupe__esms", flat=True)
    return set(directs) | set(par_groupe)


@inscrire("vacances")
def vacances(demande: Demande) -> Iterator[Ligne]:
    """ESMS sans direction dans Treille : une vacance avertit, elle ne bloque pas."""
    vus = [v.parcours for v in parcours_vus(demande) if v.roles & {Role.SIEGE, Role.CHEF_PROJET}]
    if not vus:
        return
    diriges = _diriges([p.esms_id for p in vus], demande)
    liens = {
        p.esms_id: Bouton(_lieu(p), reverse("programme:esms-detail", args=[p.esms.finess]))
        for p in vus
        if p.esms_id not in diriges
    }
    if liens:
        yield Ligne(
            titre="Nommer un directeur, un intérim ou un délégué",
            detail=accorde(len(liens), "ESMS est sans direction,ESMS sont sans direction") + " dans Treille",
            url=next(iter(liens.values())).url,
            urgence=Urgence.SUIVRE,
            liens=tuple(liens.values()),
        )


# --- premiers gestes -----------------------------------------------------------------------------------------------


@inscrire("grappes")
def grappes_vides(demande: Demande) -> Iterator[Ligne]:
    """Une grappe sans ESMS attend les siens ; un chef de projet sans grappe en monte une."""
    p = demande.utilisateur.perimetre
    if not p.tient(Role.CHEF_PROJET):
        return
    conduites = [a.cible for a in p.affectes if a.role == Role.CHEF_PROJET and a.portee == Portee.GRAPPE]
    vides = Grappe.objects.filter(pk__in=conduites).exclude(Exists(Parcours.objects.filter(grappe=OuterRef("pk"))))
    for grappe in vides:
        url = reverse("programme:grappe-ajouter", args=[grappe.pk])
        yield Ligne(
            titre=f"Ajouter des ESMS à la grappe {grappe}",
            detail="Collez des numéros FINESS, ou cherchez par nom et par ville",
            url=url,
            urgence=Urgence.REPONDRE,
            gestes=(Bouton("Ajouter des ESMS", url),),
        )
    if not conduites and not parcours_vus(demande):
        url = reverse("programme:grappe-creer")
        yield Ligne(
            titre="Monter votre première grappe",
            detail="Un nom, un porteur, puis ses ESMS",
            url=url,
            urgence=Urgence.REPONDRE,
            gestes=(Bouton("Créer une grappe", url),),
        )


@inscrire("annuaire")
def annuaire_vide(demande: Demande) -> Iterator[Ligne]:
    """Sans annuaire, rien ne commence."""
    if demande.utilisateur.perimetre.tient(Role.ADMIN) and not Esms.objects.exists():
        url = reverse("programme:import-finess")
        yield Ligne(
            titre="Charger l'annuaire FINESS",
            detail="FINESS+ ou l'extrait des établissements ; un aperçu avant d'écrire",
            url=url,
            urgence=Urgence.REPONDRE,
            gestes=(Bouton("Importer l'annuaire", url),),
        )
