"""Écrire une reprise, tout ou rien, par les services et la porte ; d'abord pour de faux, ligne à ligne.

L'essai se fait par petits paquets, chacun défait aussitôt : la base reste à tous, et l'avancement se voit.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.enums import FRISE_PARCOURS, EtatParcours, Portee, Role, Titre, TypeProjet
from programme.models import Affectation, Esms, Grappe, Parcours, Utilisateur, Vague
from programme.permissions import peut_affecter
from programme.services.conduite import consigner_verification, enregistrer_vague
from programme.services.grappes import ajouter_esms
from programme.services.parcours import constater, modifier_fiche, reviser_dates
from programme.services.perimetre import affecter, clore, inviter
from programme.services.reprise.comparaison import comparer, raison_de_sortie
from programme.services.reprise.plan import LigneComparee, Personne, Plan
from programme.services.reprise.situation import DE_COTE, FICHE, ROLES, TYPES, Situation
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.texte import normaliser

MOTIF = "Situation reprise du classeur de la grappe"
FAUTES = "Le classeur a des fautes : rien n'est écrit tant qu'il en reste une."
PERIME = "Les données ont changé depuis l'aperçu : rien n'est écrit. Refaites l'aperçu, puis relisez-le."
PAR_PAQUET = 10
IDENTIFIANT_MAXIMAL = 60
Temoin = Callable[[int], None]


class LigneRefusee(Exception):
    """Un service refuse ce qu'une ligne demande : (colonne, phrase), une ou plusieurs."""

    def __init__(self, fautes: list[tuple[str, str]]) -> None:
        super().__init__(fautes)
        self.fautes = fautes


class PersonneRefusee(Exception):
    """Un rôle ne se confie pas d'ici : le reste de la ligne n'y est pour rien."""

    def __init__(self, qui: str, motif: str) -> None:
        super().__init__(qui, motif)
        self.qui, self.motif = qui, motif


@contextmanager
def _sous(colonne: str, champs: dict[str, str] | None = None) -> Iterator[None]:
    """Range un refus de service sous la colonne du classeur qui l'a causé."""
    try:
        yield
    except Refus as refus:
        traduits = champs or {}
        fautes = [(traduits.get(c, colonne), phrase) for c, phrases in refus.champs.items() for phrase in phrases]
        raise LigneRefusee(fautes or [(colonne, refus.motif)]) from refus


# --- l'essai -------------------------------------------------------------------------------------------------------


def essayer(plan: Plan, *, par: Utilisateur, temoin: Temoin = lambda _: None) -> None:
    """Écrit pour de faux, défait tout, et range les refus sous les lignes qui les ont causés.

    Un rôle que l'on ne peut pas confier d'ici est écarté, avec sa raison : ce n'est pas une faute du classeur.
    `temoin` reçoit, entre deux paquets, le nombre de lignes déjà essayées.
    """
    retenues = plan.retenues
    for debut in range(0, len(retenues), PAR_PAQUET):
        with transaction.atomic():
            _essayer_le_paquet(plan, retenues[debut : debut + PAR_PAQUET], par)
            transaction.set_rollback(True)
        temoin(min(debut + PAR_PAQUET, len(retenues)))


def _essayer_le_paquet(plan: Plan, lignes: list[LigneComparee], par: Utilisateur) -> None:
    vagues = _creer_les_vagues(plan, par)
    try:
        with transaction.atomic():
            parcours = _faire_entrer(plan.grappe, lignes, par)
    except LigneRefusee:
        # Un seul fait refuser les autres : on les essaie un à un, pour dire lequel.
        parcours = {}
        for ligne in lignes:
            try:
                with transaction.atomic():
                    parcours |= _faire_entrer(plan.grappe, [ligne], par)
            except LigneRefusee as refus:
                _reporter(ligne, refus)
    for ligne in lignes:
        if ligne.fautes:
            continue
        try:
            with transaction.atomic():
                _ecrire_la_ligne(plan, ligne, parcours[ligne.cle], vagues, par)
                _ecrire_la_verification(plan, ligne, parcours[ligne.cle], par, tous=True)
        except LigneRefusee as refus:
            _reporter(ligne, refus)
        for qui in list(ligne.personnes):
            try:
                with transaction.atomic():
                    _nommer(ligne, qui, par)
            except PersonneRefusee as refuse:
                plan.ecartees[ligne.cle, qui] = refuse.motif
                ligne.ecarter_la_personne(qui, refuse.motif)


def _reporter(ligne: LigneComparee, refus: LigneRefusee) -> None:
    for colonne, phrase in refus.fautes:
        ligne.refuser(colonne, phrase)


