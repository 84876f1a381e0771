"""Le plan de formation d'une grappe : ses modules, leurs supports, ses seuils et ses délais."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from formation.models import Acquis, ModuleFormation, PlanFormation, SessionFormation
from formation.permissions import peut_tenir_le_plan
from formation.services.couverture import rafraichir
from programme.models import Grappe, Metier, Module, Parcours, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle import pieces
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.texte import normaliser
from programme.socle.versions import exiger_inchange, jeton

CHAMPS_DU_MODULE = (
    "nom", "nature", "modalite", "objectif", "duree_minutes", "est_socle", "validite_mois", "places_par_session",
    "ordre",
)  # fmt: skip
CHAMPS_DU_PLAN = ("seuil_couverture", "seuil_satisfaction", "seuil_acquis", "delai_arrivant", "delai_a_froid")
NOM_PRIS = "Un module du plan porte déjà ce nom : prenez-en un autre, ou corrigez celui-là."
RETIRE = "Ce module est retiré du plan depuis le {} : remettez-le au plan pour le changer."
DEJA_AU_PLAN = "Ce module est déjà au plan."
CODE_MAXIMAL = 40


def refuser(champ: str, phrase: str) -> Refus:
    """Un refus qui se dit au champ."""
    return Refus("champ", phrase, champs={champ: [phrase]})


def reglages_de(grappe: Grappe) -> PlanFormation:
    """Les seuils et les délais de la grappe ; ceux du produit si elle n'a rien réglé (non enregistrés). Une requête."""
    return PlanFormation.objects.filter(grappe=grappe).first() or PlanFormation(grappe=grappe)


