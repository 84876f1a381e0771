"""Ce que la page « Risques » d'une grappe montre à un lecteur donné : rien d'autre que ce qu'il lit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from programme.enums import EtatParcours
from programme.models import Grappe, Utilisateur
from programme.permissions import peut_conduire
from risques.calculs.criticite import Bornes, criticite, niveau
from risques.dessins import chaleur as carte
from risques.dessins import matrice, radar
from risques.donnees_partagees import Repartition, analyses_des_autres
from risques.enums import NiveauRisque
from risques.models import AnalyseLocale, Risque
from risques.permissions import peut_lire_de_pres, peut_tenir_risque
from risques.services import chaleur
from risques.services.baremes import bareme_de
from risques.services.chaleur import Choix, EsmsLu
from risques.services.recurrents import CATEGORIE, Recurrent, recurrents
from risques.services.resultats import ResultatEvaluation

PREMIERS = 10
NOMMES = 3


@dataclass(frozen=True, slots=True)
class RisqueMontre:
    """Un risque du registre consolidé : son niveau du moment, si sa revue est passée."""

    risque: Risque
    rang: int
    niveau: NiveauRisque
    en_retard: bool


@dataclass(frozen=True, slots=True)
class Attentes:
    """Ce qui attend le chef de projet."""

    analyses: tuple[AnalyseLocale, ...]
    inacceptables: tuple[Risque, ...]
    revues: tuple[Risque, ...]

    @property
    def rien(self) -> bool:
        """Vrai si tout est lu, et à jour."""
        return not (self.analyses or self.inacceptables or self.revues)


@dataclass(frozen=True, slots=True)
class LectureRisques:
    """La page entière.

    `attentes` : None pour qui ne conduit pas ; `autres` : None en dessous de cinq ESMS ; `cachee` : une évaluation de
    la grappe est rendue par d'autres, le lecteur la lira une fois la sienne transmise ; `confie` : il est de la grappe,
    ou l'administre.
    """

    choix: Choix
    lus: list[EsmsLu]
    montres: list[EsmsLu]
    carte: carte.Chaleur | None
    attentes: Attentes | None
    autres: Repartition | None
    evaluation: ResultatEvaluation | None
    cachee: bool
    radar: radar.Radar | None
    matrice: matrice.Matrice | None
    premiers: list[RisqueMontre]
    nb_risques: int
    recurrents: list[Recurrent]
    ecrit: bool
    confie: bool

    @property
    def sans_suivi(self) -> bool:
        """Vrai si ce lecteur ne lit, d'aucun de ces risques, qui le suit."""
        return not any(getattr(m.risque, "de_pres", False) for m in self.premiers)

    @property
    def sans_rien(self) -> list[EsmsLu]:
        """Les ESMS montrés dont aucune analyse ne se lit encore."""
        return [e for e in self.montres if not e.lignes]

    @property
    def rouvertes(self) -> list[EsmsLu]:
        """Ceux dont la carte montre la dernière transmission : l'analyse est rouverte depuis."""
        return [e for e in self.montres if e.est_rouverte]

    @property
    def categories_qui_reviennent(self) -> list[Recurrent]:
        """Ce qui revient, catégorie par catégorie."""
        return [r for r in self.recurrents if r.genre == CATEGORIE]

    @property
    def nb_transmises(self) -> int:
        """Analyses transmises parmi les ESMS lus."""
        return sum(bool(e.lignes) for e in self.lus)


def lire(grappe: Grappe, par: Utilisateur, au: date, choix: Choix) -> LectureRisques:
    """Tout ce que la page montre, en un nombre constant de requêtes."""
    bornes = bareme_de(grappe).bornes
    parcours = chaleur.esms_lus(grappe, par)
    lus = chaleur.lire_esms(parcours, par)
    evaluations = chaleur.dernieres(chaleur.evaluations_lues(grappe, par))
    # Sans l'axe des sections, seule la grappe se note : cent réponses par ESMS ne se lisent pas pour rien.
    if choix.axe != chaleur.SECTIONS:
        evaluations = {cle: e for cle, e in evaluations.items() if cle is None}
    evaluation = chaleur.poser_resultats(lus, evaluations)
    montres = chaleur.trier([e for e in lus if choix.garde(e.parcours)], choix.tri)
    risques = ouverts(grappe, par)
    confie = bool(peut_lire_de_pres(par, grappe))
    return LectureRisques(
        choix=choix,
        lus=lus,
        montres=montres,
        carte=_carte(montres, bornes, au, choix),
        attentes=_attentes(grappe, par, risques, bornes, au) if peut_conduire(par, grappe) else None,
        autres=analyses_des_autres(grappe, [p.pk for p in parcours], bornes) if confie else None,
        evaluation=evaluation,
        cachee=chaleur.evaluations_rendues(grappe, par).a_rendre_par(par).filter(parcours__isnull=True).exists(),
        radar=radar_de(evaluation),
        matrice=matrice_de(risques, bornes) if risques else None,
        premiers=premiers_de(risques, bornes, au),
        nb_risques=len(risques),
        recurrents=recurrents(risques, lus, bornes),
        ecrit=bool(peut_tenir_risque(par, grappe)),
        confie=confie,
    )


