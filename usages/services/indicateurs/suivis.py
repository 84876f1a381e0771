"""Ce qu'une grappe relève : ses indicateurs suivis, leurs cibles du jour ; lire, choisir, arrêter."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone

from programme.models import Convention, Grappe, Parcours, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, liste
from programme.socle.versions import jeton
from usages.calculs.budget import Chiffre, Compte, le_plus_charge
from usages.enums import Famille
from usages.models import Cible, Indicateur, Suivi
from usages.permissions import peut_conduire_les_chiffres

TROP = (
    "Ce choix ferait taper {total} par trimestre dans un ESMS ; le budget est de {plafond}. {detail}. "
    "Décochez-en, ou préférez ce qui se calcule ou s'importe."
)
PARTAGE = "« {} » sert de dénominateur à {} : arrêtez-les d'abord."
A_VENIR = "On ne commence pas à suivre un indicateur dans l'avenir : choisissez-le le jour venu."
PAS_SUIVI = "« {} » n'est pas suivi par cette grappe."
RETIRE = "« {} » est retiré du catalogue : choisissez-en un autre."
CROISES = (
    "Entre-temps, {} a changé les indicateurs suivis. Votre choix est gardé : relisez, puis enregistrez à nouveau."
)
_RANGS = {famille: rang for rang, famille in enumerate(Famille)}


def ranger(indicateurs: Iterable[Indicateur]) -> list[Indicateur]:
    """Déploiement, usage, maintien ; puis le rang du catalogue."""
    return sorted(indicateurs, key=lambda i: (_RANGS[Famille(i.famille)], i.rang, i.pk))


def _lus(suivis: Any) -> Any:
    return suivis.select_related("indicateur__denominateur_commun").prefetch_related("indicateur__non_concernees")


# --- lire ----------------------------------------------------------------------------------------------------------


def suivis(grappe: Grappe, au: date) -> list[Indicateur]:
    """Les indicateurs que la grappe relève ce jour-là, dénominateurs partagés compris, dans l'ordre des familles.

    `denominateur_commun` et `non_concernees` (catégories) sont déjà lus. Deux requêtes.
    """
    return suivis_par_grappe(Grappe.objects.filter(pk=grappe.pk), au).get(grappe.pk, [])


def suivis_par_grappe(grappes: "QuerySet[Grappe]", au: date) -> dict[int, list[Indicateur]]:
    """De même pour un ensemble de grappes, par clé ; celles qui ne suivent rien n'y sont pas. Deux requêtes."""
    par_grappe: dict[int, dict[int, Indicateur]] = {}
    lignes = Suivi.objects.filter(grappe__in=grappes.order_by().values("pk")).a_la_date(au).order_by()
    for suivi in _lus(lignes):
        par_grappe.setdefault(suivi.grappe_id, {})[suivi.indicateur_id] = suivi.indicateur
    return {cle: ranger(indicateurs.values()) for cle, indicateurs in par_grappe.items()}


def cibles(grappe: Grappe, au: date) -> dict[int, Cible]:
    """Les cibles de ce jour, par clé d'indicateur : celle de la grappe, sinon celle de l'instruction de sa convention.

    De deux qui se recouvrent, la plus récente. Deux requêtes.
    """
    instruction = Convention.objects.filter(grappe=grappe.pk).values_list("instruction", flat=True).first()
    d_ici = Cible.objects.filter(grappe=grappe.pk)
    communes = Cible.objects.filter(instruction=instruction) if instruction else Cible.objects.none()
    retenues: dict[int, Cible] = {}
    # Les communes d'abord, de la plus ancienne à la plus récente : la dernière posée l'emporte.
    for cible in (d_ici | communes).a_la_date(au).order_by("du", "pk"):
        deja = retenues.get(cible.indicateur_id)
        if deja is None or cible.grappe_id or not deja.grappe_id:
            retenues[cible.indicateur_id] = cible
    return retenues


