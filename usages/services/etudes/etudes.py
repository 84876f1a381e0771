"""Une étude et son équipe : la créer, la modifier, dire qui en est."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from risques.enums import ObjetQuestionnaire
from risques.models import Campagne
from usages.enums import EtatEtude, RoleEtude
from usages.models import Equipier, Etude
from usages.permissions import peut_commencer_une_etude, peut_conduire_l_etude
from usages.permissions.etudes import ETUDE_CLOSE
from usages.services.retours.croisements import exiger_meme

CHAMPS = ("titre", "question", "methode")
SANS_PILOTE = "Une étude garde toujours un pilote : confiez ce rôle à quelqu'un d'autre d'abord."
COMPTE_INCONNU = "Aucun compte ouvert ne porte cet identifiant : demandez-le à la personne, il est dans son menu."
DEJA_LA = "Ce compte est déjà dans l'équipe : changez son rôle dans la liste."
PAS_LES_EFFETS = "Cette campagne ne pose pas le questionnaire des effets, ou vous ne la lisez pas."


def campagnes_des_effets(par: Utilisateur) -> Any:
    """Les campagnes du questionnaire des effets que ce compte lit."""
    lues = Campagne.objects.visibles_par(par).pour_lecture()
    return lues.filter(version_posee__questionnaire__objet=ObjetQuestionnaire.EFFETS)


def exiger_conduite(etude: Etude, par: Utilisateur) -> None:
    """Lève `Refus` (droit, etat) si ce compte ne pilote pas l'étude, ou si elle est close."""
    exiger(peut_conduire_l_etude(par, etude))
    if etude.etat == EtatEtude.CLOSE:
        raise Refus("etat", ETUDE_CLOSE)


def etude_verrouillee(etude: Etude) -> Etude:
    """L'étude relue, que personne d'autre ne récrit d'ici la fin."""
    return Etude.objects.select_for_update(of=("self",)).get(pk=etude.pk)


@transaction.atomic
def creer_etude(
    *, titre: str, par: Utilisateur, question: str = "", methode: str = "", campagnes: Iterable[Campagne] = ()
) -> Etude:
    """Crée l'étude ; qui la crée la pilote. Lève `Refus` (droit, champ)."""
    exiger(peut_commencer_une_etude(par))
    etude = Etude(titre=titre, question=question, methode=methode, creee_par=par)
    valider(etude)
    etude.save()
    Equipier.objects.create(etude=etude, compte=par, role=RoleEtude.PILOTE)
    _rattacher(etude, campagnes, par)
    return etude


@transaction.atomic
def modifier_etude(
    *,
    etude: Etude,
    par: Utilisateur,
    campagnes: Iterable[Campagne] | None = None,
    vu: str | None = None,
    **valeurs: Any,
) -> Etude:
    """Corrige l'étude (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, etat, champ, concurrence)."""
    relue = etude_verrouillee(etude)
    exiger_conduite(relue, par)
    exiger_meme(relue, CHAMPS, vu)
    for nom in CHAMPS:
        if nom in valeurs:
            setattr(relue, nom, valeurs[nom])
    valider(relue)
    relue.save()
    if campagnes is not None:
        _rattacher(relue, campagnes, par)
    return relue


def _rattacher(etude: Etude, campagnes: Iterable[Campagne], par: Utilisateur) -> None:
    """Celles qu'il lit ; celles qu'un autre équipier a rattachées restent."""
    voulues = {c.pk for c in campagnes}
    lues = set(campagnes_des_effets(par).values_list("pk", flat=True))
    gardees = set(etude.campagnes.values_list("pk", flat=True)) - lues
    if voulues - lues - gardees:
        raise Refus("champ", PAS_LES_EFFETS, champs={"campagnes": [PAS_LES_EFFETS]})
    etude.campagnes.set(voulues | gardees)


# --- l'équipe --------------------------------------------------------------------------------------------------------


@transaction.atomic
def ajouter_equipier(*, etude: Etude, identifiant: str, role: str, par: Utilisateur) -> Equipier:
    """Met un compte dans l'équipe, par son identifiant. Lève `Refus` (droit, etat, champ)."""
    relue = etude_verrouillee(etude)
    exiger_conduite(relue, par)
    compte = Utilisateur.objects.filter(identifiant__iexact=identifiant.strip(), is_active=True).first()
    if compte is None:
        raise Refus("champ", COMPTE_INCONNU, champs={"identifiant": [COMPTE_INCONNU]})
    if relue.equipe.filter(compte=compte).exists():
        raise Refus("champ", DEJA_LA, champs={"identifiant": [DEJA_LA]})
    equipier = Equipier(etude=relue, compte=compte, role=role)
    valider(equipier)
    equipier.save()
    return equipier


@transaction.atomic
def changer_le_role(*, equipier: Equipier, role: str, par: Utilisateur) -> Equipier:
    """Change ce qu'il fait dans l'étude. Lève `Refus` (droit, etat, champ)."""
    etude = etude_verrouillee(equipier.etude)
    exiger_conduite(etude, par)
    relu = Equipier.objects.select_related("compte").get(pk=equipier.pk)
    if role != RoleEtude.PILOTE:
        _garder_un_pilote(relu)
    relu.role = role
    valider(relu)
    relu.save(update_fields=["role"])
    return relu


@transaction.atomic
def retirer_equipier(*, equipier: Equipier, par: Utilisateur) -> None:
    """Retire un compte de l'équipe ; ce qu'il a écrit reste. Lève `Refus` (droit, etat, champ)."""
    etude = etude_verrouillee(equipier.etude)
    exiger_conduite(etude, par)
    _garder_un_pilote(equipier)
    Equipier.objects.filter(pk=equipier.pk).delete()


def _garder_un_pilote(equipier: Equipier) -> None:
    pilotes = Equipier.objects.filter(etude=equipier.etude_id, role=RoleEtude.PILOTE, compte__is_active=True)
    autres = pilotes.exclude(pk=equipier.pk)
    if not autres.exists():
        raise Refus("champ", SANS_PILOTE)