@transaction.atomic
def regler(*, grappe: Grappe, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> PlanFormation:
    """Règle les seuils et les délais (`valeurs` : de `CHAMPS_DU_PLAN`). `vu` : jeton de la version lue.

    Lève `Refus` (droit, champ, concurrence).
    """
    exiger(peut_tenir_le_plan(par, grappe))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    plan = reglages_de(grappe)
    exiger_inchange(PlanFormation.history.filter(grappe_id=grappe.pk), vu, valeurs.keys())
    for nom, valeur in valeurs.items():
        setattr(plan, nom, valeur)
    valider(plan)
    signer(plan, par)
    plan.save()
    return plan


def recompter(grappe: Grappe) -> None:
    """Le plan a changé : la couverture de ses ESMS se recompte, pour le mois qui court."""
    rafraichir(list(Parcours.objects.dans_le_projet().filter(grappe=grappe).order_by().values_list("pk", flat=True)))


def _code_libre(grappe: Grappe, nom: str) -> str:
    """Le nom en code, suivi d'un numéro s'il est déjà pris."""
    base = slugify(nom)[: CODE_MAXIMAL - 4].strip("-") or "module"
    pris = set(ModuleFormation.objects.filter(grappe=grappe, code__startswith=base).values_list("code", flat=True))
    code, rang = base, 1
    while code in pris:
        rang += 1
        code = f"{base}-{rang}"
    return code


def _exiger_nom_libre(module: ModuleFormation) -> None:
    autres = ModuleFormation.objects.filter(grappe=module.grappe_id).en_vigueur().exclude(pk=module.pk)
    if normaliser(module.nom) in {normaliser(nom) for nom in autres.values_list("nom", flat=True)}:
        raise refuser("nom", NOM_PRIS)


def _enregistrer(
    module: ModuleFormation,
    valeurs: dict[str, Any],
    publics: Collection[Metier],
    modules: Collection[Module],
    par: Utilisateur,
) -> ModuleFormation:
    for nom, valeur in valeurs.items():
        setattr(module, nom, valeur)
    module.nom = " ".join(module.nom.split())
    _exiger_nom_libre(module)
    module.code = module.code or _code_libre(module.grappe, module.nom)
    valider(module)
    signer(module, par)
    module.save()
    module.publics.set(publics)
    module.modules.set(modules)
    recompter(module.grappe)
    return module


@transaction.atomic
def creer_module(
    *,
    grappe: Grappe,
    par: Utilisateur,
    publics: Collection[Metier] = (),
    modules: Collection[Module] = (),
    **valeurs: Any,
) -> ModuleFormation:
    """Ajoute un module au plan (`valeurs` : de `CHAMPS_DU_MODULE`) ; son code vient de son nom.

    Lève `Refus` (droit, champ).
    """
    exiger(peut_tenir_le_plan(par, grappe))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    return _enregistrer(ModuleFormation(grappe=grappe), valeurs, publics, modules, par)


def _relire(module: ModuleFormation) -> ModuleFormation:
    # Son seul rang se verrouille ; la grappe, lue avec lui, reste libre.
    return ModuleFormation.objects.select_for_update(of=("self",)).select_related("grappe").get(pk=module.pk)


def exiger_au_plan(module: ModuleFormation) -> None:
    """Lève `Refus("etat")` si le module est retiré."""
    if module.retire_le:
        raise Refus("etat", RETIRE.format(date_courte(module.retire_le)))


def _exiger_meme_public(
    module: ModuleFormation, vu: int | None, publics: Collection[Metier], modules: Collection[Module]
) -> None:
    """Les métiers ne sont pas dans l'historique : on n'écrase pas sans le dire ceux qu'un autre a enregistrés."""
    histoire = ModuleFormation.history.filter(id=module.pk)
    if vu is None or vu == jeton(histoire):
        return
    if {m.pk for m in publics} != set(module.publics.values_list("pk", flat=True)) or {m.pk for m in modules} != set(
        module.modules.values_list("pk", flat=True)
    ):
        qui = histoire.order_by("-history_id").first().history_user or "une autre personne"
        phrase = f"Entre-temps, {qui} a enregistré ce module : relisez à qui il s'adresse et ce qu'il enseigne."
        raise Refus("concurrence", f"{phrase} Votre saisie est gardée.")


@transaction.atomic
def modifier_module(
    *,
    module: ModuleFormation,
    par: Utilisateur,
    vu: int | None = None,
    publics: Collection[Metier] = (),
    modules: Collection[Module] = (),
    **valeurs: Any,
) -> ModuleFormation:
    """Corrige un module du plan (`valeurs` : de `CHAMPS_DU_MODULE`). `vu` : jeton de la version lue.

    Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_le_plan(par, module))
    relu = _relire(module)
    exiger_au_plan(relu)
    exiger_inchange(ModuleFormation.history.filter(id=module.pk), vu, valeurs.keys())
    _exiger_meme_public(relu, vu, publics, modules)
    return _enregistrer(relu, valeurs, publics, modules, par)


def suites_du_retrait(module: ModuleFormation, au: date) -> tuple[int, int]:
    """Combien de personnes gardent un acquis valable, combien de sessions sont à venir. Deux requêtes."""
    formees = Acquis.objects.filter(module=module).valables(au).values("professionnel").distinct().count()
    return formees, SessionFormation.objects.filter(module=module).a_venir().count()


@transaction.atomic
def retirer_module(*, module: ModuleFormation, par: Utilisateur) -> ModuleFormation:
    """Retire un module du plan, à ce jour : il ne compte plus, ses acquis et ses sessions restent.

    Lève `Refus` (droit, etat).
    """
    exiger(peut_tenir_le_plan(par, module))
    relu = _relire(module)
    exiger_au_plan(relu)
    return _dater_le_retrait(relu, timezone.localdate(), par)


@transaction.atomic
def remettre_module(*, module: ModuleFormation, par: Utilisateur) -> ModuleFormation:
    """Remet au plan un module retiré. Lève `Refus` (droit, etat, champ `nom` si un autre a pris son nom)."""
    exiger(peut_tenir_le_plan(par, module))
    relu = _relire(module)
    if not relu.retire_le:
        raise Refus("etat", DEJA_AU_PLAN)
    _exiger_nom_libre(relu)
    return _dater_le_retrait(relu, None, par)


def _dater_le_retrait(module: ModuleFormation, le: date | None, par: Utilisateur) -> ModuleFormation:
    module.retire_le = le
    signer(module, par)
    module.save(update_fields=["retire_le"])
    recompter(module.grappe)
    return module


@transaction.atomic
def joindre(*, module: ModuleFormation, fichier: File, par: Utilisateur) -> Piece:
    """Joint un support au module. Lève `Refus` (droit, etat, champ `fichier`)."""
    exiger(peut_tenir_le_plan(par, module))
    relu = _relire(module)
    exiger_au_plan(relu)
    return pieces.deposer(relu, fichier, par=par)


@transaction.atomic
def retirer_piece(*, module: ModuleFormation, piece: Piece, par: Utilisateur) -> None:
    """Retire un support. Lève `Refus` (droit)."""
    exiger(peut_tenir_le_plan(par, module))
    _relire(module)
    pieces.retirer(piece)
