"""Ce que vaut la checklist pour des ESMS : un nombre constant de requêtes, pour un comme pour toute une grappe."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from programme.calculs.checklist import Resolue, echeance, est_dispense, resoudre
from programme.enums import FAITS_A_DATER, FRISE_PARCOURS, EtatParcours, NatureFait, Niveau, StatutAction, TempsEcriture
from programme.models import (
    Etape,
    Fait,
    Groupe,
    LigneChecklist,
    LigneReprise,
    Parcours,
    ReponseChecklist,
    VersionChecklist,
)
from programme.models.chantiers import LIGNE_FAITE
from programme.socle.conditions import conditions, reunies

TEMPS_ECRITURE = "temps_ecriture"
D_ABORD = 5


@dataclass(frozen=True, slots=True)
class LigneLue:
    """Une action, pour un ESMS : le statut qui vaut, d'où il vient, pour quand, et à quel niveau y répondre."""

    ligne: LigneChecklist
    resolue: Resolue
    echeance: date | None
    niveau_utile: str
    est_actuelle: bool
    lien: str = ""
    geste: str = ""

    @property
    def statut(self) -> str:
        """Le statut qui vaut."""
        return self.resolue.statut

    @property
    def mot(self) -> str:
        """Le statut, en toutes lettres."""
        return str(StatutAction(self.resolue.statut).label)

    @property
    def reponse(self) -> Any:
        """La réponse qui vaut, s'il y en a une."""
        return self.resolue.reponse

    def en_retard(self, au: date) -> bool:
        """Due avant cette date, et pas encore réglée."""
        return not self.resolue.est_reglee and self.echeance is not None and self.echeance < au


@dataclass
class Checklist:
    """La checklist d'un ESMS. `retirees` : réponses à des actions que le modèle n'a plus ; elles restent."""

    parcours: Parcours
    version: VersionChecklist | None
    lignes: list[LigneLue] = field(default_factory=list)
    retirees: list[ReponseChecklist] = field(default_factory=list)

    @property
    def nb_reglees(self) -> int:
        """Actions qui ne demandent plus rien."""
        return sum(ligne.resolue.est_reglee for ligne in self.lignes)

    @property
    def maintenant(self) -> list[LigneLue]:
        """À faire, et de l'étape où l'on est : les plus pressées d'abord."""
        lignes = [x for x in self.lignes if x.est_actuelle and not x.resolue.est_reglee]
        return sorted(lignes, key=lambda x: (x.echeance or date.max, x.ligne.ordre))

    @property
    def d_abord(self) -> list[LigneLue]:
        """Les premières : ce qu'une visite de cinq minutes peut régler."""
        return self.maintenant[:D_ABORD]

    @property
    def ensuite(self) -> list[LigneLue]:
        """Le reste de l'étape."""
        return self.maintenant[D_ABORD:]

    @property
    def plus_tard(self) -> list[LigneLue]:
        """À faire, mais à une étape qui vient."""
        return [x for x in self.lignes if not x.est_actuelle and not x.resolue.est_reglee]

    @property
    def reglees(self) -> list[LigneLue]:
        """Faites, déjà faites, ou sans objet."""
        return [x for x in self.lignes if x.resolue.est_reglee]

    def ligne(self, code: str) -> LigneLue | None:
        """L'action de ce code, si le modèle l'a."""
        return next((x for x in self.lignes if x.ligne.code == code), None)


@dataclass
class _Faits:
    """Ce qui se lit une fois pour tout un ensemble de parcours."""

    versions: dict[int, VersionChecklist]
    lignes: dict[int, list[LigneChecklist]]
    reponses: dict[int, list[ReponseChecklist]]
    groupes: dict[int, set[int]]
    mesures: dict[int, set[str]]
    dates: dict[int, dict[str, date | None]]


def lire_checklists(parcours: Collection[Parcours]) -> dict[int, Checklist]:
    """La checklist de chacun, par clé. `parcours` : avec `esms` et `grappe` déjà lus. Huit requêtes."""
    lus = list(parcours)
    faits = _lire_faits(lus)
    return {p.pk: _composer(p, faits) for p in lus}


def lire_checklist(parcours: Parcours) -> Checklist:
    """La checklist d'un ESMS."""
    return lire_checklists([parcours])[parcours.pk]


