"""Le tableau de bord ESMS face aux relevés de l'année : ce qu'il changerait, puis ce qu'il change.

L'aperçu est une écriture défaite : le service des relevés dit lui-même ce qu'il refuse, ce qu'il écrit, ce qu'il range
à côté d'un chiffre saisi. Rien n'est jugé deux fois.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from programme.models import OrganismeGestionnaire, Parcours, Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.indicateurs import Mesure
from programme.socle.models import Correspondance
from usages.calculs.controles import fautes_du_nombre
from usages.calculs.lignes_tdb import COMPTE, FINESS, SUR, LigneTdb, cle_de
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, Forme, Origine
from usages.models import Indicateur, Valeur
from usages.permissions.communs import SAISISSENT
from usages.services.chiffres.valeurs import Importe, remplacer_importes
from usages.services.releves.ouverture import ouvrir

GENRE = "tableau-de-bord-esms"
PREMIER_EXERCICE = 2015
INCONNU = "vous ne saisissez pas les chiffres de cet ESMS, ou il n'est dans aucune grappe."
CHANGE = "Un chiffre est refusé à l'écriture alors que l'aperçu l'acceptait."
NOMBRES = (Forme.RAPPORT, Forme.COMPTE, Forme.MONTANT)

Place = tuple[int, int]
"""(parcours, indicateur)."""


def parcours_saisis(utilisateur: Utilisateur) -> Any:
    """Les ESMS du projet dont il saisit les chiffres : `peut_saisir_chiffres`, sur un ensemble."""
    siens = Q(pk__in=[])
    for role in SAISISSENT:
        perimetre = utilisateur.perimetre.seul(role)
        siens |= Q(esms__in=perimetre.esms) | Q(esms__og__in=perimetre.ogs)
    return Parcours.objects.dans_le_projet().filter(siens).select_related("esms__departement", "grappe")


def indicateurs_annuels() -> list[Indicateur]:
    """Ceux qu'un fichier peut dire : annuels, en nombres, qui ne se calculent pas."""
    lus = Indicateur.objects.en_vigueur(timezone.localdate()).exclude(origine=Origine.CALCULE)
    return list(lus.filter(cadence=CadenceReleve.ANNEE, forme__in=NOMBRES).order_by("famille", "rang", "pk"))


@dataclass(frozen=True)
class Portee:
    """Ce qu'un fichier peut dire pour un compte : ses ESMS, FINESS → parcours, et les chiffres annuels."""

    parcours: dict[str, Parcours]
    indicateurs: list[Indicateur]


def lire_portee(utilisateur: Utilisateur) -> Portee:
    """Celle de ce compte."""
    siens = parcours_saisis(utilisateur).order_by("esms__tri", "pk")
    return Portee({p.esms.finess: p for p in siens}, indicateurs_annuels())


def parties(indicateurs: Iterable[Indicateur]) -> dict[str, str]:
    """Partie → son nom : ce qu'on compte, et ce à quoi l'on rapporte pour un rapport."""
    rendu = {}
    for i in indicateurs:
        rendu[cle_de((i.code, COMPTE))] = i.libelle
        if i.est_un_rapport:
            rendu[cle_de((i.code, SUR))] = f"{i.libelle}, rapporté à"
    return rendu


# --- la correspondance ---------------------------------------------------------------------------------------------


def correspondance_de(utilisateur: Utilisateur, og: OrganismeGestionnaire | None) -> Correspondance:
    """L'unique, de l'organisme, ou du compte s'il n'y en a pas ; neuve si l'on n'a jamais rien relié."""
    connues = Correspondance.objects.filter(genre=GENRE, code="")
    trouvee = connues.filter(og=og).first() if og else connues.filter(og__isnull=True, par=utilisateur).first()
    return trouvee or Correspondance(genre=GENRE, og=og, par=utilisateur, nom="Tableau de bord ESMS")