def cible_de(indicateur: Indicateur, grappe: Grappe, au: date) -> Cible | None:
    """La cible de cet indicateur, dans cette grappe, ce jour-là. Pour plusieurs : `cibles`, en deux requêtes."""
    return cibles(grappe, au).get(indicateur.pk)


# --- le budget -----------------------------------------------------------------------------------------------------


def en_chiffre(indicateur: Indicateur) -> Chiffre:
    """L'indicateur, vu du budget de saisie (`non_concernees` déjà lues)."""
    return Chiffre(
        indicateur.pk,
        indicateur.libelle,
        indicateur.cadence,
        indicateur.forme,
        indicateur.est_saisi,
        indicateur.denominateur_commun_id,
        frozenset(c.code for c in indicateur.non_concernees.all()),
    )


def compter(grappe: Grappe, indicateurs: Iterable[Indicateur]) -> Compte:
    """Ce que taperait, par trimestre, l'ESMS de la grappe le plus chargé. Deux requêtes au plus."""
    indicateurs = list(indicateurs)
    prefetch_related_objects(indicateurs, "non_concernees")
    categories = Parcours.objects.dans_le_projet().filter(grappe=grappe).order_by().values_list("esms__categorie")
    return le_plus_charge([en_chiffre(i) for i in indicateurs], (code for (code,) in categories.distinct()))


def en_detail(compte: Compte) -> str:
    """« Personnes présentes : 1 ; Incidents : 3 »."""
    return " ; ".join(f"{ligne.nom} : {ligne.cout}" for ligne in compte.lignes)


def exiger_dans_le_budget(grappe: Grappe, indicateurs: Iterable[Indicateur]) -> None:
    """Lève `Refus("champ")`, avec le compte, si ce choix dépasse le budget de saisie d'un ESMS."""
    compte = compter(grappe, indicateurs)
    if compte.depasse:
        phrase = TROP.format(total=accorde(compte.total, "chiffre"), plafond=compte.plafond, detail=en_detail(compte))
        raise Refus("champ", phrase, champs={"indicateurs": [phrase]})


def avec_leurs_communs(indicateurs: Iterable[Indicateur]) -> list[Indicateur]:
    """Ces indicateurs, et les dénominateurs partagés qu'ils demandent."""
    tous = {i.pk: i for i in indicateurs}
    for indicateur in list(tous.values()):
        if commun := indicateur.denominateur_commun:
            tous.setdefault(commun.pk, commun)
    return ranger(tous.values())


# --- choisir -------------------------------------------------------------------------------------------------------


@transaction.atomic
def choisir(
    *,
    grappe: Grappe,
    indicateurs: Collection[Indicateur],
    par: Utilisateur,
    vu: int | None = None,
    depuis: date | None = None,
) -> tuple[int, int]:
    """La grappe suit ces indicateurs et eux seuls ; rend combien commencent, combien s'arrêtent.

    Leurs dénominateurs partagés viennent avec. `depuis` : le jour où commencent les nouveaux, aujourd'hui à défaut ; un
    jour passé, pour une grappe qui relevait déjà. `vu` : jeton de la version lue (`jeton_de`).
    Lève `Refus` (droit, concurrence, champ : le budget de saisie dépassé).
    """
    exiger(peut_conduire_les_chiffres(par, grappe))
    # Deux choix simultanés s'attendent : chacun compte le budget de tout ce qui est suivi.
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    _exiger_meme_choix(grappe, vu)
    aujourd_hui = timezone.localdate()
    if depuis and depuis > aujourd_hui:
        raise Refus("champ", A_VENIR, champs={"depuis": [A_VENIR]})
    voulus = {i.pk: i for i in avec_leurs_communs(indicateurs)}
    en_cours = {s.indicateur_id: s for s in Suivi.objects.filter(grappe=grappe, jusqu_au__isnull=True)}
    for cle, indicateur in voulus.items():
        if cle not in en_cours and indicateur.retire_le and indicateur.retire_le <= aujourd_hui:
            raise Refus("champ", RETIRE.format(indicateur), champs={"indicateurs": [RETIRE.format(indicateur)]})
    exiger_dans_le_budget(grappe, voulus.values())
    for cle in voulus.keys() - en_cours.keys():
        _commencer(grappe, voulus[cle], depuis or aujourd_hui, par)
    for cle in en_cours.keys() - voulus.keys():
        _finir(en_cours[cle], aujourd_hui, par)
    return len(voulus.keys() - en_cours.keys()), len(en_cours.keys() - voulus.keys())


