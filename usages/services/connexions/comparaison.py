"""Ce qu'un fichier de l'éditeur changerait aux comptes actifs de chaque ESMS et de chaque mois : le dire, sans écrire.

Les identifiants ne vivent que le temps de ce calcul ; le `Plan` n'en porte aucun.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from formation.services.import_professionnels import Portee
from programme.models import Parcours
from programme.socle.finess.refus import FichierRefuse
from programme.socle.liaisons import ESMS
from programme.socle.liaisons import rangs as rangs_de
from programme.socle.models import Correspondance
from programme.socle.nombres import accorde, liste, nombre, quelques
from usages.calculs import mots_connexions as mots
from usages.calculs.ecartees import Ecartees
from usages.calculs.horaires import a_montrer
from usages.calculs.periodes import Periode
from usages.donnees.connexions import Depouillement, MoisLu, Regles, Temoin, depouiller
from usages.donnees.flux import exiger_taille, lignes_avant
from usages.enums import CadenceReleve, SourceUsage
from usages.models import HorairesAllumes, TrancheUsage, UsageMensuel
from usages.services.connexions.correspondances import lieux_relies, source_de, traducteur
from usages.services.connexions.rapprochement import Comptes, Sorte, lire_comptes

CHAMPS = ("actifs", "partages", "inconnus", "connexions", "premier_jour", "dernier_jour", "est_complet")
SANS_ESMS = "Le fichier n'a pas de colonne d'ESMS : déposez-le depuis la page de l'ESMS dont il parle."
ESMS_D_AILLEURS = "Cet ESMS n'est pas de ceux que vous gérez dans cet organisme."
SANS_EXTRACTION = "Une liste d'utilisateurs est un état : dites quel jour l'éditeur l'a extraite."
EXTRACTION_A_VENIR = "Une liste ne peut pas être extraite demain : corrigez la date."

Cases = dict[tuple[str, str], tuple[int, int]]
"""(tranche, lieu) → connexions, comptes."""


@dataclass(frozen=True, slots=True)
class Demande:
    """Ce qu'on dit du fichier. `depuis` : l'ESMS d'où on le dépose. `du`, `au` : ce qu'il couvre, ou l'extraction."""

    portee: Portee
    correspondance: Correspondance
    depuis: int | None = None
    du: date | None = None
    au: date | None = None

    @property
    def source(self) -> str:
        """Journal ou liste."""
        return source_de(self.correspondance)

    @property
    def est_liste(self) -> bool:
        """Vrai pour une liste d'utilisateurs."""
        return self.source == SourceUsage.LISTE


@dataclass(slots=True)
class Voulu:
    """Un ESMS, un mois : ce que le fichier en dit, et ce que la base en a (None : rien)."""

    parcours: Parcours
    mois: date
    valeurs: dict[str, Any]
    cases: Cases
    avant: UsageMensuel | None = None
    cases_avant: Cases = field(default_factory=dict)

    @property
    def change(self) -> bool:
        """Vrai si l'écrire changerait quelque chose."""
        return self.avant is None or bool(self.ecarts) or self.cases != self.cases_avant

    @property
    def ecarts(self) -> dict[str, tuple[Any, Any]]:
        """Champ → (avant, après), pour ce qui diffère."""
        if self.avant is None:
            return {champ: (None, valeur) for champ, valeur in self.valeurs.items()}
        lus = {champ: getattr(self.avant, champ) for champ in CHAMPS}
        return {champ: (lus[champ], self.valeurs[champ]) for champ in CHAMPS if lus[champ] != self.valeurs[champ]}


@dataclass(slots=True)
class Plan:
    """Tout ce que le fichier ferait. `annonces` et `avertissements` : en phrases, avec leur nombre."""

    demande: Demande
    voulus: list[Voulu]
    ecartees: Ecartees
    annonces: list[str] = field(default_factory=list)
    avertissements: Counter[str] = field(default_factory=Counter)


