"""Le moment d'un ESMS : la direction choisit, le chef de projet propose, un désaccord va au COMOP (ANAP 3.5).

Chaque échange passe par la porte ; la vague retenue devient celle de l'ESMS au passage. Un refus lève `Refus`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.calculs.capacite import Places
from programme.calculs.chevauchement import Bornes, chevauchent
from programme.donnees_partagees import vagues_avec_charge
from programme.enums import A_ACCOMPAGNER
from programme.models import ConflitCalendrier, Grappe, Moment, Parcours, Utilisateur, Vague
from programme.permissions import peut_conduire_le_moment, peut_decider_du_moment, voit_toute_la_grappe
from programme.services.capacite import est_pleine_pour
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat

DEJA_EN_COURS = "Une réponse est déjà attendue pour le moment de cet ESMS : répondez-y d'abord."
TROP_TARD = "Cet ESMS est à l'état « {} » : sa vague ne se choisit plus ici."
AUTRE_GRAPPE = "Cette vague est celle d'une autre grappe."
MOTIF_AILLEURS = "La vague de l'ESMS s'est décidée autrement."


def _refus(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def _ouvrir(parcours: Parcours, par: Utilisateur, mot: str, le: Any, **vagues: Vague) -> Moment:
    """Un échange neuf, à l'état de départ, sur un parcours verrouillé."""
    verrou = Parcours.objects.select_for_update(of=("self",)).select_related("esms__departement", "grappe")
    relu = verrou.get(pk=parcours.pk)
    if relu.etat not in A_ACCOMPAGNER:
        raise _refus("vague", TROP_TARD.format(relu.get_etat_display().lower()))
    for vague in vagues.values():
        if vague.grappe_id != relu.grappe_id:
            raise _refus("vague", AUTRE_GRAPPE)
        if vague.pk == relu.vague_id:
            raise _refus("vague", f"{relu} est déjà dans la {vague} : choisissez-en une autre.")
    if relu.moments.en_cours().exists():
        raise Refus("concurrence", DEJA_EN_COURS)
    moment = Moment(parcours=relu, mot=mot, ouvert_par=par, ouvert_le=le or timezone.now(), **vagues)
    valider(moment, exclure=("etat",))
    signe: Any = moment
    signe._history_user = par
    moment.save()
    return moment


@transaction.atomic
def proposer_vague(
    *, parcours: Parcours, vague: Vague, par: Utilisateur, mot: str = "", le: Any = None, date_effet: date | None = None
) -> Moment:
    """Le chef de projet propose une vague ; la direction répondra. `le`, `date_effet` : pour un récit daté."""
    exiger(peut_conduire_le_moment(par, parcours))
    moment = _ouvrir(parcours, par, mot, le, proposee=vague)
    try:
        # Au-delà de la capacité, le mot à la direction est aussi le motif : il dit pourquoi.
        motif = mot if moment.est_pleine(vague, promises=True) else ""
        changer_etat(moment, "proposer", par=par, date_effet=date_effet, motif=motif)
    except Refus as refus:
        if "motif" in refus.champs:
            raise _refus("mot", refus.champs["motif"][0]) from refus
        raise
    return moment


@transaction.atomic
def choisir_vague(
    *, parcours: Parcours, vague: Vague, par: Utilisateur, mot: str = "", le: Any = None, date_effet: date | None = None
) -> Moment:
    """La direction choisit. S'il reste une place, c'est fait ; sinon sa demande attend le chef de projet."""
    exiger(peut_decider_du_moment(par, parcours))
    moment = _ouvrir(parcours, par, mot, le, demandee=vague)
    geste = "demander" if est_pleine_pour(vague, moment.parcours) else "choisir"
    changer_etat(moment, geste, par=par, date_effet=date_effet)
    return moment


@transaction.atomic
def proposer_aux_cochees(
    *, parcours: Iterable[Parcours], vague: Vague, par: Utilisateur, mot: str = ""
) -> list[Moment]:
    """Propose la même vague à plusieurs directions ; toutes, ou aucune."""
    cibles = list(parcours)
    if not cibles:
        raise _refus("parcours", "Cochez au moins un ESMS.")
    return [proposer_vague(parcours=p, vague=vague, par=par, mot=mot) for p in cibles]


def verrouiller_les_echanges(parcours: Iterable[Parcours]) -> None:
    """À appeler avant de verrouiller ces ESMS pour en écrire la vague.

    Répondre à un échange prend son verrou puis celui de l'ESMS : dans l'autre ordre, les deux s'attendraient sans fin.
    """
    echanges = Moment.objects.en_cours().filter(parcours__in=[p.pk for p in parcours]).order_by("pk")
    list(echanges.select_for_update(of=("self",)))