# --- l'écriture ----------------------------------------------------------------------------------------------------


@transaction.atomic
def ecrire(plan: Plan, *, par: Utilisateur, continuer: Callable[[], None] = lambda: None) -> list[int]:
    """Écrit tout le plan, ou rien ; rend les clés des affectations dont le compte reste à inviter.

    Lève `Refus` comme le feraient les pages, et « concurrence » si la base ne dit plus ce que la comparaison a lu.
    `continuer` est appelé entre deux lignes : lever l'arrête sans rien écrire.
    """
    if plan.fautives:
        raise Refus("champ", FAUTES)
    Grappe.objects.select_for_update(of=("self",)).get(pk=plan.grappe.pk)
    if comparer(plan.grappe, plan.lues, par=par, ecartees=plan.ecartees).empreinte != plan.empreinte:
        raise Refus("concurrence", PERIME)
    lignes = plan.retenues
    try:
        vagues = _creer_les_vagues(plan, par)
        parcours = _faire_entrer(plan.grappe, lignes, par)
        a_inviter = []
        for ligne in lignes:
            continuer()
            _ecrire_la_ligne(plan, ligne, parcours[ligne.cle], vagues, par)
            _ecrire_la_verification(plan, ligne, parcours[ligne.cle], par)
            a_inviter += [a.pk for qui in ligne.personnes if (a := _nommer(ligne, qui, par)) is not None]
        for code, (jour, issue) in plan.communes.items():
            with _sous(f"{code}_date"):
                consigner_verification(grappe=plan.grappe, par=par, type=TYPES[code], issue=issue, prononcee_le=jour)
    except LigneRefusee as refus:
        raise Refus("champ", " ".join(phrase for _, phrase in refus.fautes)) from refus
    except PersonneRefusee as refuse:
        raise Refus("droit", refuse.motif) from refuse
    return a_inviter


def _creer_les_vagues(plan: Plan, par: Utilisateur) -> dict[int, Vague]:
    """Toutes les vagues de la grappe, par numéro, celles que le classeur ajoute comprises."""
    for numero in plan.vagues:
        with _sous("vague"):
            enregistrer_vague(grappe=plan.grappe, par=par, numero=numero)
    return {vague.numero: vague for vague in plan.grappe.vagues.all()}


def _faire_entrer(grappe: Grappe, lignes: list[LigneComparee], par: Utilisateur) -> dict[str, Parcours]:
    """Le parcours de chaque ligne, par FINESS ; les ESMS absents entrent, par type de projet et solution."""
    rendu = {ligne.cle: _situation(ligne).parcours for ligne in lignes}

    def nature(ligne: LigneComparee) -> tuple[str, int]:
        return ligne.ecarts.get("type_projet", ("", TypeProjet.ACQUISITION))[1], _solution(ligne)

    entrantes = sorted((ligne for ligne in lignes if ligne.est_creee), key=nature)
    for (type_projet, _), groupe in groupby(entrantes, key=nature):
        ensemble = list(groupe)
        with _sous("finess", {"type_projet": "type_projet"}):
            crees = ajouter_esms(
                grappe=grappe,
                esms=[_situation(ligne).esms for ligne in ensemble],
                par=par,
                type_projet=type_projet,
                solution=ensemble[0].solution,
            )
        rendu |= {p.esms.finess: p for p in crees}
    return {cle: parcours for cle, parcours in rendu.items() if parcours is not None}


def _situation(ligne: LigneComparee) -> Situation:
    assert ligne.situation is not None  # une ligne à écrire a toujours son ESMS
    return ligne.situation


def _solution(ligne: LigneComparee) -> int:
    return ligne.solution.pk if ligne.solution else 0


def _ecrire_la_ligne(
    plan: Plan, ligne: LigneComparee, parcours: Parcours, vagues: dict[int, Vague], par: Utilisateur
) -> None:
    # Les dates prévues d'abord : une étape constatée ne se révise plus.
    prevues = {c.partition(":")[2]: v[1] for c, v in ligne.ecarts.items() if c.startswith("prevue:")}
    if prevues:
        with _sous("etat", {etat: f"prevue:{etat}" for etat in FRISE_PARCOURS}):
            reviser_dates(parcours=parcours, dates=prevues, par=par)
    fiche = {c: ligne.ecarts[c][1] for c in FICHE if c in ligne.ecarts}
    if "vague" in fiche:
        fiche["vague"] = vagues[fiche["vague"]]
    if fiche:
        with _sous("etat", {c: c for c in FICHE}):
            modifier_fiche(parcours=parcours, valeurs=fiche, par=par)
    if "etat" in ligne.ecarts:
        _constater(ligne, plan, parcours, ligne.ecarts["etat"][1], par)