def ouverts(grappe: Grappe, par: Utilisateur) -> list[Risque]:
    """Le registre ouvert que ce lecteur voit : celui de la grappe et ceux de ses ESMS, lus sans être recopiés."""
    vus = Risque.objects.visibles_par(par).filter(grappe=grappe).ouverts()
    return list(
        vus.exclude(parcours__etat=EtatParcours.SORTI)
        .avec_criticite()
        .avec_regard(par)
        .select_related("grappe", "parcours__esms", "parcours__grappe", "proprietaire", "question__section__version")
        .order_by("-criticite", "-criticite_brute", "pk")
    )


def _attentes(grappe: Grappe, par: Utilisateur, risques: list[Risque], bornes: Bornes, au: date) -> Attentes:
    analyses = AnalyseLocale.objects.visibles_par(par).filter(parcours__grappe=grappe).a_lire().pour_lecture()
    return Attentes(
        tuple(analyses.order_by("transmise_le", "pk")),
        tuple(r for r in risques if niveau(r.cote, bornes) == NiveauRisque.INACCEPTABLE),
        tuple(sorted((r for r in risques if r.revue_le and r.revue_le < au), key=lambda r: (r.revue_le, r.pk))),
    )


def _carte(montres: list[EsmsLu], bornes: Bornes, au: date, choix: Choix) -> carte.Chaleur | None:
    adresses = pages_des_esms(montres)
    if choix.axe == chaleur.SECTIONS:
        return chaleur.par_sections(montres, au, adresses)
    return chaleur.par_categories(montres, bornes, au, adresses) if montres else None


def pages_des_esms(esms: list[EsmsLu]) -> dict[int, str]:
    """La page « Risques » de chaque ESMS."""
    return {e.parcours.pk: reverse("risques:parcours-risques", args=[e.parcours.pk]) for e in esms}


def premiers_de(risques: list[Risque], bornes: Bornes, au: date, nb: int = PREMIERS) -> list[RisqueMontre]:
    """Les plus graves, déjà rangés."""
    return [montrer(r, bornes, au) for r in risques[:nb]]


def montrer(risque: Risque, bornes: Bornes, au: date) -> RisqueMontre:
    """Un risque et son niveau du moment."""
    lu = niveau(risque.cote, bornes)
    return RisqueMontre(risque, lu.rang, lu, risque.revue_le is not None and risque.revue_le < au)


# --- dessins -------------------------------------------------------------------------------------------------------


def radar_de(lue: ResultatEvaluation | None) -> radar.Radar | None:
    """Le profil de la dernière évaluation, en maîtrise ; rien si le sens d'une question est inconnu."""
    if lue is None or lue.resultat is None or lue.resultat.total is None:
        return None
    fractions = tuple(None if s.fraction is None else float(s.fraction) for s in lue.resultat.sections)
    noms = [s.nom for s in lue.resultat.sections]
    serie = radar.Serie(str(lue.evaluation.campagne.nom), fractions)
    return radar.dessiner(noms, [serie], titre="Profil de la grappe, en maîtrise", maximum=100)


def matrice_de(risques: list[Risque], bornes: Bornes, titre: str = "Risques ouverts") -> matrice.Matrice:
    """Probabilité × impact, bruts et résiduels."""
    lus = [
        matrice.RisqueLu(
            f"R{r.pk}",
            f"{r.libelle}, {r.parcours}" if r.parcours else f"{r.libelle}, toute la grappe",
            r.probabilite,
            r.impact,
            r.probabilite_residuelle,
            r.impact_residuel,
            reverse("risques:risque-detail", args=[r.pk]),
        )
        for r in risques
    ]
    return matrice.dessiner(lus, lambda p, i: niveau(criticite(p, i), bornes), titre=titre)


def repartition_en_lignes(autres: Repartition) -> list[tuple[str, list[tuple[int, str, int]]]]:
    """Par catégorie : (rang, niveau, nombre d'ESMS), du plus grave au moins grave."""
    par_categorie: Mapping = autres.nombres
    return [
        (str(c.label), [(n.rang, str(n.label).lower(), nombres[n]) for n in reversed(NiveauRisque)])
        for c, nombres in par_categorie.items()
    ]
