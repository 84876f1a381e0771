"""Monter une grappe, la modifier, y faire entrer des ESMS. Tout est vérifié avant la première écriture."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from programme.enums import EtatParcours, Portee, Role, TypeProjet
from programme.models import (
    Affectation,
    Esms,
    Grappe,
    Module,
    OrganismeGestionnaire,
    Ouverture,
    Parcours,
    Region,
    Solution,
    Unite,
    Utilisateur,
)
from programme.permissions import doit_designer_un_chef, peut_conduire, peut_creer_grappe
from programme.services.controles import exiger, signer, valider
from programme.services.examen import Ecart, Examen, examiner_esms, examiner_numeros
from programme.socle.erreurs import Refus
from programme.socle.nombres import liste
from programme.socle.versions import exiger_inchange

__all__ = ["Ecart", "Examen", "ajouter_esms", "creer_grappe", "examiner_esms", "examiner_numeros", "modifier_grappe"]

UNITE_PAR_DEFAUT = "ESMS entier"


@transaction.atomic
def creer_grappe(
    *,
    nom: str,
    par: Utilisateur,
    porteur: OrganismeGestionnaire | None = None,
    region: Region | None = None,
    solution: Solution | None = None,
    modules: Iterable[Module] = (),
    type_projet: str = TypeProjet.ACQUISITION,
    annee_financement: int | None = None,
    presentation: str = "",
    esms: Iterable[Esms] = (),
    chef: Utilisateur | None = None,
) -> Grappe:
    """Crée la grappe, en donne la conduite à `chef` (par défaut `par`), et y fait entrer `esms` s'il y en a.

    L'administrateur ne conduit pas : il désigne toujours un chef de projet. `type_projet` est celui de ces premiers
    ESMS. Lève `Refus` (droit, champ) sans rien écrire.
    """
    exiger(peut_creer_grappe(par))
    chef = _chef_designe(par, chef)
    grappe = Grappe(
        nom=nom.strip(),
        porteur=porteur,
        region=region,
        solution=solution,
        annee_financement=annee_financement,
        presentation=presentation,
    )
    valider(grappe)
    signer(grappe, par)
    grappe.save()
    grappe.modules.set(modules)
    Affectation.objects.create(
        utilisateur=chef,
        role=Role.CHEF_PROJET,
        portee=Portee.GRAPPE,
        grappe=grappe,
        du=timezone.localdate(),
        confie_par=par,
    )
    for compte in {par, chef}:
        # Le périmètre est lu une fois par requête : la grappe neuve doit y entrer tout de suite.
        compte.__dict__.pop("perimetre", None)
    premiers = list(esms)
    if premiers:
        _faire_entrer(grappe, premiers, par, type_projet, solution)
    return grappe


def _chef_designe(par: Utilisateur, chef: Utilisateur | None) -> Utilisateur:
    if doit_designer_un_chef(par) and (chef is None or chef == par):
        phrase = "Désignez un chef de projet : l'administrateur monte la grappe, il ne la conduit pas."
    elif chef and not chef.is_active:
        phrase = "Ce compte est fermé : désignez-en un autre, ou rouvrez-le."
    else:
        return chef or par
    raise Refus("champ", phrase, champs={"chef": [phrase]})


@transaction.atomic
def modifier_grappe(
    *, grappe: Grappe, par: Utilisateur, modules: Iterable[Module] | None = None, vu: int | None = None, **champs: Any
) -> Grappe:
    """Change les champs donnés ; un module ajouté ouvre une ligne dans chaque unité, un module retiré n'efface rien,
    une solution choisie vaut pour les ESMS qui n'en avaient pas encore.

    `vu` : jeton de la version que l'auteur avait sous les yeux (`socle.versions`). Lève `Refus` (droit, champ,
    concurrence).
    """
    exiger(peut_conduire(par, grappe))
    grappe = Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    exiger_inchange(Grappe.history.filter(id=grappe.pk), vu, champs.keys())
    for nom, valeur in champs.items():
        setattr(grappe, nom, valeur)
    valider(grappe)
    signer(grappe, par)
    grappe.save()
    if modules is not None:
        grappe.modules.set(modules)
        _completer_ouvertures(grappe)
    _donner_la_solution(grappe, par)
    return grappe


def _donner_la_solution(grappe: Grappe, par: Utilisateur) -> None:
    """Les parcours entrés avant le choix du logiciel le reçoivent ; un seul déjà pris ailleurs fait refuser."""
    if grappe.solution is None:
        return
    sans = list(
        Parcours.objects.filter(grappe=grappe, solution=None).exclude(etat=EtatParcours.SORTI).select_related("esms")
    )
    pris = set(
        Parcours.objects.filter(solution=grappe.solution, esms__in=[p.esms_id for p in sans])
        .exclude(etat=EtatParcours.SORTI)
        .values_list("esms_id", flat=True)
    )
    if pris:
        noms = liste(p.esms.nom for p in sans if p.esms_id in pris)
        phrase = f"Déjà engagés dans un autre projet avec cette solution : {noms}. Faites-les en sortir d'abord."
        raise Refus("champ", phrase, champs={"solution": [phrase]})
    for parcours in sans:
        parcours.solution = grappe.solution
    bulk_update_with_history(sans, Parcours, ["solution"], default_user=par)


@transaction.atomic
def ajouter_esms(
    *,
    grappe: Grappe,
    esms: Iterable[Esms],
    par: Utilisateur,
    type_projet: str = TypeProjet.ACQUISITION,
    solution: Solution | None = None,
) -> list[Parcours]:
    """Fait entrer des ESMS dans la grappe : un parcours, son unité « ESMS entier », une ouverture par module.

    Tout ou rien : un ESMS fermé ou déjà engagé fait lever `Refus("champ")` avec toutes les raisons.
    """
    exiger(peut_conduire(par, grappe))
    return _faire_entrer(grappe, list(esms), par, type_projet, solution)


def _faire_entrer(
    grappe: Grappe, esms: list[Esms], par: Utilisateur, type_projet: str, solution: Solution | None
) -> list[Parcours]:
    if type_projet not in TypeProjet.values:
        raise Refus("champ", "Type de projet inconnu.", champs={"type_projet": ["Choisissez un type de projet."]})
    # Deux ajouts simultanés se suivent : le second voit ce que le premier a écrit.
    Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    solution = solution or grappe.solution
    examen = examiner_esms(esms=esms, par=par, grappe=grappe, solution=solution)
    if examen.defauts:
        raise Refus("champ", "Des ESMS ne peuvent pas entrer.", champs={"esms": [d.message for d in examen.defauts]})
    lignes = [Parcours(esms=e, grappe=grappe, solution=solution, type_projet=type_projet) for e in examen.retenus]
    try:
        with transaction.atomic():
            parcours = bulk_create_with_history(lignes, Parcours, default_user=par)
    except IntegrityError as conflit:
        motif = "Entre-temps, un de ces ESMS est entré ailleurs pour la même solution. Vérifiez la liste à nouveau."
        raise Refus("concurrence", motif) from conflit
    Unite.objects.bulk_create([Unite(parcours=p, nom=UNITE_PAR_DEFAUT) for p in parcours])
    _completer_ouvertures(grappe)
    return parcours


def _completer_ouvertures(grappe: Grappe) -> None:
    """Une ouverture par unité × module du périmètre, sans toucher à celles qui existent."""
    modules = set(grappe.modules.values_list("pk", flat=True))
    unites = Unite.objects.filter(parcours__grappe=grappe).exclude(parcours__etat=EtatParcours.SORTI)
    presentes = set(Ouverture.objects.filter(unite__in=unites).values_list("unite_id", "module_id"))
    attendues = [(u, m) for u in unites.values_list("pk", flat=True) for m in sorted(modules)]
    Ouverture.objects.bulk_create([Ouverture(unite_id=u, module_id=m) for u, m in attendues if (u, m) not in presentes])
