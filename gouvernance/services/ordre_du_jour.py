"""L'ordre du jour : y inscrire un point, le corriger, le ranger, le retirer ; porter un point au COMOP."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gouvernance.enums import EtatSeance, NaturePoint, SuitePoint, TypeInstance
from gouvernance.models import Instance, Point, Seance
from gouvernance.models.seances import A_VENIR
from gouvernance.permissions import peut_porter_un_point, peut_tenir_seance
from gouvernance.services.reports import ordonner
from programme.models import Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange

CHAMPS = ("titre", "nature", "duree", "expose")
DIFFUSE = "Le compte rendu est diffusé : il ne se corrige plus."
FERME = "L'ordre du jour ne change plus : la séance est « {} »."
ATTEND_UNE_REPONSE = "« {} » attend une réponse à ce point : écrivez-la avant de le retirer."
SANS_COMOP = "Aucune séance du COMOP n'est prévue : demandez au chef de projet d'en prévoir une, puis portez ce point."
PAS_UN_COMITE = "Seul un comité utilisateurs porte un point au COMOP."


def _a_composer(seance: Seance) -> Seance:
    """La séance relue sous verrou, si son ordre du jour change encore."""
    relue = Seance.objects.select_for_update(of=("self",)).pour_lecture().get(pk=seance.pk)
    if relue.etat == EtatSeance.DIFFUSEE:
        raise Refus("etat", DIFFUSE)
    if relue.etat not in A_VENIR:
        raise Refus("etat", FERME.format(relue.get_etat_display().lower()))
    return relue


def _ajouter(seance: Seance, par: Utilisateur, valeurs: dict[str, Any]) -> Point:
    relue = _a_composer(seance)
    rang = relue.points.aggregate(n=Max("rang"))["n"] or 0
    point = Point(seance=relue, rang=rang + 1, **valeurs)
    valider(point)
    signer(point, par)
    point.save()
    return point


@transaction.atomic
def ajouter_point(
    *,
    seance: Seance,
    titre: str,
    par: Utilisateur,
    nature: str = NaturePoint.ECHANGE,
    duree: int = 10,
    expose: str = "",
    **provenance: Any,
) -> Point:
    """Inscrit en fin d'ordre du jour un point écrit à la main ; ce qui est proposé s'inscrit par `propositions`.

    `provenance` : `origine`, `cle`, `source`, pour un point qu'une autre app porte. Lève `Refus` (droit, etat, champ).
    """
    exiger(peut_tenir_seance(par, seance))
    return _ajouter(seance, par, dict(zip(CHAMPS, (titre, nature, duree, expose), strict=True)) | provenance)


@transaction.atomic
def modifier_point(*, point: Point, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Point:
    """Corrige un point (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, etat, champ, concurrence)."""
    exiger(peut_tenir_seance(par, point.seance))
    _a_composer(point.seance)
    relu = Point.objects.select_for_update(of=("self",)).select_related("seance__comite").get(pk=point.pk)
    exiger_inchange(Point.history.filter(id=relu.pk), vu, valeurs.keys())
    for nom, valeur in valeurs.items():
        setattr(relu, nom, valeur)
    valider(relu, exclure=("source_type", "source_id"))
    signer(relu, par)
    relu.save()
    return relu


@transaction.atomic
def retirer_point(*, point: Point, par: Utilisateur) -> bool:
    """Retire un point ; vrai s'il n'en reste rien, faux s'il reste lisible, marqué retiré.

    Ce qui vient d'une autre séance, d'un comité ou d'une proposition, ou dont on a déjà parlé, garde sa trace.
    Lève `Refus` (droit, etat).
    """
    exiger(peut_tenir_seance(par, point.seance))
    seance = _a_composer(point.seance)
    relu = Point.objects.select_for_update(of=("self",)).get(pk=point.pk)
    if relu.demandee_par_id and not relu.reponse:
        raise Refus("etat", ATTEND_UNE_REPONSE.format(relu.demandee_par))
    venu_d_ailleurs = relu.demandee_par_id or relu.reporte_de_id or relu.cle
    if seance.se_prepare and not venu_d_ailleurs and not relu.notes and not relu.issues.exists():
        signer(relu, par)
        relu.delete()
        return True
    relu.suite = SuitePoint.RETIRE
    signer(relu, par)
    relu.save()
    return False


@transaction.atomic
def deplacer_point(*, point: Point, vers: int, par: Utilisateur) -> None:
    """Monte (`vers=-1`) ou descend (`vers=1`) un point d'un rang ; au bord, rien. Lève `Refus` (droit, etat)."""
    exiger(peut_tenir_seance(par, point.seance))
    seance = _a_composer(point.seance)
    cles = list(seance.points.order_by("rang", "pk").values_list("pk", flat=True))
    ici = cles.index(point.pk)
    la = min(max(ici + vers, 0), len(cles) - 1)
    cles.insert(la, cles.pop(ici))
    ordonner(seance, cles)


# --- le comité utilisateurs ----------------------------------------------------------------------------------------


def prochain_comop(comite: Instance) -> Seance | None:
    """La prochaine séance en préparation d'un COMOP de la même grappe."""
    prevues = Seance.objects.filter(
        comite__grappe=comite.grappe_id,
        comite__type=TypeInstance.COMOP,
        comite__close_le__isnull=True,
        etat=EtatSeance.PREPAREE,
        debut__gte=timezone.now(),
    )
    return prevues.pour_lecture().order_by("debut", "pk").first()


@transaction.atomic
def porter_point(*, comite: Instance, titre: str, par: Utilisateur, expose: str = "") -> Point:
    """Inscrit un point du comité utilisateurs à la prochaine séance du COMOP, qui y répondra.

    Lève `Refus` (droit, etat, champ).
    """
    exiger(peut_porter_un_point(par, comite))
    if comite.type != TypeInstance.UTILISATEURS:
        raise Refus("etat", PAS_UN_COMITE)
    seance = prochain_comop(comite)
    if seance is None:
        raise Refus("etat", SANS_COMOP)
    return _ajouter(seance, par, {"titre": titre, "expose": expose, "demandee_par": comite})


def points_portes(comite: Instance, *, par: Utilisateur) -> list[Point]:
    """Ce que ce comité a porté au COMOP et que voit ce lecteur, avec la réponse, le plus récent d'abord. Une requête.

    Un point reporté ne se lit qu'à sa dernière séance.
    """
    if comite.type != TypeInstance.UTILISATEURS:
        return []
    portes = Point.objects.visibles_par(par).filter(demandee_par=comite, repris_par__isnull=True)
    return list(portes.select_related("seance__comite").order_by("-seance__debut", "rang", "pk"))