@transaction.atomic
def retenir(correspondance: Correspondance, colonnes: dict[str, str]) -> Correspondance:
    """Retient partie → repère de colonne ; un repère vide : ne pas reprendre."""
    correspondance.colonnes = correspondance.colonnes | colonnes
    correspondance.save()
    return correspondance


# --- comparer, écrire ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rejet:
    """Un chiffre laissé de côté : sa ligne, l'ESMS, sa colonne, pourquoi."""

    ligne: int
    finess: str
    nom: str
    colonne: str
    raison: str


@dataclass(frozen=True, slots=True)
class Changement:
    """Un chiffre qui change : ce qu'il disait, ce qu'il dira, en mots."""

    ligne: int
    parcours: Parcours
    titre: str
    avant: str
    apres: str
    est_neuf: bool


@dataclass
class Plan:
    """Tout ce que le fichier ferait : `importes` à écrire, dans l'ordre des lignes ; `ouverts` : relevés à ouvrir."""

    periode: Periode
    importes: list[Importe] = field(default_factory=list)
    changements: list[Changement] = field(default_factory=list)
    rejets: list[Rejet] = field(default_factory=list)
    inchanges: int = 0
    ouverts: int = 0


def comparer(
    lignes: Iterable[LigneTdb],
    *,
    periode: Periode,
    par: Utilisateur,
    le: datetime,
    temoin: Callable[[int], None] = lambda fait: None,
) -> Plan:
    """Ce que ces lignes changeraient, sans rien écrire."""
    plan, indicateurs = Plan(periode), {i.code: i for i in indicateurs_annuels()}
    noms = parties(indicateurs.values()) | {FINESS: "FINESS géographique"}
    siens: dict[str, list[Parcours]] = {}
    for parcours in parcours_saisis(par):
        siens.setdefault(parcours.esms.finess, []).append(parcours)
    for rang, ligne in enumerate(lignes, 1):
        _lire_une(plan, ligne, siens, indicateurs, noms)
        temoin(rang)
    _essayer(plan, {p.pk: p for liste in siens.values() for p in liste}, indicateurs, par, le)
    return plan


def _lire_une(
    plan: Plan,
    ligne: LigneTdb,
    siens: dict[str, list[Parcours]],
    indicateurs: dict[str, Indicateur],
    noms: dict[str, str],
) -> None:
    vises = siens.get(ligne.finess, [])
    nom = str(vises[0].esms) if vises else ""
    for partie, (place, phrase) in ligne.fautes.items():
        colonne = noms[partie] + (f" ({place})" if place else "")
        plan.rejets.append(Rejet(ligne.rang, ligne.finess, nom, colonne, phrase))
    if FINESS in ligne.fautes:
        return
    if not vises:
        plan.rejets.append(Rejet(ligne.rang, ligne.finess, "", noms[FINESS], INCONNU))
        return
    for code, indicateur in indicateurs.items():
        compte, sur = cle_de((code, COMPTE)), cle_de((code, SUR))
        # Sans ce qu'on compte, il n'y a rien à dire : la colonne du total sert souvent à plusieurs chiffres.
        if {compte, sur} & ligne.fautes.keys() or compte not in ligne.nombres:
            continue
        if dites := fautes_du_nombre(ligne.nombres[compte]) + fautes_du_nombre(ligne.nombres.get(sur)):
            plan.rejets.append(Rejet(ligne.rang, ligne.finess, nom, noms[compte], dites[0]))
            continue
        mesure = Mesure(ligne.nombres[compte], ligne.nombres.get(sur))
        plan.importes += [Importe(p.pk, plan.periode, indicateur.pk, [mesure], ligne.rang) for p in vises]


