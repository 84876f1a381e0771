"""Ce que les pages « Connexions » montrent d'un ESMS et d'une grappe, mois par mois ; à requêtes constantes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from formation.models import Poste
from programme.calculs.masquage import est_petit
from programme.models import Grappe, Parcours, Utilisateur
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, SourceUsage, TrancheDuJour
from usages.models import TrancheUsage, UsageMensuel
from usages.permissions import peut_importer_connexions

NB_MOIS = 12


@dataclass(frozen=True, slots=True)
class MoisLu:
    """Un mois : ce que dit le fichier (None : aucun), et les utilisateurs prévus en poste ce mois-là.

    `tait` : trop peu de personnes pour que le lecteur les lise.
    """

    periode: Periode
    usage: UsageMensuel | None
    prevus: int
    tait: bool = False

    @property
    def actifs(self) -> int | None:
        """Comptes actifs de personnes en poste ; None sans fichier, ou s'ils se taisent."""
        return None if self.tait or self.usage is None else self.usage.actifs


@dataclass(frozen=True, slots=True)
class PageEsms:
    """Un ESMS : ses douze derniers mois, le dernier mois lu, et ses heures si elles sont allumées."""

    mois: Sequence[MoisLu]
    dernier: MoisLu | None
    tranches: Sequence[TrancheUsage]


@dataclass(frozen=True, slots=True)
class LigneEsms:
    """Un ESMS dans sa grappe : son dernier mois lu."""

    parcours: Parcours
    lu: MoisLu | None


@dataclass(frozen=True, slots=True)
class Somme:
    """Un mois de la grappe : ce que disent les ESMS qui ont un fichier, et lesquels."""

    periode: Periode
    actifs: int
    prevus: int
    lus: frozenset[int]
    est_complet: bool

    @property
    def nb_lus(self) -> int:
        """Combien d'ESMS."""
        return len(self.lus)


@dataclass(frozen=True, slots=True)
class PageGrappe:
    """Une grappe : la somme des ESMS qui se lisent, mois par mois, et chacun. `tus` : trop petits pour se lire."""

    sommes: Sequence[Somme]
    lignes: Sequence[LigneEsms]
    tus: int


def derniers_mois(au: date) -> list[Periode]:
    """Les douze derniers mois, celui qui court compris."""
    return Periode.contenant(au, CadenceReleve.MOIS.value).dernieres(NB_MOIS)


def lire_esms(parcours: Parcours, utilisateur: Utilisateur, au: date | None = None) -> PageEsms:
    """Les mois d'un ESMS, et ce que le lecteur a le droit d'y lire."""
    periodes = derniers_mois(au or timezone.localdate())
    gere = bool(peut_importer_connexions(utilisateur, parcours))
    lus = _lire([parcours], utilisateur, periodes, geres={parcours.pk} if gere else set())[parcours.pk]
    dernier = _dernier(lus)
    tranches: Any = ()
    if dernier and dernier.usage and not dernier.tait:
        tranches = TrancheUsage.objects.visibles_par(utilisateur).filter(usage=dernier.usage)
    ordre = list(TrancheDuJour.values)
    return PageEsms(lus, dernier, sorted(tranches, key=lambda t: (ordre.index(t.tranche), t.lieu)))


def lire_grappe(grappe: Grappe, utilisateur: Utilisateur, au: date | None = None) -> PageGrappe:
    """Les ESMS de la grappe que le lecteur lit, et leur somme. Trop petit, un ESMS ne compte pas dans la somme."""
    periodes = derniers_mois(au or timezone.localdate())
    siens = Parcours.objects.lisibles_par(utilisateur).dans_le_projet().filter(grappe=grappe)
    parcours = list(siens.select_related("esms").order_by("esms__tri", "pk"))
    lus = _lire(parcours, utilisateur, periodes, geres=set())
    lignes = [LigneEsms(p, _dernier(lus[p.pk])) for p in parcours]
    sommes = [_sommer(periode, [lus[p.pk][rang] for p in parcours]) for rang, periode in enumerate(periodes)]
    return PageGrappe(sommes, lignes, sum(any(m.tait for m in lus[p.pk]) for p in parcours))


def _sommer(periode: Periode, mois: Sequence[MoisLu]) -> Somme:
    lus = [m for m in mois if m.usage and not m.tait]
    return Somme(
        periode,
        sum(m.actifs or 0 for m in lus),
        # Un ESMS qui n'a pas dit qui est en poste ferait passer les autres pour trop connectés.
        sum(m.prevus for m in lus) if all(m.prevus for m in lus) else 0,
        frozenset(m.usage.parcours_id for m in lus if m.usage),
        all(m.usage.est_complet for m in lus if m.usage),
    )


def _dernier(lus: Sequence[MoisLu]) -> MoisLu | None:
    return next((m for m in reversed(lus) if m.usage), None)


def _lire(
    parcours: Collection[Parcours], utilisateur: Utilisateur, periodes: Sequence[Periode], geres: set[int]
) -> dict[int, list[MoisLu]]:
    """Par ESMS, ses mois dans l'ordre. Deux requêtes. Le journal l'emporte sur la liste : il dit tout le mois."""
    cles = [p.pk for p in parcours]
    usages: dict[tuple[int, date], UsageMensuel] = {}
    lisibles = UsageMensuel.objects.visibles_par(utilisateur).filter(parcours__in=cles, mois__gte=periodes[0].debut)
    for usage in lisibles.order_by():
        if usage.source == SourceUsage.JOURNAL or (usage.parcours_id, usage.mois) not in usages:
            usages[usage.parcours_id, usage.mois] = usage
    prevus = prevus_par_mois(cles, periodes)
    return {
        cle: [_mois(p, usages.get((cle, p.debut)), prevus[cle, p.debut], cle in geres) for p in periodes]
        for cle in cles
    }


def _mois(periode: Periode, usage: UsageMensuel | None, prevus: int, gere: bool) -> MoisLu:
    """Une trop petite équipe se tait pour qui ne gère pas l'ESMS : ses comptes actifs désigneraient quelqu'un."""
    effectif = max(prevus, usage.actifs if usage else 0)
    return MoisLu(periode, usage, prevus, tait=bool(usage) and not gere and est_petit(effectif))


def prevus_par_mois(parcours: Collection[int], periodes: Sequence[Periode]) -> dict[tuple[int, date], int]:
    """(ESMS, mois) → personnes en poste dans le mois, hors renforts ; une personne se compte une fois. Une requête."""
    tenus: dict[int, dict[int, list[tuple[date, date | None]]]] = defaultdict(lambda: defaultdict(list))
    postes = Poste.objects.filter(parcours__in=parcours, est_renfort=False, debut__lte=periodes[-1].fin).order_by()
    for cle, personne, debut, fin in postes.values_list("parcours", "professionnel", "debut", "fin"):
        tenus[cle][personne].append((debut, fin))
    return {
        (cle, p.debut): sum(
            any(debut <= p.fin and (fin is None or fin >= p.debut) for debut, fin in siens)
            for siens in tenus[cle].values()
        )
        for cle in parcours
        for p in periodes
    }
