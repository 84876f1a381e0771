"""Le besoin en places d'une grappe : ESMS par ESMS, module par module, face aux sessions à venir."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from formation.calculs.besoins import (
    Besoin,
    Compte,
    Part,
    compter,
    heures_d_animation,
    manque_en_tout,
    offertes_en_tout,
    repartir,
    sessions_a_prevoir,
)
from formation.models import ModuleFormation
from formation.models.communs import parcours_geres
from formation.services import faits_besoins
from formation.services.faits_besoins import RIEN, Faits
from programme.calculs.masquage import masquer_couples, masquer_total
from programme.models import Grappe, Metier, Parcours, Utilisateur


@dataclass(frozen=True, slots=True)
class LigneMetier:
    """Un métier dans un ESMS, pour un module ; None : un petit groupe, tu à qui ne gère pas l'ESMS."""

    metier: Metier
    concernes: int | None
    reste: int | None


@dataclass(slots=True)
class Case:
    """Un ESMS pour un module. `est_masquee` : un petit groupe, dont on ne dit rien à qui ne gère pas l'ESMS."""

    module: ModuleFormation
    compte: Compte
    part: Part
    sans_objet: bool
    sans_session: bool
    metiers: list[LigneMetier]
    est_masquee: bool = False


@dataclass(slots=True)
class LigneModule:
    """Un module du socle, pour les ESMS que lit ce compte. `est_masque` : son total désignerait presque quelqu'un.

    `a_placer` : les personnes à qui il faut une place, sans celles qui l'apprennent sans session.
    """

    module: ModuleFormation
    compte: Compte
    a_placer: int
    offertes: int
    nb_sessions: int
    manque: int
    est_masque: bool = False

    @property
    def a_prevoir(self) -> int:
        """Sessions à ajouter pour que chacun ait une place."""
        return sessions_a_prevoir(self.manque, self.module.places_par_session)

    @property
    def heures(self) -> float:
        """Temps de formateur qu'elles demandent."""
        return heures_d_animation(self.a_prevoir, self.module.duree_minutes)


@dataclass(frozen=True, slots=True)
class CaseMetier:
    """Un métier d'un ESMS, pour un module ; `dite` : None, le module ne s'adresse pas à lui ici."""

    module: ModuleFormation
    dite: LigneMetier | None


@dataclass(slots=True)
class LigneEsms:
    """Un ESMS : une case par module, dans l'ordre des modules ; `gere` : ce compte y lit tout."""

    parcours: Parcours
    gere: bool
    cases: list[Case] = field(default_factory=list)

    @property
    def est_vide(self) -> bool:
        """Vrai si aucun module ne s'y adresse à quelqu'un : rien à lire, rien non plus qui se taise."""
        return all(case.sans_objet or not (case.est_masquee or case.compte.concernes) for case in self.cases)

    @property
    def sans_objet(self) -> bool:
        """Vrai si l'ESMS a dit tous les modules du socle sans objet pour lui."""
        return all(case.sans_objet for case in self.cases)

    @property
    def metiers(self) -> list[tuple[Metier, list[CaseMetier]]]:
        """Les métiers à qui un module s'adresse, et ce qui s'en dit pour chacun, dans l'ordre des modules."""
        par_case = [{ligne.metier: ligne for ligne in case.metiers} for case in self.cases]
        presents = sorted({m for lignes in par_case for m in lignes}, key=lambda m: (m.ordre, m.nom))
        return [
            (m, [CaseMetier(c.module, lignes.get(m)) for c, lignes in zip(self.cases, par_case, strict=True)])
            for m in presents
        ]


@dataclass(slots=True)
class Lecture:
    """Les besoins d'une grappe, tels que les lit un compte. `entiere` : il en lit tous les ESMS.

    `libres` : les places libres de chaque module du plan, au socle ou non.
    """

    au: date
    esms: list[LigneEsms]
    entiere: bool
    plan: list[ModuleFormation]
    libres: Mapping[int, int]
    modules: list[LigneModule] = field(default_factory=list)

    @property
    def connus(self) -> list[LigneModule]:
        """Les modules dont le total se dit."""
        return [m for m in self.modules if not m.est_masque]

    @property
    def habites(self) -> list[LigneEsms]:
        """Les ESMS où un module s'adresse à quelqu'un."""
        return [e for e in self.esms if not e.est_vide]

    @property
    def vides(self) -> list[LigneEsms]:
        """Les autres : la page les replie."""
        return [e for e in self.esms if e.est_vide]

    @property
    def manque(self) -> int:
        """Places qui manquent, tous modules réunis."""
        return sum(m.manque for m in self.connus)

    @property
    def a_prevoir(self) -> int:
        """Sessions à ajouter, tous modules réunis."""
        return sum(m.a_prevoir for m in self.connus)

    @property
    def heures(self) -> float:
        """Temps de formateur qu'elles demandent."""
        return sum(m.heures for m in self.connus)

    @property
    def masque(self) -> bool:
        """Vrai si quelque chose se tait."""
        return any(c.est_masquee or any(ligne.reste is None for ligne in c.metiers) for e in self.esms for c in e.cases)

    @property
    def hors_socle(self) -> list[ModuleFormation]:
        """Les modules que l'on suit au choix : ils n'ont pas de besoin qui se calcule."""
        return [m for m in self.plan if not m.est_socle]

    def du_module(self, module: ModuleFormation) -> LigneModule | None:
        """La ligne de ce module, s'il est au socle."""
        return next((m for m in self.modules if m.module.pk == module.pk), None)


