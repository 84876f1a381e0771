"""Ce qu'une campagne « chaque ESMS » ajoute à la saisie d'avant l'ouverture, face au plafond (décision 0035).

Il lit la base sans être un service : la porte refuse d'ouvrir par `Campagne.obstacles`, et un modèle n'importe pas de
service. Il reste donc à la racine ; le modèle l'importe au moment du geste, puisque lui-même connaît ce modèle.
"""

from collections import defaultdict
from dataclasses import dataclass

from programme.calculs import budget_de_saisie
from programme.calculs.budget_de_saisie import AVANT, PosteDeSaisie
from programme.models import LigneChecklist, VersionChecklist
from risques.enums import PorteeCampagne
from risques.models.campagnes import Campagne, Evaluation

QUE_FAIRE = "Posez les seules questions étoilées, allégez la checklist ou renoncez à une autre campagne."


@dataclass(frozen=True)
class BudgetDeCampagne:
    """La saisie de l'ESMS le plus sollicité, campagne comprise. `nom` : cet ESMS, si d'autres le sont moins."""

    deja: budget_de_saisie.Campagne
    ajout: PosteDeSaisie
    nom: str = ""

    @property
    def entiere(self) -> budget_de_saisie.Campagne:
        """Tout ce qu'on lui demande avant l'ouverture."""
        return self.deja.avec(self.ajout)

    @property
    def refus(self) -> str:
        """Pourquoi la campagne ne peut pas s'ouvrir, avec le compte et que faire ; vide si elle tient."""
        trop = budget_de_saisie.refus_d_ajout(self.deja, self.ajout)
        ou = f" L'ESMS le plus sollicité : {self.nom}." if self.nom else ""
        return f"{trop}{ou} {QUE_FAIRE}" if trop else ""


def secondes_de(campagne: Campagne) -> int:
    """Secondes pour répondre : la durée de la version, au prorata des étoilées s'il n'y a qu'elles.

    Lit `nb_questions` et `nb_etoilees`, que pose `avec_questions()`.
    """
    entiere = campagne.version_posee.duree_minutes * 60
    nb, etoilees = getattr(campagne, "nb_questions", 0) or 0, getattr(campagne, "nb_etoilees", 0) or 0
    return -(-entiere * etoilees // nb) if campagne.etoilees and nb else entiere


def poste_de(campagne: Campagne) -> PosteDeSaisie:
    """Ce qu'elle demande à chaque ESMS : y répondre une fois."""
    return PosteDeSaisie(f"« {campagne.nom} »", 1, secondes_de(campagne))


def budget_de(campagne: Campagne) -> BudgetDeCampagne | None:
    """Son budget ; None si elle ne demande rien à un ESMS qui n'a pas ouvert. Six requêtes au plus."""
    if campagne.portee != PorteeCampagne.ESMS:
        return None
    vises = campagne.evaluations.filter(parcours__etat__in=AVANT)
    noms = dict(vises.order_by("parcours__esms__tri", "pk").values_list("parcours", "parcours__esms__nom"))
    if not noms:
        return None
    couples = Evaluation.objects.filter(
        parcours__in=noms, campagne__in=Campagne.objects.en_cours(), campagne__portee=PorteeCampagne.ESMS
    ).exclude(campagne=campagne)
    autres: dict[int, list[int]] = defaultdict(list)
    for cle, autre in couples.order_by("campagne").values_list("parcours", "campagne"):
        autres[cle].append(autre)
    connues = Campagne.objects.filter(pk__in={c for cles in autres.values() for c in cles} | {campagne.pk})
    postes = {c.pk: poste_de(c) for c in connues.avec_questions().select_related("version_posee")}
    charges = {cle: sum(postes[c].total for c in autres[cle]) for cle in noms}
    plus_charge = max(noms, key=lambda cle: charges[cle])
    return BudgetDeCampagne(
        deja=_de_la_checklist(campagne.grappe_id).avec(*(postes[c] for c in autres[plus_charge])),
        ajout=postes[campagne.pk],
        nom=noms[plus_charge] if min(charges.values()) < charges[plus_charge] else "",
    )


def _de_la_checklist(grappe: int) -> budget_de_saisie.Campagne:
    version = VersionChecklist.objects.en_vigueur([grappe]).get(grappe)
    lignes = LigneChecklist.objects.filter(version=version) if version else ()
    return budget_de_saisie.campagne_de(lignes)


def refus_de(campagne: Campagne) -> str:
    """Pourquoi elle ferait dépasser le temps d'un ESMS, avec le compte ; vide sinon."""
    budget = budget_de(campagne)
    return budget.refus if budget else ""