def comparer(demande: Demande, fichier: IO[bytes], *, temoin: Temoin = lambda octets: None) -> Plan:
    """Dépouille le fichier et le compare à la base. Lève `FichierRefuse` si rien ne peut s'en lire."""
    horaires = _horaires(demande)
    comptes = lire_comptes([p.pk for p in demande.portee.parcours.values()])
    regles = _regles(demande, fichier, horaires, comptes)
    lu = depouiller(fichier, regles, temoin)
    voulus = _voulus(demande, lu, comptes)
    _retrouver(demande.source, voulus)
    plan = Plan(demande, voulus, lu.ecartees)
    _annoncer(plan, lu, comptes)
    return plan


def _horaires(demande: Demande) -> dict[int, date]:
    if demande.est_liste:
        return {}
    ici = [p.pk for p in demande.portee.parcours.values()]
    return dict(HorairesAllumes.objects.filter(parcours__in=ici).values_list("parcours", "cse_le"))


def _regles(
    demande: Demande, fichier: IO[bytes], horaires: Mapping[int, date], comptes: Mapping[int, Comptes]
) -> Regles:
    correspondance, aujourd_hui = demande.correspondance, timezone.localdate()
    taille = fichier.seek(0, 2)
    exiger_taille(taille, settings.TREILLE_TAILLE_IMPORT)
    lecture, entetes = correspondance.options["lecture"], correspondance.options["entetes"]
    rangs = rangs_de(entetes, correspondance.colonnes, mots.COLONNES)
    if ESMS not in rangs and demande.depuis is None:
        raise FichierRefuse(SANS_ESMS)
    if demande.depuis is not None and demande.depuis not in comptes:
        raise FichierRefuse(ESMS_D_AILLEURS)
    if demande.est_liste and demande.au is None:
        raise FichierRefuse(SANS_EXTRACTION)
    if demande.est_liste and demande.au and demande.au > aujourd_hui:
        raise FichierRefuse(EXTRACTION_A_VENIR)
    return Regles(
        rangs=rangs,
        nb_colonnes=len(entetes),
        separateur=lecture["separateur"],
        ligne_entete=int(lecture["ligne_entete"]) + lignes_avant(fichier),
        au=(demande.au if demande.est_liste and demande.au else aujourd_hui),
        source=demande.source,
        parcours=traducteur(correspondance, demande.portee),
        seul=demande.depuis,
        connus={cle: siens.connus for cle, siens in comptes.items()},
        horaires=horaires,
        lieux=lieux_relies(correspondance),
    )


def _voulus(demande: Demande, lu: Depouillement, comptes: Mapping[int, Comptes]) -> list[Voulu]:
    par_cle = {p.pk: p for p in demande.portee.parcours.values()}
    couverture = _couverture(demande, lu)
    voulus = [
        Voulu(par_cle[m.parcours], m.mois, _valeurs(m, demande, comptes[m.parcours], couverture), _cases(m))
        for m in lu.mois
    ]
    return sorted(voulus, key=lambda v: (v.parcours.esms.tri, v.parcours.pk, v.mois))


def _couverture(demande: Demande, lu: Depouillement) -> tuple[date, date]:
    """Les jours que le fichier couvre : du premier au dernier lus, tous ESMS réunis, ou plus large si on le dit."""
    hier = timezone.localdate() - timedelta(days=1)
    premier, dernier = lu.premier or hier, lu.dernier or hier
    if demande.est_liste and demande.au:
        # Une liste extraite le dernier jour du mois dit tout le mois ; avant, elle n'en dit que le début.
        return demande.au.replace(day=1), demande.au
    # La journée en cours n'est pas finie : un journal tiré aujourd'hui n'en dit qu'une partie.
    return min(premier, demande.du or premier), min(max(dernier, demande.au or dernier), hier)