def _constater(ligne: LigneComparee, plan: Plan, parcours: Parcours, vers: str, par: Utilisateur) -> None:
    """Un suspendu, un sorti se constatent à leur dernière étape datée, puis se mettent de côté."""
    etapes = {etat.value: ligne.reelles[etat.value] for etat in FRISE_PARCOURS if etat.value in ligne.reelles}
    etat = vers if vers in FRISE_PARCOURS else next(reversed(etapes), EtatParcours.RECENSE.value)
    champs = {f"etape_{e}": f"date:{e}" for e in FRISE_PARCOURS} | {"vers": "etat"}
    if etat != EtatParcours.RECENSE:
        with _sous("etat", champs | {"date_effet": f"date:{etat}"}):
            constater(parcours=parcours, vers=etat, par=par, etapes=etapes, motif=MOTIF)
    if vers in DE_COTE:
        suspendre = vers == EtatParcours.SUSPENDU
        details: dict[str, Any] = {} if suspendre else {"raison": raison_de_sortie(plan.grappe)}
        with _sous("etat", {"date_effet": f"date:{vers}"}):
            changer_etat(
                parcours,
                "suspendre" if suspendre else "sortir",
                par=par,
                motif=MOTIF,
                date_effet=ligne.reelles.get(vers),
                **details,
            )


def _ecrire_la_verification(
    plan: Plan, ligne: LigneComparee, parcours: Parcours, par: Utilisateur, *, tous: bool = False
) -> None:
    """Les vérifications de la ligne ; celles que toute la grappe partage s'écrivent à part (`tous` : l'essai)."""
    for code, (jour, issue) in ligne.verifications.items():
        if tous or code not in plan.communes:
            with _sous(f"{code}_date"):
                consigner_verification(
                    grappe=plan.grappe, par=par, type=TYPES[code], issue=issue, prononcee_le=jour, parcours=parcours
                )


# --- les personnes -------------------------------------------------------------------------------------------------


def _nommer(ligne: LigneComparee, qui: str, par: Utilisateur) -> Affectation | None:
    """Confie le rôle dès aujourd'hui, à la suite du titulaire ; rend l'affectation si son compte reste à inviter."""
    esms = Esms.objects.select_related("og", "departement").get(pk=_situation(ligne).esms.pk)
    personne, role, aujourd_hui = ligne.personnes[qui], ROLES[qui], timezone.localdate()
    compte = Utilisateur.objects.filter(courriel__iexact=personne.courriel).first()
    try:
        _laisser_la_place(esms, role, par)
        if compte:
            affectation = affecter(utilisateur=compte, role=role, cible=esms, du=aujourd_hui, par=par)
            return None if compte.has_usable_password() else affectation
        invitation, _ = inviter(
            identifiant=_identifiant(personne),
            nom=personne.nom,
            courriel=personne.courriel,
            role=role,
            cible=esms,
            du=aujourd_hui,
            par=par,
        )
    except Refus as refus:
        phrases = [phrase for phrases in refus.champs.values() for phrase in phrases]
        raise PersonneRefusee(qui, " ".join(phrases) or refus.motif) from refus
    return invitation.utilisateur.affectations.get(role=role, esms=esms)


def _laisser_la_place(esms: Esms, role: Role, par: Utilisateur) -> None:
    """Le titulaire s'arrête la veille. S'il ne relève pas de `par`, le refus dit à qui s'adresser pour nommer."""
    aujourd_hui = timezone.localdate()
    titulaires = Affectation.objects.en_cours(aujourd_hui).filter(role=role, titre=Titre.TITULAIRE, esms=esms)
    for tenue in titulaires.filter(portee=Portee.ESMS):
        try:
            clore(affectation=tenue, au=max(tenue.du, aujourd_hui - timedelta(days=1)), par=par)
        except Refus as refus:
            raise Refus("droit", peut_affecter(par, role, esms).motif or refus.motif) from refus


def _identifiant(personne: Personne) -> str:
    """Tiré du courriel, suivi d'un numéro s'il est pris."""
    base = re.sub(r"[^a-z0-9]+", "-", normaliser(personne.courriel.split("@")[0]).replace(" ", "-")).strip("-")
    base = (base or "compte")[: IDENTIFIANT_MAXIMAL - 4]
    pris = {
        i.lower()
        for i in Utilisateur.objects.filter(identifiant__istartswith=base).values_list("identifiant", flat=True)
    }
    rang = 1
    while (propose := base if rang == 1 else f"{base}-{rang}") in pris:
        rang += 1
    return propose
