"""Les personnes et leurs postes : ajouter à la main, corriger, dire une sortie, retirer une erreur."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from formation.models import Poste, Professionnel
from formation.permissions import peut_corriger_personne, peut_gerer_professionnels
from formation.services.couverture import rafraichir
from programme.models import Esms, OrganismeGestionnaire, Parcours, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.dates import date_courte
from programme.socle.empreintes import empreinte_de
from programme.socle.erreurs import Refus

CHAMPS_PERSONNE = ("nom", "matricule", "courriel", "origine")
CHAMPS_POSTE = ("metier", "unite", "rythme", "debut", "fin")

SANS_OG = "Cet ESMS n'a pas d'organisme gestionnaire dans l'annuaire : une personne se rattache à un organisme."
AUTRE_OG = "Cette personne est d'un autre organisme que cet ESMS : ajoutez-la comme une personne de plus."
SANS_NOM = "Donnez son nom. Pour compter un poste sans nommer personne, prenez « Compter sans noms »."
EFFACEE = "Cette personne est effacée : on ne lui redonne pas de nom. Ajoutez-la comme une personne de plus."
UNITE_D_AILLEURS = "Cette unité n'est pas de cet ESMS : choisissez-en une de la liste."
MEMES_DATES = "Cette personne a déjà un poste dans cet ESMS, entré le {} : corrigez-le, ou changez l'entrée."
MATRICULE_CONNU = "Ce matricule est déjà celui de « {} » : ajoutez-lui plutôt un poste."
MATRICULE_AILLEURS = (
    "Ce matricule est déjà celui d'une personne d'un ESMS que vous ne gérez pas : vérifiez-le, ou demandez au siège "
    "de lui ajouter ce poste."
)
CROISEE = "Entre-temps, cette fiche a changé. Votre saisie est gardée : relisez, puis enregistrez à nouveau."
A_SERVI = (
    "Ce poste a servi à inscrire ou à former cette personne : il ne se retire pas. Dites plutôt sa sortie, ou corrigez "
    "ses dates."
)


def vu_de(objet: Professionnel | Poste) -> str:
    """Ce que la personne a sous les yeux, en un mot : de quoi dire si quelqu'un d'autre l'a changé depuis.

    Une personne n'a pas d'historique (un nom effacé doit l'être partout) : l'empreinte en tient lieu.
    """
    champs = CHAMPS_PERSONNE if isinstance(objet, Professionnel) else CHAMPS_POSTE
    return empreinte_de([str(objet.serializable_value(nom) or "") for nom in champs])[:16]


def personne_au_matricule(og: OrganismeGestionnaire | None, matricule: str) -> Professionnel | None:
    """La personne de cet organisme qui porte déjà ce matricule."""
    return Professionnel.objects.filter(og=og, matricule=matricule).first() if og and matricule else None


def est_vue(personne: Professionnel, par: Utilisateur) -> bool:
    """Vrai si ce compte gère un ESMS où elle a tenu un poste."""
    return Professionnel.objects.visibles_par(par).filter(pk=personne.pk).exists()


# --- vérifier ------------------------------------------------------------------------------------------------------


def _exiger_inchange(objet: Professionnel | Poste, vu: str | None) -> None:
    if vu is not None and vu != vu_de(objet):
        raise Refus("concurrence", CROISEE)


def _fautes(objet: Any, *, exclure: Sequence[str] = ()) -> dict[str, list[str]]:
    try:
        valider(objet, exclure=exclure)
    except Refus as refus:
        return refus.champs
    return {}


def _fautes_de_personne(personne: Professionnel, par: Utilisateur) -> dict[str, list[str]]:
    fautes = _fautes(personne, exclure=("og",))
    if not personne.nom:
        fautes["nom"] = [SANS_NOM]
    autre = personne_au_matricule(personne.og, personne.matricule)
    if autre and autre.pk != personne.pk:
        fautes.pop("__all__", None)
        fautes["matricule"] = [MATRICULE_CONNU.format(autre) if est_vue(autre, par) else MATRICULE_AILLEURS]
    return fautes


def _fautes_de_poste(poste: Poste) -> dict[str, list[str]]:
    fautes = _fautes(poste, exclure=("professionnel", "parcours", "saisi_par"))
    if poste.unite and poste.unite.parcours_id != poste.parcours_id:
        fautes["unite"] = [UNITE_D_AILLEURS]
    if poste.fin and poste.debut and poste.fin < poste.debut:
        fautes["fin"] = fautes.pop("__all__", ["La sortie précède l'entrée : corrigez l'une des deux dates."])
    memes = Poste.objects.filter(parcours=poste.parcours_id, debut=poste.debut).exclude(pk=poste.pk)
    if poste.professionnel_id and memes.filter(professionnel=poste.professionnel_id).exists():
        fautes.pop("__all__", None)
        fautes["debut"] = [MEMES_DATES.format(date_courte(poste.debut))]
    return fautes


def _refuser(fautes: dict[str, list[str]]) -> None:
    if fautes:
        raise Refus("champ", "à corriger", champs=fautes)


def _verrouiller(og_id: int | None) -> OrganismeGestionnaire:
    """L'organisme, verrouillé : deux envois du même matricule se suivent au lieu de se croiser."""
    og = OrganismeGestionnaire.objects.select_for_update().filter(pk=og_id).first() if og_id else None
    if og is None:
        raise Refus("etat", SANS_OG)
    return og


# --- écrire --------------------------------------------------------------------------------------------------------


def _enregistrer(poste: Poste) -> None:
    """Écrit le poste, et recompte la couverture de son ESMS : un arrivant ou un départ la déplace."""
    poste.save()
    rafraichir([poste.parcours_id])


@transaction.atomic
def ajouter_personne(
    *, parcours: Parcours, par: Utilisateur, personne: dict[str, Any], poste: dict[str, Any]
) -> Professionnel:
    """Une personne de l'organisme de l'ESMS, et son premier poste (`CHAMPS_PERSONNE`, `CHAMPS_POSTE`).

    Lève `Refus` (droit, etat, champ) sans rien écrire.
    """
    exiger(peut_gerer_professionnels(par, parcours))
    nouvelle = Professionnel(og=_verrouiller(Esms.objects.get(pk=parcours.esms_id).og_id), **personne)
    tenu = Poste(parcours=parcours, saisi_par=par, **poste)
    _refuser(_fautes_de_poste(tenu) | _fautes_de_personne(nouvelle, par))
    nouvelle.save()
    tenu.professionnel = nouvelle
    _enregistrer(tenu)
    return nouvelle


@transaction.atomic
def corriger_personne(*, personne: Professionnel, par: Utilisateur, vu: str | None = None, **valeurs: Any) -> None:
    """Corrige nom, matricule, courriel, origine. Lève `Refus` (droit, etat, champ, concurrence) sans rien écrire."""
    exiger(peut_corriger_personne(par, personne))
    _verrouiller(personne.og_id)
    relue = Professionnel.objects.select_for_update(of=("self",)).select_related("og").get(pk=personne.pk)
    if relue.pseudonymise_le:
        raise Refus("etat", EFFACEE)
    _exiger_inchange(relue, vu)
    for nom, valeur in valeurs.items():
        setattr(relue, nom, valeur)
    _refuser(_fautes_de_personne(relue, par))
    relue.save()


@transaction.atomic
def ajouter_poste(*, personne: Professionnel, parcours: Parcours, par: Utilisateur, **valeurs: Any) -> Poste:
    """Un poste de plus, dans un ESMS du même organisme. Lève `Refus` (droit, etat, champ) sans rien écrire."""
    exiger(peut_gerer_professionnels(par, parcours))
    if not est_vue(personne, par):
        raise Refus("droit", MATRICULE_AILLEURS)
    if personne.pseudonymise_le:
        raise Refus("etat", EFFACEE)
    if Esms.objects.get(pk=parcours.esms_id).og_id != personne.og_id:
        raise Refus("etat", AUTRE_OG)
    poste = Poste(professionnel=personne, parcours=parcours, saisi_par=par, **valeurs)
    _refuser(_fautes_de_poste(poste))
    _enregistrer(poste)
    return poste


def _relu(poste: Poste) -> Poste:
    return Poste.objects.select_for_update(of=("self",)).select_related("unite").get(pk=poste.pk)


@transaction.atomic
def modifier_poste(*, poste: Poste, par: Utilisateur, vu: str | None = None, **valeurs: Any) -> Poste:
    """Corrige un poste (`CHAMPS_POSTE`). Lève `Refus` (droit, champ, concurrence) sans rien écrire."""
    exiger(peut_gerer_professionnels(par, poste))
    relu = _relu(poste)
    _exiger_inchange(relu, vu)
    for nom, valeur in valeurs.items():
        setattr(relu, nom, valeur)
    _refuser(_fautes_de_poste(relu))
    _enregistrer(relu)
    return relu


@transaction.atomic
def clore_poste(*, poste: Poste, fin: date, par: Utilisateur) -> Poste:
    """Dit une sortie, faite ou à venir : le dernier jour en poste. Lève `Refus` (droit, champ) sans rien écrire."""
    exiger(peut_gerer_professionnels(par, poste))
    relu = _relu(poste)
    relu.fin = fin
    _refuser(_fautes_de_poste(relu))
    _enregistrer(relu)
    return relu


@transaction.atomic
def retirer_poste(*, poste: Poste, par: Utilisateur) -> bool:
    """Retire un poste saisi par erreur ; la personne avec, si c'était le seul (rend alors vrai).

    Lève `Refus` (droit, etat) sans rien écrire.
    """
    exiger(peut_gerer_professionnels(par, poste))
    relu = _relu(poste)
    personne = Professionnel.objects.select_for_update().get(pk=relu.professionnel_id)
    seul = not personne.postes.exclude(pk=relu.pk).exists()
    if relu.inscriptions.exists() or (seul and personne.acquis.exists()):
        raise Refus("etat", A_SERVI)
    if seul:
        personne.delete()
    else:
        relu.delete()
    rafraichir([relu.parcours_id])
    return seul
