"""Un même geste sur plusieurs lignes : dire d'abord ligne à ligne ce qu'il fera, n'écrire que si rien n'a bougé depuis.

L'aperçu garde, pour chaque ligne, les faits qu'il a montrés. La confirmation les relit sous verrou : un seul écart, et
rien ne s'écrit ; on dit lequel. Ici le mécanisme et les gestes sur des ESMS ; ceux des actions sont à côté.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from programme.enums import EtatParcours, Role
from programme.models import Etape, Parcours, Utilisateur, Vague
from programme.permissions import peut_conduire, peut_proposer, peut_saisir
from programme.services.capacite import prevoir
from programme.services.conduite import mettre_en_vague
from programme.services.parcours import fautes_des_dates, reviser_dates
from programme.services.propositions import dates_prevues, ecartes, proposer_en_lot
from programme.socle.dates import date_courte
from programme.socle.droits import Droit
from programme.socle.erreurs import Refus

LIGNES_MAX = 500
RIEN = "Aucune des lignes choisies ne peut recevoir ce geste : rien n'est écrit."
CHANGE = "Des lignes ont changé depuis l'aperçu : rien n'est écrit."
PARTI = "n'est plus dans ce que vous voyez"
RESERVE = "Ce geste ne vous revient sur aucune ligne."

Faits = dict[str, str]


@dataclass(slots=True)
class Ligne:
    """Un objet : les faits que l'aperçu montre, ce qui changera, ou pourquoi rien n'y changera ; `lieu` le situe."""

    objet: Any
    faits: Faits
    avant: str = ""
    apres: str = ""
    refus: str = ""
    lieu: str = ""

    @property
    def vus(self) -> Faits:
        """Ce que la confirmation devra retrouver."""
        return self.faits | {"Geste": self.refus or "possible"}


@dataclass
class LotPerime(Refus):
    """Des lignes ont changé depuis l'aperçu : leur nom, et ce qui y a changé."""

    lignes: list[tuple[str, list[str]]] = field(default_factory=list)


def _rien_a_savoir(lignes: Iterable[Ligne], **_: Any) -> list[str]:
    """Un geste dont rien ne se sait d'avance."""
    return []


@dataclass(frozen=True)
class Geste:
    """Un geste groupé ; `roles` : à qui il peut revenir. `examiner` n'écrit pas, `ecrire` ne reçoit que le possible.

    `lire(cles, par, verrou=…)` rend les objets que voit cette personne. `prevenir` : ce qu'il vaut mieux savoir
    avant de confirmer les lignes possibles, et qui n'empêche rien.
    """

    code: str
    libelle: str
    fait: str
    roles: tuple[str, ...]
    examiner: Callable[..., list[Ligne]]
    ecrire: Callable[..., Any]
    lire: Callable[..., list[Any]]
    prevenir: Callable[..., list[str]] = _rien_a_savoir

    def peut(self, utilisateur: Utilisateur) -> Droit:
        """Vrai si le geste peut revenir à cette personne quelque part."""
        return Droit(any(utilisateur.perimetre.tient(role) for role in self.roles), RESERVE)


def lire_parcours(cles: Iterable[int], par: Utilisateur, *, verrou: bool = False) -> list[Parcours]:
    """Ces parcours, s'ils sont visibles, par ordre alphabétique."""
    lignes = Parcours.objects.visibles_par(par).filter(pk__in=list(cles))
    if verrou:
        # Le verrou d'abord, sur la table seule : PostgreSQL refuse de verrouiller ce qu'une jointure rend facultatif.
        list(Parcours.objects.select_for_update().filter(pk__in=list(cles)).order_by("pk").values_list("pk"))
    return list(lignes.pour_lecture().order_by("esms__tri", "pk"))


# --- changer de vague ------------------------------------------------------------------------------------------------


def _nom_de_vague(vague: Vague | None) -> str:
    return f"vague {vague.numero}" if vague else "aucune vague"


def _examiner_vague(parcours: list[Parcours], par: Utilisateur, *, vague: Vague | None) -> list[Ligne]:
    lignes = []
    for p in parcours:
        actuelle = _nom_de_vague(p.vague)
        ligne = Ligne(
            p, {"État": p.get_etat_display(), "Vague": actuelle}, actuelle, _nom_de_vague(vague), lieu=str(p.grappe)
        )
        if not (droit := peut_conduire(par, p)):
            ligne.refus = droit.motif
        elif p.etat == EtatParcours.SORTI:
            ligne.refus = "Cet ESMS est sorti du projet."
        elif vague and vague.grappe_id != p.grappe_id:
            ligne.refus = f"Cette vague est celle d'une autre grappe ; cet ESMS est dans « {p.grappe} »."
        elif p.vague_id == (vague.pk if vague else None):
            ligne.refus = f"Rien à changer : déjà {actuelle}." if vague else "Rien à changer : il n'a pas de vague."
        lignes.append(ligne)
    return lignes


def _prevenir_vague(lignes: Iterable[Ligne], *, vague: Vague | None) -> list[str]:
    """La capacité, si ces ESMS y entrent tous."""
    if vague is None:
        return []
    avant = [(x.objet.etat, x.objet.vague.numero if x.objet.vague else None, vague.numero) for x in lignes]
    return prevoir(vague.grappe, avant)


def _ecrire_vague(parcours: list[Parcours], par: Utilisateur, *, vague: Vague | None) -> None:
    mettre_en_vague(parcours=parcours, vague=vague, par=par)


# --- réviser une date ------------------------------------------------------------------------------------------------


def _date_en_mots(etape: Etape | None) -> str:
    if etape is None or not (etape.reelle or etape.prevue):
        return "aucune date"
    return f"franchie le {date_courte(etape.reelle)}" if etape.reelle else date_courte(etape.prevue)


