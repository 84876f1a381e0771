"""Les alertes : les donner, relever ce que voient les règles, porter au COSTRAT celles dont le délai est passé."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gouvernance.enums import OrigineAlerte
from gouvernance.models import Alerte
from gouvernance.models.alertes import OUVERTES, delais_par_grappe
from gouvernance.models.instances import DELAI_ALERTE
from gouvernance.permissions import peut_donner_alerte
from programme.enums import EtatParcours, Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import tenir
from programme.services.actions import Cible
from programme.services.controles import exiger, signer, valider
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.socle.regles_alerte import Regle, Signalement, regles
from programme.socle.texte import abreger, normaliser

Temoin = Callable[[int, int], None]

DEJA_DONNEE = "Cette alerte est déjà donnée et attend sa réponse : suivez-la plutôt que de la redonner."
SORTI = "{} est sorti du projet : donnez l'alerte pour toute la grappe."
DELAI_PASSE = "Délai passé : sans réponse au {}."
CLES_PAR_ORDRE = 500
_DE_L_ESMS = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE)


# --- donner --------------------------------------------------------------------------------------------------------


def echeance_de(grappe: int, jour: date) -> date:
    """Le jour où une alerte donnée ce jour-là monte au COSTRAT. Une requête."""
    return jour + timedelta(days=delais_par_grappe([grappe]).get(grappe, DELAI_ALERTE))


@transaction.atomic
def donner(*, cible: Cible, par: Utilisateur, intitule: str, texte: str = "") -> Alerte:
    """Donne l'alerte pour un ESMS, ou pour toute sa grappe ; le COMOP a son délai pour répondre.

    Lève `Refus` : droit ; etat (ESMS sorti du projet) ; champ (texte fautif, alerte déjà donnée et sans réponse).
    """
    exiger(peut_donner_alerte(par, cible))
    parcours = cible if isinstance(cible, Parcours) else None
    if parcours and parcours.etat == EtatParcours.SORTI:
        raise Refus("etat", SORTI.format(parcours))
    grappe = cible.grappe if isinstance(cible, Parcours) else cible
    alerte = Alerte(
        grappe=grappe,
        parcours=parcours,
        intitule=intitule,
        texte=texte,
        origine=OrigineAlerte.ESMS if parcours and tenir(par, parcours, _DE_L_ESMS, "") else OrigineAlerte.GRAPPE,
        levee_par=par,
        echeance=echeance_de(grappe.pk, timezone.localdate()),
    )
    valider(alerte)
    # Un double clic, ou deux personnes du même ESMS : la même alerte ne se suit pas deux fois. Sous le verrou de la
    # grappe : deux écritures au même instant ne se voient pas.
    Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    if Alerte.objects.ouvertes().filter(grappe=grappe, parcours=parcours, tri=normaliser(intitule)[:160]).exists():
        raise Refus("champ", DEJA_DONNEE, champs={"intitule": [DEJA_DONNEE]})
    signer(alerte, par)
    alerte.save()
    return alerte


# --- relever les règles --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Releve:
    """Ce qu'un relevé a changé : alertes données, cas qui ont cessé, cas revenus sur une alerte encore ouverte."""

    donnees: int = 0
    cessees: int = 0
    revenues: int = 0


@dataclass(slots=True)
class _Connues:
    """Les alertes qu'une règle a déjà données, et qui répondent encore de ce qu'elle voit."""

    cles: set[tuple[int, str]] = field(default_factory=set)
    cessent: list[int] = field(default_factory=list)
    reviennent: list[int] = field(default_factory=list)


def relever(*, au: date, temoin: Temoin = lambda *_: None) -> Releve:
    """Donne l'alerte que demandent les règles, et dit ce qui n'est plus le cas. Le refaire n'ajoute rien.

    Une alerte close répond de son cas tant qu'il dure ; s'il cesse puis revient, la règle la redonne. Aucune ne se clôt
    d'office : la réponse revient aux gens. Une transaction par règle.
    """
    releve, treille = Releve(), Utilisateur.objects.de_treille()
    for rang, regle in enumerate(regles, 1):
        _relever_une(regle, au, treille, releve)
        temoin(rang, len(regles))
    return releve


@transaction.atomic
def _relever_une(regle: Regle, au: date, treille: Utilisateur, releve: Releve) -> None:
    vus = {(s.grappe.pk, s.cle): s for s in regle.relever(au)}
    connues = _connues(regle, set(vus))
    _dater(connues.cessent, au)
    _dater(connues.reviennent, None)
    neuves = [s for cle, s in vus.items() if cle not in connues.cles]
    delais = delais_par_grappe({s.grappe.pk for s in neuves}) if neuves else {}
    for signalement in neuves:
        alerte = _de_regle(regle, signalement, au + timedelta(days=delais.get(signalement.grappe.pk, DELAI_ALERTE)))
        signer(alerte, treille)
        alerte.save()
    releve.donnees += len(neuves)
    releve.cessees += len(connues.cessent)
    releve.revenues += len(connues.reviennent)


def _connues(regle: Regle, vus: set[tuple[int, str]]) -> _Connues:
    repondent = Alerte.objects.filter(Q(etat__in=OUVERTES) | Q(cessee_le__isnull=True), regle=regle.code)
    connues = _Connues()
    for pk, grappe, cle, cessee in repondent.order_by().values_list("pk", "grappe_id", "cle", "cessee_le"):
        connues.cles.add((grappe, cle))
        if (grappe, cle) not in vus and cessee is None:
            connues.cessent.append(pk)
        elif (grappe, cle) in vus and cessee is not None:
            connues.reviennent.append(pk)
    return connues


def _dater(cles: Sequence[int], jour: date | None) -> None:
    """Écrit le jour où le cas a cessé (None : il dure), par paquets que les deux bases acceptent."""
    for debut in range(0, len(cles), CLES_PAR_ORDRE):
        # Par update() : ce que voit la règle n'est la décision de personne, l'histoire n'a pas à le signer.
        Alerte.objects.filter(pk__in=cles[debut : debut + CLES_PAR_ORDRE]).update(cessee_le=jour)


def _de_regle(regle: Regle, vu: Signalement, echeance: date) -> Alerte:
    return Alerte(
        grappe=vu.grappe,
        parcours=vu.parcours,
        intitule=abreger(vu.intitule, 160),
        texte=abreger(vu.texte, 1000),
        origine=OrigineAlerte.REGLE,
        regle=regle.code,
        cle=vu.cle,
        echeance=echeance,
    )


# --- porter au COSTRAT ---------------------------------------------------------------------------------------------


def porter_les_retards(*, au: date, temoin: Temoin = lambda *_: None) -> int:
    """Porte au COSTRAT, au nom de Treille, ce dont le délai est passé et qui dure ; rend combien.

    Le refaire ne fait rien.
    """
    treille, portees = Utilisateur.objects.de_treille(), 0
    retards = list(Alerte.objects.a_porter(au).order_by("echeance", "pk"))
    for rang, alerte in enumerate(retards, 1):
        # Répondue entre-temps : elle n'est plus à porter, et cela ne doit pas arrêter les autres.
        with suppress(Refus):
            changer_etat(alerte, "porter", par=treille, motif=DELAI_PASSE.format(date_courte(alerte.echeance)))
            portees += 1
        temoin(rang, len(retards))
    return portees
