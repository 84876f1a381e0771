"""Quelqu'un part ou change de poste : ses rôles, ligne à ligne, confiés, terminés ou gardés ; tout ou rien."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from programme.enums import EtatGrappe, Role, Titre
from programme.models import (
    Action,
    Affectation,
    Esms,
    Invitation,
    OrganismeGestionnaire,
    Parcours,
    Proposition,
    Utilisateur,
)
from programme.models.perimetre import AffectationQuerySet
from programme.permissions import peut_administrer, peut_affecter, peut_clore
from programme.services.comptes import fermer_compte
from programme.services.controles import exiger
from programme.services.passation_actions import ActionAPasser, leguer
from programme.services.perimetre import Adresse, affecter, clore, inviter
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, liste

GARDER, CONFIER, TERMINER = "garder", "confier", "terminer"
ACTIONS = ((GARDER, "Garder"), (CONFIER, "Confier à quelqu'un"), (TERMINER, "Terminer sans successeur"))
_FINIES = (EtatGrappe.SOLDEE, EtatGrappe.NON_RETENUE, EtatGrappe.RESILIEE)
_DES = ("utilisateur", "confie_par", "region", "grappe", "og", "groupe__og", "esms__departement", "esms__og")
ENTRE_TEMPS = "Entre-temps, ces rôles ont changé : relisez la page, votre saisie est gardée."
RIEN = "Rien n'est confié ni terminé : choisissez ce que devient au moins un rôle."


@dataclass(frozen=True, slots=True)
class Successeur:
    """Un compte qui existe, ou de quoi en inviter un."""

    compte: Utilisateur | None = None
    identifiant: str = ""
    nom: str = ""
    courriel: str = ""

    def __str__(self) -> str:
        return str(self.compte) if self.compte else self.nom


@dataclass(frozen=True, slots=True)
class Geste:
    """Ce que devient une affectation."""

    affectation: Affectation
    action: str
    a: Successeur | None = None


@dataclass(slots=True)
class Bilan:
    """Ce que la passation fait, en mots ; ce qui resterait sans personne ; les liens des comptes invités."""

    faits: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    vacances: list[str] = field(default_factory=list)
    invitations: list[tuple[Invitation, str]] = field(default_factory=list)
    ferme: bool = False


def lignes_de(compte: Utilisateur, *, par: Utilisateur) -> list[Affectation]:
    """Ses affectations en cours ou à venir que `par` voit ; `traitable` et `a_qui` y disent ce qu'il peut en faire."""
    lignes = list(_a_passer(Affectation.objects.visibles_par(par).filter(utilisateur=compte)).select_related(*_DES))
    for a in lignes:
        droit = peut_clore(par, a)
        # Posés pour la page : le droit de chaque ligne, ou à qui s'adresser.
        a.traitable, a.a_qui = bool(droit), "" if droit else droit.motif
    return lignes


def _a_passer(affectations: AffectationQuerySet) -> AffectationQuerySet:
    return affectations.exclude(au__lt=timezone.localdate()).order_by("role", "du", "pk")


def jeton_des_roles(lignes: Iterable[Affectation]) -> str:
    """« 12:2026-12-31|13: » : de quoi dire si ces rôles ont changé depuis que la page a été lue."""
    return "|".join(f"{a.pk}:{a.au or ''}" for a in sorted(lignes, key=lambda a: a.pk))


def _ont_change(connues: dict[int, Affectation], vu: str) -> bool:
    """Vrai si un rôle que la page montrait a disparu ou changé de fin ; un rôle né depuis n'est pas touché."""
    lus = dict(morceau.split(":", 1) for morceau in vu.split("|") if ":" in morceau)
    actuels = {str(cle): str(a.au or "") for cle, a in connues.items()}
    return any(actuels.get(cle) != fin for cle, fin in lus.items())


# --- essayer, faire ------------------------------------------------------------------------------------------------


def apercevoir(**arguments: Any) -> Bilan:
    """Ce que donnerait `passer_la_main`, puis tout se défait. Lève le même `Refus`."""
    with transaction.atomic():
        bilan = passer_la_main(**arguments | {"adresse": None})
        transaction.set_rollback(True)
    return bilan