def lignes_en_vigueur(grappe: int) -> tuple[VersionChecklist | None, list[LigneChecklist]]:
    """La version qui vaut pour une grappe, et ses actions."""
    version = VersionChecklist.objects.en_vigueur([grappe]).get(grappe)
    return version, list(version.lignes.all()) if version else []


def libelles_en_vigueur(grappes: Collection[int]) -> dict[int, dict[str, str]]:
    """Par grappe, l'intitulé de chaque action en vigueur, par code ; deux requêtes, quel que soit leur nombre."""
    versions = VersionChecklist.objects.en_vigueur(grappes)
    par_version: dict[int, dict[str, str]] = defaultdict(dict)
    lignes = LigneChecklist.objects.filter(version__in={v.pk for v in versions.values()})
    for version, code, libelle in lignes.values_list("version", "code", "libelle"):
        par_version[version][code] = libelle
    return {grappe: par_version[version.pk] for grappe, version in versions.items()}


def _lire_faits(parcours: list[Parcours]) -> _Faits:
    versions = VersionChecklist.objects.en_vigueur({p.grappe_id for p in parcours})
    lignes: dict[int, list[LigneChecklist]] = defaultdict(list)
    for ligne in LigneChecklist.objects.filter(version__in={v.pk for v in versions.values()}).order_by("ordre", "pk"):
        lignes[ligne.version_id].append(ligne)
    groupes: dict[int, set[int]] = defaultdict(set)
    for cle, esms in Groupe.objects.filter(esms__in={p.esms_id for p in parcours}).values_list("pk", "esms"):
        groupes[esms].add(cle)
    codes = {ligne.mesure for des in lignes.values() for ligne in des if ligne.mesure}
    return _Faits(versions, lignes, _reponses(parcours, groupes), groupes, _mesures(parcours, codes), _dates(parcours))


def _reponses(parcours: list[Parcours], groupes: dict[int, set[int]]) -> dict[int, list[ReponseChecklist]]:
    """Par grappe, les réponses qui peuvent valoir pour un de ces parcours."""
    ogs, tous = {p.esms.og_id for p in parcours}, {g for des in groupes.values() for g in des}
    portee = Q(niveau=Niveau.GRAPPE) | Q(og__in=ogs) | Q(groupe__in=tous) | Q(parcours__in=[p.pk for p in parcours])
    lues = ReponseChecklist.objects.filter(portee, grappe__in={p.grappe_id for p in parcours})
    rendu: dict[int, list[ReponseChecklist]] = defaultdict(list)
    for reponse in lues.select_related("responsable", "og", "groupe", "parcours__esms").order_by("code", "pk"):
        rendu[reponse.grappe_id].append(reponse)
    return rendu


def _mesures(parcours: list[Parcours], codes: set[str]) -> dict[int, set[str]]:
    """Ce que Treille sait déjà de chacun : faits datés, conditions réunies, temps d'écriture dit."""
    natures = codes & FAITS_A_DATER
    rendu: dict[int, set[str]] = {p.pk: set() for p in parcours}
    for cle, nature in Fait.objects.filter(parcours__in=list(rendu), nature__in=natures).values_list(
        "parcours", "nature"
    ):
        rendu[cle].add(nature)
    if NatureFait.REPRISE in natures:
        _suivre_les_reprises(rendu)
    autres = sorted(codes - natures - {TEMPS_ECRITURE})
    for cle, trouvees in reunies(Parcours.objects.filter(pk__in=list(rendu)), autres).items():
        rendu[cle] |= trouvees
    if TEMPS_ECRITURE in codes:
        for p in parcours:
            if p.temps_ecriture != TempsEcriture.NON_DECIDE:
                rendu[p.pk].add(TEMPS_ECRITURE)
    return rendu


def _suivre_les_reprises(mesures: dict[int, set[str]]) -> None:
    """Les données dites ligne à ligne l'emportent sur une date : la reprise est faite quand plus rien n'en reste."""
    lignes = LigneReprise.objects.filter(parcours__in=list(mesures)).order_by()
    faites = Count("pk", filter=LIGNE_FAITE)
    for cle, total, finies in lignes.values_list("parcours").annotate(total=Count("pk"), finies=faites):
        mesures[cle] = mesures[cle] - {NatureFait.REPRISE} | ({NatureFait.REPRISE} if finies == total else set())