def lire(grappe: Grappe, utilisateur: Utilisateur, au: date) -> Lecture:
    """Les besoins de la grappe à cette date. On compte tous ses ESMS ; on ne montre que ceux que lit ce compte.

    Une dizaine de requêtes, quel que soit le nombre d'ESMS.
    """
    tous = list(Parcours.objects.dans_le_projet().filter(grappe=grappe).select_related("esms").order_by("esms__nom"))
    lus = set(Parcours.objects.lisibles_par(utilisateur).filter(grappe=grappe).values_list("pk", flat=True))
    geres = set(parcours_geres(utilisateur).filter(grappe=grappe).values_list("pk", flat=True))
    plan = list(ModuleFormation.objects.filter(grappe=grappe).en_vigueur().prefetch_related("publics"))
    socle = [m for m in plan if m.est_socle]
    faits = faits_besoins.lire(grappe, tous, socle, au)
    esms = [LigneEsms(p, p.pk in geres) for p in tous if p.pk in lus]
    metiers = {m.pk: m for m in Metier.objects.all()}
    montres = {e.parcours.pk for e in esms}
    libres = {
        m: offertes_en_tout(o for o in offres if o.pour is None or o.pour in montres)
        for m, offres in faits.offres.items()
    }
    lecture = Lecture(au, esms, len(esms) == len(tous), plan, libres)
    for module in socle:
        lecture.modules.append(_lire_un_module(module, faits, [p.pk for p in tous], esms, metiers))
    return lecture


def _lire_un_module(
    module: ModuleFormation, faits: Faits, tous: list[int], esms: list[LigneEsms], metiers: Mapping[int, Metier]
) -> LigneModule:
    """Ajoute sa case à chaque ESMS montré, et rend sa ligne."""
    vise = faits.vise(module)
    qui = faits.formees.get(module.pk, RIEN), faits.inscrites.get(module.pk, RIEN)
    besoins, _ = compter(faits.postes, vise, *qui)
    sans_session = faits.sans_session(module, tous)
    offres = [o for o in faits.offres.get(module.pk, ()) if o.pour is None or o.pour in tous]
    parts = repartir({p: 0 if p in sans_session else besoins.get(p, Besoin()).ensemble.a_placer for p in tous}, offres)
    for ligne in esms:
        cle = ligne.parcours.pk
        besoin = besoins.get(cle, Besoin())
        ligne.cases.append(
            Case(
                module,
                besoin.ensemble,
                parts[cle],
                sans_objet=cle in vise.sans_objet,
                sans_session=cle in sans_session,
                metiers=_par_metier(besoin, metiers, gere=ligne.gere),
            )
        )
    montres = {e.parcours.pk for e in esms}
    a_eux = [p for p in faits.postes if p.parcours in montres]
    ensemble = compter(a_eux, vise, *qui)[1]
    a_placer = compter([p for p in a_eux if p.parcours not in sans_session], vise, *qui)[1].a_placer
    cases = [e.cases[-1] for e in esms]
    doublons = sum(c.compte.a_placer for c in cases if not c.sans_session) - a_placer
    utiles = [o for o in offres if o.pour is None or o.pour in montres]
    manque = manque_en_tout((c.part for c in cases), doublons)
    return LigneModule(module, ensemble, a_placer, offertes_en_tout(utiles), len(utiles), manque, _taire(esms))


def _par_metier(besoin: Besoin, metiers: Mapping[int, Metier], *, gere: bool) -> list[LigneMetier]:
    """Par métier, dans l'ordre du référentiel ; les petits groupes tus à qui ne gère pas l'ESMS."""
    groupes = {cle: (compte.concernes, compte.reste) for cle, compte in besoin.par_metier.items()}
    dits: Mapping[int, tuple[int | None, int | None]] = groupes if gere else masquer_couples(groupes)
    return [LigneMetier(metiers[cle], *dits[cle]) for cle in metiers if cle in dits]


def _taire(esms: list[LigneEsms]) -> bool:
    """Tait, dans la dernière case des ESMS que ce compte ne gère pas, les petits groupes ; vrai si le total se tait."""
    tues = {e.parcours.pk: e.cases[-1] for e in esms if not e.gere and e.cases[-1].compte.concernes}
    groupes = {cle: (case.compte.concernes, case.compte.reste) for cle, case in tues.items()}
    for cle, (concernes, _) in masquer_couples(groupes).items():
        if concernes is None:
            tues[cle].est_masquee = True
            tues[cle].metiers = []
    return masquer_total({cle: concernes for cle, (concernes, _) in groupes.items()}) is None
