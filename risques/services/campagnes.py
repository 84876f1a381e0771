"""Les campagnes : les préparer, les corriger. Ouvrir, clore, rouvrir passent par la porte."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.models import Grappe, Parcours, Utilisateur
from programme.services.actions import faute_d_echeance
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange
from risques.enums import EtatCampagne, PorteeCampagne
from risques.models import Campagne, Evaluation, Grille, VersionQuestionnaire
from risques.models.questionnaires import VersionQuestionnaireQuerySet
from risques.permissions import peut_conduire_campagne

CHAMPS = ("version_posee", "nom", "phase", "portee", "etoilees", "echeance")
CLOSE = "Cette campagne est close : rouvrez-la avant de changer son échéance."
OUVERTE = "Cette campagne est ouverte : seule son échéance se corrige encore."
PERSONNE = "Cochez au moins un ESMS, ou posez le questionnaire à la grappe, une fois."
PAS_DU_PROJET = "{} n'est pas, ou plus, dans cette grappe : décochez-le."
PAS_EN_VIGUEUR = "Cette version n'est pas en vigueur dans la grappe : choisissez-en une de la liste."
SANS_ETOILE = "Ce questionnaire n'a aucune question étoilée : posez-les toutes."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def versions_posables(grappe: Grappe) -> VersionQuestionnaireQuerySet:
    """Les questionnaires en vigueur dans cette grappe : une version de chacun."""
    vues = VersionQuestionnaire.objects.en_vigueur(grappe).select_related("questionnaire", "grappe")
    return vues.order_by("questionnaire__nom", "pk")


def population_possible(grappe: Grappe) -> list[Parcours]:
    """Les ESMS de la grappe encore dans le projet, par ordre alphabétique."""
    return list(Parcours.objects.filter(grappe=grappe).dans_le_projet().pour_lecture().order_by("esms__tri", "pk"))


def nom_propose(version: VersionQuestionnaire, phase: str) -> str:
    """Le questionnaire et la phase : « Risques « 100 points », démarrage »."""
    mot = dict(Campagne._meta.get_field("phase").flatchoices)[phase].lower()
    return f"{version.questionnaire.nom[: 118 - len(mot)]}, {mot}"


def _verifier(campagne: Campagne, valeurs: dict[str, Any], parcours: Collection[Parcours]) -> None:
    """Lève `Refus` si ce qu'on veut poser ne tient pas, champ par champ."""
    version = valeurs["version_posee"]
    garde = not campagne._state.adding and version.pk == campagne.version_posee_id
    if not garde and not versions_posables(campagne.grappe).filter(pk=version.pk).exists():
        raise _refuser("version_posee", PAS_EN_VIGUEUR)
    if valeurs["etoilees"] and not version.sections.filter(questions__etoilee=True).exists():
        raise _refuser("etoilees", SANS_ETOILE)
    avant = None if campagne._state.adding else campagne.echeance
    if valeurs["echeance"] != avant and (phrase := faute_d_echeance(valeurs["echeance"], timezone.localdate())):
        raise _refuser("echeance", phrase)
    if valeurs["portee"] != PorteeCampagne.ESMS:
        return
    if not parcours:
        raise _refuser("parcours", PERSONNE)
    possibles = {p.pk for p in population_possible(campagne.grappe)}
    for p in parcours:
        if p.pk not in possibles:
            raise _refuser("parcours", PAS_DU_PROJET.format(p))


def _ecrire(campagne: Campagne, valeurs: dict[str, Any], parcours: Collection[Parcours], par: Utilisateur) -> Campagne:
    _verifier(campagne, valeurs, parcours)
    change = not campagne._state.adding and valeurs["version_posee"].pk != campagne.version_posee_id
    for nom, valeur in valeurs.items():
        setattr(campagne, nom, valeur)
    campagne.nom = campagne.nom or nom_propose(campagne.version_posee, campagne.phase)
    valider(campagne)
    signer(campagne, par)
    campagne.save()
    if change:
        # Les sections confiées étaient celles de l'autre version : chacun répond de nouveau à toutes.
        Grille.sections.through.objects.filter(grille__evaluation__campagne=campagne).delete()
    _peupler(campagne, [None] if campagne.portee == PorteeCampagne.GRAPPE else list(parcours))
    return campagne


def _peupler(campagne: Campagne, voulus: Collection[Parcours | None]) -> None:
    """Accorde les évaluations à la population ; ce qu'on en retire n'a encore de réponse de personne."""
    cles = {p.pk if p else None for p in voulus}
    connues = {e.parcours_id: e for e in campagne.evaluations.all()}
    retirees = [e for cle, e in connues.items() if cle not in cles]
    for grille in Grille.objects.filter(evaluation__in=retirees):
        grille.delete()
    Evaluation.objects.filter(pk__in=[e.pk for e in retirees]).delete()
    Evaluation.objects.bulk_create(Evaluation(campagne=campagne, parcours_id=cle) for cle in cles - connues.keys())


@transaction.atomic
def creer_campagne(
    *,
    grappe: Grappe,
    version_posee: VersionQuestionnaire,
    phase: str,
    portee: str,
    par: Utilisateur,
    nom: str = "",
    etoilees: bool = False,
    echeance: date | None = None,
    parcours: Collection[Parcours] = (),
) -> Campagne:
    """Prépare une campagne : personne n'est encore sollicité. `parcours` : la population, si c'est chaque ESMS.

    Lève `Refus` (droit, champ).
    """
    exiger(peut_conduire_campagne(par, grappe))
    valeurs = dict(zip(CHAMPS, (version_posee, nom, phase, portee, etoilees, echeance), strict=True))
    return _ecrire(Campagne(grappe=grappe, creee_par=par), valeurs, parcours, par)


def _relire(campagne: Campagne, par: Utilisateur, vu: int | None, champs: Collection[str]) -> Campagne:
    exiger(peut_conduire_campagne(par, campagne))
    relue = Campagne.objects.select_for_update(of=("self",)).pour_lecture().get(pk=campagne.pk)
    exiger_inchange(Campagne.history.filter(id=campagne.pk), vu, champs)
    return relue


@transaction.atomic
def modifier_campagne(
    *, campagne: Campagne, par: Utilisateur, parcours: Collection[Parcours] = (), vu: int | None = None, **valeurs: Any
) -> Campagne:
    """Corrige une campagne préparée (`valeurs` : tous les `CHAMPS`) et sa population.

    Lève `Refus` (droit, etat, champ, concurrence).
    """
    relue = _relire(campagne, par, vu, valeurs.keys())
    if not relue.est_preparee:
        raise Refus("etat", OUVERTE)
    return _ecrire(relue, valeurs, parcours, par)


@transaction.atomic
def changer_echeance(*, campagne: Campagne, echeance: date | None, par: Utilisateur, vu: int | None = None) -> Campagne:
    """Corrige l'échéance d'une campagne ouverte. Lève `Refus` (droit, etat, champ, concurrence)."""
    relue = _relire(campagne, par, vu, ("echeance",))
    if relue.etat == EtatCampagne.CLOSE:
        raise Refus("etat", CLOSE)
    if echeance != relue.echeance and (phrase := faute_d_echeance(echeance, timezone.localdate())):
        raise _refuser("echeance", phrase)
    relue.echeance = echeance
    valider(relue)
    signer(relue, par)
    relue.save()
    return relue