def _dates(parcours: list[Parcours]) -> dict[int, dict[str, date | None]]:
    """Date d'entrée dans chaque état : réelle, à défaut prévue."""
    rendu: dict[int, dict[str, date | None]] = {p.pk: {} for p in parcours}
    for etape in Etape.objects.filter(parcours__in=list(rendu)):
        rendu[etape.parcours_id][etape.etat] = etape.reelle or etape.prevue
    return rendu


def _composer(p: Parcours, faits: _Faits) -> Checklist:
    version = faits.versions.get(p.grappe_id)
    lignes = faits.lignes[version.pk] if version else []
    par_code: dict[str, list[ReponseChecklist]] = defaultdict(list)
    for reponse in faits.reponses[p.grappe_id]:
        if _couvre(reponse, p, faits.groupes[p.esms_id]):
            par_code[reponse.code].append(reponse)
    connus = {ligne.code for ligne in lignes}
    return Checklist(
        p,
        version,
        [_lire_ligne(p, ligne, par_code[ligne.code], faits) for ligne in lignes],
        [r for code, des in par_code.items() if code not in connus for r in des],
    )


def _couvre(reponse: ReponseChecklist, p: Parcours, groupes: set[int]) -> bool:
    if reponse.niveau == Niveau.GRAPPE:
        return True
    if reponse.niveau == Niveau.OG:
        return reponse.og_id == p.esms.og_id
    if reponse.niveau == Niveau.GROUPE:
        return reponse.groupe_id in groupes
    return reponse.parcours_id == p.pk


def _lire_ligne(p: Parcours, ligne: LigneChecklist, reponses: Iterable[Any], faits: _Faits) -> LigneLue:
    resolue = resoudre(
        ligne,
        list(reponses),
        mesuree=bool(ligne.mesure) and ligne.mesure in faits.mesures[p.pk],
        dispensee=est_dispense(
            ligne.sans_objet_si,
            type_projet=p.type_projet,
            point_depart=p.point_depart,
            etat_grappe=p.grappe.etat,
            etat_suspendu=p.grappe.etat_suspendu,
        ),
    )
    choisie = resolue.reponse.echeance if resolue.reponse else None
    due = choisie or echeance(faits.dates[p.pk], ligne.echeance_etat, ligne.echeance_jours)
    return LigneLue(
        ligne, resolue, due, niveau_utile(ligne.niveau, p, faits.groupes[p.esms_id]), _est_actuelle(ligne, p),
        lien_de_mesure(ligne, p), geste_de_mesure(ligne),
    )  # fmt: skip


def _est_actuelle(ligne: LigneChecklist, p: Parcours) -> bool:
    """De l'étape où l'on est, ou d'une étape déjà passée."""
    return FRISE_PARCOURS.index(EtatParcours(ligne.phase)) < p.rang


def niveau_utile(niveau: str, p: Parcours, groupes: Collection[int]) -> str:
    """Où l'on répond vraiment : à l'ESMS quand il n'a pas de groupe, ou pas d'OG."""
    if niveau == Niveau.GROUPE and not groupes or niveau == Niveau.OG and not p.esms.og_id:
        return str(Niveau.ESMS)
    return niveau


def lien_de_mesure(ligne: LigneChecklist, p: Parcours) -> str:
    """La page où se dit ce que Treille constate ; vide si l'action se répond à la main."""
    if not ligne.mesure:
        return ""
    if ligne.mesure == NatureFait.REPRISE:
        return reverse("programme:parcours-reprise", args=[p.pk])
    if ligne.mesure in FAITS_A_DATER:
        return reverse("programme:parcours-fait", args=[p.pk, ligne.mesure])
    if ligne.mesure == TEMPS_ECRITURE:
        return reverse("programme:parcours-ressources", args=[p.pk]) + "#bloc-temps"
    condition = conditions.get(ligne.mesure)
    return condition.lien(p) if condition else ""


def geste_de_mesure(ligne: LigneChecklist) -> str:
    """Le mot du bouton qui mène à ce que Treille constate."""
    if ligne.mesure == NatureFait.REPRISE:
        return "Dire ce qui reste"
    if ligne.mesure in FAITS_A_DATER:
        return "Donner la date"
    condition = conditions.get(ligne.mesure)
    return condition.geste if condition else "Compléter"