def _valeurs(m: MoisLu, demande: Demande, comptes: Comptes, couverture: tuple[date, date]) -> dict[str, Any]:
    sortes = Counter(comptes.sorte(compte, m.mois) for compte in m.comptes)
    du, au = couverture
    return {
        "actifs": sortes[Sorte.ACTIF],
        "partages": sortes[Sorte.PARTAGE],
        "inconnus": sortes[Sorte.INCONNU],
        # Une liste ne dit pas combien de fois chacun s'est connecté.
        "connexions": 0 if demande.est_liste else sum(m.comptes.values()),
        "premier_jour": m.premier,
        "dernier_jour": m.dernier,
        "est_complet": du <= m.mois and au >= Periode(m.mois, CadenceReleve.MOIS.value).fin,
    }


def _cases(m: MoisLu) -> Cases:
    """Ce qui se garde des heures et des lieux : rien de ce qui tairait moins de dix comptes."""
    dites = {case: comptes for case, comptes in m.cases.items() if case[0]}
    montrees = a_montrer({case: set(comptes) for case, comptes in dites.items()})
    return {case: (sum(dites[case].values()), len(dites[case])) for case in sorted(montrees)}


def _retrouver(source: str, voulus: Iterable[Voulu]) -> None:
    """Ce que la base a déjà, pour chaque ESMS et chaque mois du fichier. Deux requêtes."""
    tous = list(voulus)
    usages = UsageMensuel.objects.filter(
        source=source, parcours__in={v.parcours.pk for v in tous}, mois__in={v.mois for v in tous}
    )
    connus = {(u.parcours_id, u.mois): u for u in usages}
    cases: dict[int, Cases] = {}
    for tranche in TrancheUsage.objects.filter(usage__in=[u.pk for u in connus.values()]):
        cases.setdefault(tranche.usage_id, {})[tranche.tranche, tranche.lieu] = (tranche.connexions, tranche.comptes)
    for voulu in tous:
        voulu.avant = connus.get((voulu.parcours.pk, voulu.mois))
        voulu.cases_avant = cases.get(voulu.avant.pk, {}) if voulu.avant else {}


# --- ce qu'on en dit -----------------------------------------------------------------------------------------------


def _annoncer(plan: Plan, lu: Depouillement, comptes: Mapping[int, Comptes]) -> None:
    lues = accorde(lu.lues, "ligne lue,lignes lues")
    comptees = accorde(lu.retenues, "comptée,comptées")
    hors = f", {nombre(lu.hors_mois)} sans connexion ce mois-là" if plan.demande.est_liste else ""
    plan.annonces.append(f"{lues} : {comptees}{hors}, {lu.ecartees.en_clair()}.")
    if partiels := sorted({v.mois for v in plan.voulus if not v.valeurs["est_complet"]}):
        noms = liste([Periode(m, CadenceReleve.MOIS.value).nom for m in partiels])
        plan.annonces.append(
            f"{accorde(len(partiels), 'mois incomplet')} ({noms}) : le fichier n'en couvre pas tous les jours ; ses "
            "chiffres seront signalés."
        )
    if perdus := [v for v in plan.voulus if v.avant and v.avant.est_complet and not v.valeurs["est_complet"]]:
        dits = quelques([f"{v.parcours}, {Periode(v.mois, CadenceReleve.MOIS.value).nom}" for v in perdus])
        plan.annonces.append(
            f"Attention, un mois déjà repris en entier serait remplacé par une partie de ce mois : {dits}."
        )
    if lu.doubles:
        plan.annonces.append(
            f"{accorde(lu.doubles, 'connexion tombe,connexions tombent')} entre 2 h et 3 h le jour du passage à "
            "l'heure d'hiver : cette heure passe deux fois, le mois et la tranche sont les mêmes."
        )
    inconnus = {v.parcours for v in plan.voulus if not comptes[v.parcours.pk].connus}
    for parcours in sorted(inconnus, key=lambda p: p.esms.tri):
        plan.avertissements[
            f"{parcours} : aucun compte ni matricule n'y est connu, aucun compte du fichier n'est donc rapproché d'une "
            "personne en poste. Reprenez d'abord la liste de ses comptes du DUI."
        ] += 1