def classer_ailleurs(parcours: Iterable[Parcours], par: Utilisateur) -> None:
    """La vague de ces ESMS vient d'être écrite autrement : ce qui attendait sur leur moment n'a plus d'objet."""
    for moment in Moment.objects.en_cours().filter(parcours__in=[p.pk for p in parcours]):
        changer_etat(moment, "classer", par=par, motif=MOTIF_AILLEURS)


# --- lire ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VagueOfferte:
    """Une vague telle que la voit qui choisit : ses places là où elles se disent, ses conflits ; `finie` : passée."""

    vague: Vague
    places: Places
    pleine: bool
    conflits: list[ConflitCalendrier]
    siens: list[Parcours]
    finie: bool
    actuelle: bool


def vagues_offertes(parcours: Parcours, par: Utilisateur, au: date) -> list[VagueOfferte]:
    """Les vagues de la grappe face à cet ESMS : places, conflits qui les touchent, ESMS visibles qui y sont."""
    conflits = list(parcours.conflits.all())
    entiere = voit_toute_la_grappe(par, parcours.grappe)
    visibles: dict[int, list[Parcours]] = {}
    siens = Parcours.objects.visibles_par(par).filter(grappe=parcours.grappe_id, vague__isnull=False)
    for p in siens.dans_le_projet().select_related("esms"):
        visibles.setdefault(p.vague_id or 0, []).append(p)
    rendu = []
    for vague in vagues_avec_charge(parcours.grappe):
        lue: Any = vague
        rendu.append(
            VagueOfferte(
                vague,
                Places(vague.capacite, lue.prises if entiere else lue.prises_vues),
                bool(lue.comble),
                chevauchent(Bornes(vague.debut, vague.fin), conflits),
                visibles.get(vague.pk, []),
                vague.fin is not None and vague.fin < au,
                vague.pk == parcours.vague_id,
            )
        )
    return rendu


@dataclass(frozen=True, slots=True)
class Attentes:
    """Ce qui attend quelqu'un sur les moments d'une grappe, parmi ce que le lecteur en lit."""

    au_comop: list[Moment]
    conduite: list[Moment]
    direction: list[Moment]
    a_proposer: list[Parcours]
    conclus: list[Moment]


CONCLUS_MONTRES = 8


def attentes(grappe: Grappe, par: Utilisateur) -> Attentes:
    """Désaccords, demandes, propositions, ESMS sans vague ni échange en cours, derniers moments réglés."""
    vus = Moment.objects.visibles_par(par).filter(parcours__grappe=grappe).pour_lecture()
    sans_vague = Parcours.objects.lisibles_par(par).filter(grappe=grappe, vague__isnull=True, etat__in=A_ACCOMPAGNER)
    en_cours = Moment.objects.en_cours().order_by().values("parcours")
    return Attentes(
        list(vus.portes_au_comop()),
        list(vus.attendent_la_conduite().order_by("ouvert_le")),
        list(vus.attendent_la_direction().order_by("ouvert_le")),
        list(sans_vague.exclude(pk__in=en_cours).pour_lecture()),
        list(vus.exclude(etat__in=("a_dire", "propose", "demande", "porte"))[:CONCLUS_MONTRES]),
    )


@dataclass(frozen=True, slots=True)
class PlacesDeVague:
    """Une vague de la grappe : ses places là où elles se disent, et combien la demandent."""

    vague: Vague
    places: Places
    pleine: bool
    demandes: int
    finie: bool


def places(grappe: Grappe, par: Utilisateur, au: date) -> list[PlacesDeVague]:
    """Les vagues et leurs places ; exacts pour qui voit toute la grappe, à partir de cinq pour les autres."""
    entiere = voit_toute_la_grappe(par, grappe)
    vus = Moment.objects.visibles_par(par).en_cours().filter(parcours__grappe=grappe, etat__in=("demande", "porte"))
    demandes = Counter(vus.values_list("demandee", flat=True))
    rendu = []
    for vague in vagues_avec_charge(grappe):
        lue: Any = vague
        prises = lue.prises if entiere else lue.prises_vues
        finie = vague.fin is not None and vague.fin < au
        rendu.append(PlacesDeVague(vague, Places(vague.capacite, prises), bool(lue.comble), demandes[vague.pk], finie))
    return rendu