def _examiner_dates(parcours: list[Parcours], par: Utilisateur, *, etat: str, jour: date) -> list[Ligne]:
    connues: dict[int, dict[str, Etape]] = {p.pk: {} for p in parcours}
    for etape in Etape.objects.filter(parcours__in=connues):
        connues[etape.parcours_id][etape.etat] = etape
    lignes = []
    for p in parcours:
        etapes = connues[p.pk]
        avant = _date_en_mots(etapes.get(etat))
        ligne = Ligne(p, {"État": p.get_etat_display(), "Date": avant}, avant, date_courte(jour), lieu=str(p.grappe))
        if not (droit := peut_saisir(par, p)):
            ligne.refus = droit.motif
        elif p.etat == EtatParcours.SORTI:
            ligne.refus = "Cet ESMS est sorti du projet."
        elif fautes := fautes_des_dates(etapes, {etat: jour}).get(etat):
            ligne.refus = " ".join(fautes)
        elif (connue := etapes.get(etat)) and connue.revisee == jour:
            ligne.refus = "Rien à changer : c'est déjà sa date."
        lignes.append(ligne)
    return lignes


def _ecrire_dates(parcours: list[Parcours], par: Utilisateur, *, etat: str, jour: date) -> None:
    for p in parcours:
        reviser_dates(parcours=p, dates={etat: jour}, par=par)


# --- proposer un passage ---------------------------------------------------------------------------------------------


def _examiner_propositions(
    parcours: list[Parcours], par: Utilisateur, *, transition: str, date_visee: date | None, mot: str
) -> list[Ligne]:
    conduits = [p for p in parcours if peut_proposer(par, p)]
    raisons, dates = ecartes(conduits, transition), dates_prevues(conduits, transition)
    verbe = str(Parcours.transitions()[transition].custom["verbe"]).lower()
    lignes = []
    for p in parcours:
        jour = date_visee or dates.get(p.pk)
        apres = f"proposé : {verbe}" + (f", visé le {date_courte(jour)}" if jour else "")
        ligne = Ligne(p, {"État": p.get_etat_display()}, p.get_etat_display(), apres, lieu=str(p.grappe))
        if p not in conduits:
            ligne.refus = peut_proposer(par, p).motif
        elif p.pk in raisons:
            ligne.refus = f"{raisons[p.pk][:1].upper()}{raisons[p.pk][1:]}."
        lignes.append(ligne)
    return lignes


def _ecrire_propositions(
    parcours: list[Parcours], par: Utilisateur, *, transition: str, date_visee: date | None, mot: str
) -> None:
    proposer_en_lot(parcours=parcours, transition=transition, par=par, date_visee=date_visee, mot=mot)


CONDUISENT = (Role.CHEF_PROJET,)
SAISISSENT = (Role.CHEF_PROJET, Role.DIRECTEUR, Role.REFERENT, Role.SIEGE)
GESTES = {
    geste.code: geste
    for geste in (
        Geste(
            "vague",
            "Changer de vague",
            "ESMS a changé de vague,ESMS ont changé de vague",
            CONDUISENT,
            _examiner_vague,
            _ecrire_vague,
            lire_parcours,
            _prevenir_vague,
        ),
        Geste(
            "proposer",
            "Proposer un passage",
            "passage proposé,passages proposés",
            CONDUISENT,
            _examiner_propositions,
            _ecrire_propositions,
            lire_parcours,
        ),
        Geste(
            "dates",
            "Réviser une date",
            "date révisée,dates révisées",
            SAISISSENT,
            _examiner_dates,
            _ecrire_dates,
            lire_parcours,
        ),
    )
}


def comparer(vus: Mapping[str, Faits], lignes: Iterable[Ligne]) -> list[tuple[str, list[str]]]:
    """Ce qui a changé depuis l'aperçu, ligne à ligne ; vide si tout est comme on l'a montré."""
    ecarts = []
    relues = {str(ligne.objet.pk): ligne for ligne in lignes}
    for cle, avant in vus.items():
        ligne = relues.get(cle)
        if ligne is None:
            ecarts.append((avant.get("Nom", "Une ligne"), [PARTI]))
            continue
        apres = ligne.vus
        phrases = [
            f"{quoi} : « {avant.get(quoi, '')} » à l'aperçu, « {apres[quoi]} » maintenant"
            for quoi in apres
            if avant.get(quoi, "") != apres[quoi]
        ]
        if phrases:
            ecarts.append((str(ligne.objet), phrases))
    return ecarts


def a_retrouver(lignes: Iterable[Ligne]) -> dict[str, Faits]:
    """Ce que l'aperçu confie à la page, pour que la confirmation le compare."""
    return {str(ligne.objet.pk): ligne.vus | {"Nom": str(ligne.objet)} for ligne in lignes}


@transaction.atomic
def confirmer(
    *, geste: Geste, cles: Iterable[int], vus: Mapping[str, Faits], par: Utilisateur, details: dict[str, Any]
) -> list[Ligne]:
    """Écrit le geste sur les lignes que l'aperçu disait possibles, et les rend. Tout, ou rien.

    Lève `LotPerime` si une ligne n'est plus telle que l'aperçu l'a montrée, `Refus` si aucune n'est possible.
    """
    lignes = geste.examiner(geste.lire(cles, par, verrou=True), par, **details)
    if ecarts := comparer(vus, lignes):
        raise LotPerime("concurrence", CHANGE, lignes=ecarts)
    possibles = [ligne for ligne in lignes if not ligne.refus]
    if not possibles:
        raise Refus("champ", RIEN, champs={"": [RIEN]})
    geste.ecrire([ligne.objet for ligne in possibles], par, **details)
    return possibles