@transaction.atomic
def passer_la_main(
    *,
    compte: Utilisateur,
    gestes: Iterable[Geste],
    dernier_jour: date,
    par: Utilisateur,
    fermer: bool = False,
    vu: str | None = None,
    adresse: Adresse | None = None,
    actions: Collection[ActionAPasser] = (),
    actions_a: Utilisateur | None = None,
) -> Bilan:
    """Fait tous les gestes, ou aucun : un rôle quitté s'arrête au `dernier_jour`, son successeur commence le lendemain.

    `fermer` (administrateur) ferme le compte et révoque ses jetons. `vu` : `jeton_des_roles` de la page. Lève `Refus`
    (droit, champ, concurrence) ; une faute de ligne est dite au champ `role-<clé>`. `actions` suivent leur rôle, ou
    vont toutes à `actions_a`.
    """
    lignes = list(_a_passer(compte.affectations.select_for_update(of=("self",))).select_related(*_DES))
    connues = {a.pk: a for a in lignes}
    if vu is not None and _ont_change(connues, vu):
        raise Refus("concurrence", ENTRE_TEMPS)
    retenus = [Geste(connues[g.affectation.pk], g.action, g.a) for g in gestes if g.affectation.pk in connues]
    utiles = [g for g in retenus if g.action != GARDER]
    if not utiles and not fermer and not (actions and actions_a):
        raise _refus("dernier_jour", RIEN)
    bilan, comptes = Bilan(), dict[str, Utilisateur]()
    for geste in utiles:
        _passer(geste, dernier_jour, par, adresse, bilan, comptes)
    lendemain = _lendemain(dernier_jour)
    _exiger_une_conduite(utiles, lendemain)
    bilan.vacances = _vacances(utiles, lendemain)
    suites = {g.affectation.pk: s for g in utiles if (s := _compte_de(g, comptes))}
    bilan.actions = leguer(actions, suites, par=par, a=actions_a)
    if fermer:
        _fermer(compte, connues, {g.affectation.pk for g in utiles}, dernier_jour, par)
        bilan.ferme = True
        if restent := Action.objects.ouvertes().filter(responsable=compte).count():
            bilan.vacances.append(f"{accorde(restent, 'action ouverte reste,actions ouvertes restent')} à son nom.")
    return bilan


def _compte_de(geste: Geste, comptes: dict[str, Utilisateur]) -> Utilisateur | None:
    """Le compte à qui ce rôle vient d'être confié ; None s'il se termine."""
    if geste.action != CONFIER or geste.a is None:
        return None
    return geste.a.compte or comptes.get(geste.a.identifiant.casefold())