def jeton_de(grappe: Grappe) -> int:
    """La dernière écriture connue des indicateurs suivis de la grappe. Une requête."""
    return jeton(Suivi.history.filter(grappe_id=grappe.pk))


def _exiger_meme_choix(grappe: Grappe, vu: int | None) -> None:
    if vu is not None and vu != jeton_de(grappe):
        dernier = Suivi.history.filter(grappe_id=grappe.pk).order_by("-history_id").first()
        raise Refus("concurrence", CROISES.format((dernier and dernier.history_user) or "une autre personne"))


@transaction.atomic
def suivre(*, grappe: Grappe, indicateur: Indicateur, par: Utilisateur, depuis: date | None = None) -> Suivi:
    """La grappe suit cet indicateur de plus, et son dénominateur partagé. Lève `Refus` (droit, champ)."""
    actuels = [s.indicateur for s in _lus(Suivi.objects.filter(grappe=grappe, jusqu_au__isnull=True))]
    choisir(grappe=grappe, indicateurs=[*actuels, indicateur], par=par, depuis=depuis)
    return Suivi.objects.get(grappe=grappe, indicateur=indicateur, jusqu_au__isnull=True)


@transaction.atomic
def arreter(*, grappe: Grappe, indicateur: Indicateur, par: Utilisateur) -> None:
    """La grappe cesse de relever cet indicateur ; ses chiffres passés restent. Lève `Refus` (droit, etat)."""
    exiger(peut_conduire_les_chiffres(par, grappe))
    Grappe._base_manager.select_for_update(of=("self",)).get(pk=grappe.pk)
    en_cours = Suivi.objects.filter(grappe=grappe, jusqu_au__isnull=True)
    suivi = en_cours.filter(indicateur=indicateur).first()
    if suivi is None:
        raise Refus("etat", PAS_SUIVI.format(indicateur))
    tenus = en_cours.filter(indicateur__denominateur_commun=indicateur)
    if noms := list(tenus.values_list("indicateur__libelle", flat=True)):
        raise Refus("etat", PARTAGE.format(indicateur, liste([f"« {nom} »" for nom in noms])))
    _finir(suivi, timezone.localdate(), par)


def _commencer(grappe: Grappe, indicateur: Indicateur, le: date, par: Utilisateur) -> None:
    """Commence, ou reprend là où l'on s'était arrêté si c'était hier ou aujourd'hui : un remords n'est pas un trou."""
    recent = Suivi.objects.filter(grappe=grappe, indicateur=indicateur, jusqu_au__gte=le - timedelta(days=1)).first()
    suivi = recent or Suivi(grappe=grappe, indicateur=indicateur, depuis=le, choisi_par=par)
    suivi.depuis, suivi.jusqu_au = min(suivi.depuis, le), None
    valider(suivi)
    signer(suivi, par)
    suivi.save()


def _finir(suivi: Suivi, le: date, par: Utilisateur) -> None:
    """S'arrête hier : ce jour n'en est plus. Commencé aujourd'hui, il s'efface."""
    signer(suivi, par)
    if suivi.depuis >= le:
        suivi.delete()
        return
    suivi.jusqu_au = le - timedelta(days=1)
    suivi.save(update_fields=["jusqu_au"])
