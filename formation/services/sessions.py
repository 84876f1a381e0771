"""Planifier une session, la corriger. Ouvrir, tenir, évaluer, annuler passent par la porte (`suites_de_session`)."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from formation.enums import StatutInscription
from formation.models import Inscription, ModuleFormation, Poste, SessionFormation
from formation.permissions import peut_organiser
from formation.services.places import faire_monter
from programme.enums import EtatParcours
from programme.models import Grappe, Parcours, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.socle.porte import PREMIERE_DATE
from programme.socle.versions import exiger_inchange

CHAMPS = ("module", "debut", "fin", "lieu", "capacite", "formateur", "note")
PLUS_A_VENIR = "Cette session n'est plus à venir : sa date, son lieu et ses places ne changent plus."
AILLEURS = "Ce module est celui d'une autre grappe : choisissez dans le plan de celle-ci."
RETIRE = "Ce module est retiré du plan : choisissez-en un autre."
FORMATEUR_D_AILLEURS = "Cette personne n'anime pas dans cette grappe : choisissez dans la liste."
SORTI = "« {} » est sorti du projet : il ne tient plus de session."
MODULE_FIGE = "{} à « {} » : le module ne change plus. Planifiez une autre session."
TROP_ANCIENNE = "Cette date est trop ancienne : pas avant le {:%d/%m/%Y}."
TROP_PETITE = "{} : gardez au moins {}, ou retirez d'abord des inscriptions."


@dataclass(frozen=True, slots=True)
class Modifiee:
    """Une session corrigée. `a_reconvoquer` : convoquées ailleurs ou à une autre heure ; `montees` : de l'attente."""

    session: SessionFormation
    deplacee: bool
    a_reconvoquer: int
    montees: int
    absentes: int

    def __str__(self) -> str:
        return str(self.session)


def champ(nom: str, phrase: str) -> Refus:
    """Le refus d'un champ, en une phrase."""
    return Refus("champ", phrase, champs={nom: [phrase]})


@transaction.atomic
def creer_session(
    *, grappe: Grappe, par: Utilisateur, parcours: Parcours | None = None, **valeurs: Any
) -> SessionFormation:
    """Planifie une session pour toute la grappe, ou pour un ESMS (`valeurs` : de `CHAMPS`). Lève `Refus`."""
    exiger(peut_organiser(par, parcours or grappe))
    if parcours and parcours.etat == EtatParcours.SORTI:
        raise Refus("etat", SORTI.format(parcours))
    return _enregistrer(SessionFormation(grappe=grappe, parcours=parcours, creee_par=par), valeurs, par)


def _enregistrer(session: SessionFormation, valeurs: dict[str, Any], par: Utilisateur) -> SessionFormation:
    for nom, valeur in valeurs.items():
        setattr(session, nom, valeur)
    _verifier(session, valeurs)
    valider(session)
    signer(session, par)
    session.save()
    return session


def _verifier(session: SessionFormation, valeurs: dict[str, Any]) -> None:
    module: ModuleFormation = session.module
    if module.grappe_id != session.grappe_id:
        raise champ("module", AILLEURS)
    if "module" in valeurs and module.retire_le:
        raise champ("module", RETIRE)
    if session.formateur and session.formateur.grappe_id != session.grappe_id:
        raise champ("formateur", FORMATEUR_D_AILLEURS)
    if session.jour < PREMIERE_DATE:
        raise champ("date", TROP_ANCIENNE.format(PREMIERE_DATE))


@transaction.atomic
def modifier_session(*, session: SessionFormation, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Modifiee:
    """Corrige une session à venir. Déplacée, ses inscrits sont à convoquer de nouveau ; agrandie, l'attente monte.

    Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_organiser(par, session))
    relue = SessionFormation.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if not relue.est_a_venir:
        raise Refus("etat", PLUS_A_VENIR)
    exiger_inchange(SessionFormation.history.filter(id=relue.pk), vu, valeurs.keys())
    avant = (relue.debut, relue.fin, relue.lieu)
    _exiger_place(relue, valeurs)
    _enregistrer(relue, valeurs, par)
    deplacee = avant != (relue.debut, relue.fin, relue.lieu)
    convoquees = relue.inscriptions.filter(convoquee_le__isnull=False)
    a_reconvoquer = convoquees.update(convoquee_le=None) if deplacee else 0
    return Modifiee(relue, deplacee, a_reconvoquer, len(faire_monter(relue)), _absentes(relue) if deplacee else 0)


def _exiger_place(session: SessionFormation, valeurs: dict[str, Any]) -> None:
    """Ni moins de places que d'inscrits, ni un autre module sous leurs pieds."""
    inscrits = session.inscriptions.inscrites().count()
    if valeurs.get("capacite", session.capacite) < inscrits:
        ont = accorde(inscrits, "personne a une place,personnes ont une place")
        raise champ("capacite", TROP_PETITE.format(ont, accorde(inscrits, "place")))
    module = valeurs.get("module", session.module)
    if module.pk != session.module_id and session.inscriptions.exclude(statut=StatutInscription.DESISTE).exists():
        raise champ("module", MODULE_FIGE.format(accorde(inscrits, "inscrit"), session.module))


def _absentes(session: SessionFormation) -> int:
    """Combien d'inscrits ne seront pas en poste le jour dit."""
    suivies = Inscription.objects.filter(session=session).exclude(statut=StatutInscription.DESISTE)
    en_poste = Poste.objects.en_poste(session.jour).order_by().values("pk")
    return suivies.exclude(poste__in=en_poste).count()