def _refus(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def _lendemain(jour: date) -> date:
    return max(min(jour, date.max - timedelta(days=1)) + timedelta(days=1), timezone.localdate())


def _passer(
    geste: Geste,
    dernier_jour: date,
    par: Utilisateur,
    adresse: Adresse | None,
    bilan: Bilan,
    comptes: dict[str, Utilisateur],
) -> None:
    a = geste.affectation
    exiger(peut_clore(par, a))
    try:
        # Une direction se libère avant de se confier ; une grappe se confie avant que son chef de projet la quitte.
        if geste.action == CONFIER and a.role != Role.DIRECTEUR:
            _confier(geste, dernier_jour, par, adresse, bilan, comptes)
        fin = _fin(a, dernier_jour)
        if a.du > dernier_jour:
            raise _refus("du", f"Ce rôle commence le {date_courte(a.du)}, après le départ : reculez la date.")
        clore(affectation=a, au=fin, par=par)
        if geste.action == CONFIER and a.role == Role.DIRECTEUR:
            _confier(geste, dernier_jour, par, adresse, bilan, comptes)
        elif geste.action == TERMINER:
            bilan.faits.append(f"{_role(a)} : se termine le {date_courte(fin)}, sans successeur.")
    except Refus as refus:
        if refus.code == "droit":
            raise
        phrases = [p for ps in refus.champs.values() for p in ps] or [refus.motif]
        raise Refus("champ", refus.motif, champs={f"role-{a.pk}": phrases}) from refus


def _fin(a: Affectation, dernier_jour: date) -> date:
    """Une affectation qui finit avant le départ garde sa fin."""
    return min(a.au, dernier_jour) if a.au else dernier_jour


def _confier(
    geste: Geste,
    dernier_jour: date,
    par: Utilisateur,
    adresse: Adresse | None,
    bilan: Bilan,
    comptes: dict[str, Utilisateur],
) -> None:
    a, successeur = geste.affectation, geste.a
    if successeur is None:
        raise _refus("a", "Dites à qui confier ce rôle, en tête de page ou sur cette ligne.")
    if a.titre == Titre.DELEGATION:
        raise _refus("a", "Une délégation ne se transmet pas : terminez-la, la direction en donnera une autre.")
    du = _lendemain(dernier_jour)
    suite = a.au if a.au and a.au >= du else None
    if not (droit := peut_affecter(par, a.role, a.cible)):
        raise _refus("a", droit.motif)
    commun: dict[str, Any] = {"role": a.role, "cible": a.cible, "titre": a.titre, "du": du, "au": suite, "par": par}
    invite = comptes.get(successeur.identifiant.casefold())
    if compte := successeur.compte or invite:
        if compte == a.utilisateur:
            raise _refus("a", f"« {compte.identifiant} » est la personne qui part : choisissez-en une autre.")
        affecter(utilisateur=compte, **commun)
    else:
        invitation = inviter(
            identifiant=successeur.identifiant,
            nom=successeur.nom,
            courriel=successeur.courriel,
            adresse=adresse,
            **commun,
        )
        comptes[successeur.identifiant.casefold()] = invitation[0].utilisateur
        bilan.invitations.append(invitation)
    bilan.faits.append(f"{_role(a)} : confié à {successeur} à partir du {date_courte(du)}.")


def _role(a: Affectation) -> str:
    titre = "" if a.titre == Titre.TITULAIRE else f" {a.get_titre_display().lower()}"
    return f"{a.get_role_display()}{titre}, {a.cible or 'tout le programme'}"


# --- ce qui resterait sans personne --------------------------------------------------------------------------------


def _exiger_une_conduite(gestes: list[Geste], lendemain: date) -> None:
    """Une grappe vivante a toujours un chef de projet, et le programme un administrateur dont le compte est ouvert."""
    en_cours = Affectation.objects.en_cours(lendemain).filter(utilisateur__is_active=True)
    fautes: dict[str, list[str]] = {}
    for geste in gestes:
        a = geste.affectation
        vivante = a.role == Role.CHEF_PROJET and a.grappe is not None and a.grappe.etat not in _FINIES
        if vivante and not en_cours.filter(role=Role.CHEF_PROJET, grappe=a.grappe).exists():
            phrase = f"Personne d'autre ne conduirait « {a.grappe} » le {date_courte(lendemain)}"
            fautes[f"role-{a.pk}"] = [f"{phrase} : confiez ce rôle à quelqu'un."]
        if a.role == Role.ADMIN and not en_cours.filter(role=Role.ADMIN).exists():
            fautes[f"role-{a.pk}"] = ["Il n'y aurait plus d'administrateur : confiez ce rôle à quelqu'un."]
    if fautes:
        raise Refus("champ", "rôles à confier", champs=fautes)


def _vacances(gestes: list[Geste], lendemain: date) -> list[str]:
    """Ce que plus personne ne tiendrait le lendemain : les ESMS en une phrase, une par OG."""
    quittes = [g.affectation for g in gestes]
    directions = [a for a in quittes if a.role == Role.DIRECTEUR]
    esms = Esms.objects.filter(
        Q(pk__in=[a.esms_id for a in directions if a.esms_id])
        | Q(groupes__in=[a.groupe_id for a in directions if a.groupe_id])
    )
    engages = Parcours.objects.dans_le_projet().values("esms")
    vacants = esms.filter(pk__in=engages).sans_direction(lendemain).distinct().order_by("tri", "pk")
    quand = date_courte(lendemain)
    noms = [e.nom for e in vacants]
    phrases = [f"Sans direction à partir du {quand} : {liste(noms)}."] if noms else []
    sieges = {a.og_id for a in quittes if a.role == Role.SIEGE and a.og_id}
    tenus = Affectation.objects.en_cours(lendemain).filter(role=Role.SIEGE, og__in=sieges).values("og")
    ogs = OrganismeGestionnaire.objects.filter(pk__in=sieges).exclude(pk__in=tenus)
    phrases += [f"Plus personne ne répondrait pour le siège de « {og} » à partir du {quand}." for og in ogs]
    return phrases


def _fermer(
    compte: Utilisateur, connues: dict[int, Affectation], quittees: set[int], dernier_jour: date, par: Utilisateur
) -> None:
    exiger(peut_administrer(par))
    if dernier_jour > timezone.localdate():
        raise _refus("fermer", f"Le départ est le {date_courte(dernier_jour)} : le compte se ferme à partir de là.")
    if gardees := [a for cle, a in connues.items() if cle not in quittees]:
        noms = " ; ".join(_role(a) for a in gardees[:3])
        raise _refus("fermer", f"Un compte fermé ne tient plus de rôle : confiez ou terminez d'abord « {noms} ».")
    fermer_compte(compte=compte, par=par)


def propositions_en_attente(compte: Utilisateur, *, par: Utilisateur) -> QuerySet[Proposition]:
    """Ses propositions sans réponse, parmi les ESMS que `par` lit : la conduite suivante en reçoit la réponse."""
    lisibles = Parcours.objects.lisibles_par(par)
    attente = Proposition.objects.en_attente().filter(proposee_par=compte, parcours__in=lisibles)
    return attente.select_related("parcours__esms")