def _essayer(
    plan: Plan, parcours: dict[int, Parcours], indicateurs: dict[str, Indicateur], par: Utilisateur, le: datetime
) -> None:
    """Écrit, relève ce qui a changé et ce qui est refusé, puis défait tout."""
    par_cle = {i.pk: i for i in indicateurs.values()}
    avant = _etat(plan)
    with transaction.atomic():
        plan.ouverts = _ouvrir(plan)
        bilan = remplacer_importes(chiffres=plan.importes, le=le, par=par)
        apres = _etat(plan)
        transaction.set_rollback(True)
    refuses = {(e.parcours, e.indicateur) for e in bilan.ecarts}
    for ecart in bilan.ecarts:
        p, libelle = parcours[ecart.parcours], par_cle[ecart.indicateur].libelle
        plan.rejets.append(Rejet(ecart.ligne or 0, p.esms.finess, str(p), libelle, ecart.raison))
    gardes = []
    for importe in plan.importes:
        place = (importe.parcours, importe.indicateur)
        if place in refuses:
            continue
        gardes.append(importe)
        plan.inchanges += not _noter(plan, importe, parcours, par_cle, avant.get(place), apres.get(place))
    plan.importes = gardes
    plan.rejets.sort(key=lambda r: r.ligne)


def _ouvrir(plan: Plan) -> int:
    """Ouvre l'exercice des ESMS que nomme le fichier, s'il y manque : on n'importe que pour ceux dont on saisit."""
    vises = Parcours.objects.filter(pk__in={i.parcours for i in plan.importes})
    return ouvrir(plan.periode, au=timezone.localdate(), parcours=vises).releves


def _etat(plan: Plan) -> dict[Place, Valeur]:
    """Les cases que nomme le fichier. Une requête."""
    lues = Valeur.objects.totaux().filter(
        releve__debut=plan.periode.debut,
        releve__cadence=plan.periode.cadence,
        releve__parcours__in={i.parcours for i in plan.importes},
        indicateur__in={i.indicateur for i in plan.importes},
    )
    return {(v.releve.parcours_id, v.indicateur_id): v for v in lues.select_related("releve").order_by()}


def _noter(
    plan: Plan,
    importe: Importe,
    parcours: dict[int, Parcours],
    par_cle: dict[int, Indicateur],
    avant: Valeur | None,
    apres: Valeur | None,
) -> bool:
    """Vrai si le chiffre change, et alors le dit."""
    libelle, qui = par_cle[importe.indicateur].libelle, parcours[importe.parcours]
    change = False
    for titre, avant_dit, apres_dit in (
        (libelle, _dire(avant, ""), _dire(apres, "")),
        (f"{libelle} : extrait, à côté du chiffre saisi", _dire(avant, "extraite_"), _dire(apres, "extraite_")),
    ):
        if avant_dit != apres_dit:
            plan.changements.append(Changement(importe.ligne or 0, qui, titre, avant_dit, apres_dit, not avant_dit))
            change = True
    return change


def _dire(valeur: Valeur | None, prefixe: str) -> str:
    """« 38 sur 42 », « 38 », ou rien."""
    num = getattr(valeur, f"{prefixe}numerateur", None)
    sur = getattr(valeur, f"{prefixe}denominateur", None)
    if num is None:
        return str(valeur.get_motif_display()) if valeur and valeur.motif and not prefixe else ""
    return _nombre(num) if sur is None else f"{_nombre(num)} sur {_nombre(sur)}"


def _nombre(valeur: Decimal) -> str:
    texte = f"{valeur:f}"
    return (texte.rstrip("0").rstrip(".") if "." in texte else texte).replace(".", ",")


@transaction.atomic
def ecrire(plan: Plan, *, par: Utilisateur, le: datetime) -> int:
    """Écrit le plan ; rend le nombre de chiffres. Lève `Refus` si un chiffre ne s'écrit plus."""
    _ouvrir(plan)
    bilan = remplacer_importes(chiffres=plan.importes, le=le, par=par)
    if bilan.ecarts:
        raise Refus("concurrence", CHANGE)
    return len(plan.changements)
