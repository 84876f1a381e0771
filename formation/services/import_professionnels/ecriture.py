"""Écrire un fichier du personnel : par lots, d'un bloc, pour les seuls ESMS que l'on gère."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from formation.calculs.effectifs import est_renfort
from formation.calculs.mots_rh import COURRIEL, NOM
from formation.models import Poste, Professionnel
from formation.services.couverture import rafraichir
from formation.services.import_professionnels.comparaison import CHAMPS
from formation.services.import_professionnels.plan import LigneComparee, Plan
from programme.models import OrganismeGestionnaire
from programme.socle.erreurs import Refus

PAR_LOT = 500
DATES = ("debut", "fin", "est_renfort")
PERIME = "Les données ont changé depuis l'aperçu : rien n'est écrit. Refaites l'aperçu, puis relisez-le."


@transaction.atomic
def ecrire(plan: Plan, *, continuer: Callable[[], None] = lambda: None) -> None:
    """Écrit tout le plan, ou rien. Lève `Refus` « concurrence » si un autre a écrit entre-temps.

    `continuer` est appelé entre deux lots : lever l'arrête sans rien écrire.
    """
    OrganismeGestionnaire.objects.select_for_update(of=("self",)).get(pk=plan.portee.og.pk)
    try:
        with transaction.atomic():
            _ecrire_les_personnes(plan)
            continuer()
            _ecrire_les_postes(plan, continuer)
    except IntegrityError as doublon:
        raise Refus("concurrence", PERIME) from doublon
    if touches := plan.touches:
        rafraichir(touches)


def _ecrire_les_personnes(plan: Plan) -> None:
    neuves: dict[str, Professionnel] = {}
    for comparee in plan.creees:
        ligne = comparee.ligne
        if comparee.personne is not None:
            continue
        neuve = neuves.setdefault(
            ligne.matricule, Professionnel(og=plan.portee.og, matricule=ligne.matricule, nom=ligne.valeurs[NOM])
        )
        neuve.courriel = neuve.courriel or ligne.valeurs.get(COURRIEL, "")
        comparee.personne = neuve
    changees: dict[int, Professionnel] = {}
    for comparee in (*plan.creees, *plan.modifiees):
        if comparee.personne and comparee.de_la_personne:
            changees[comparee.personne.pk] = comparee.personne
            for champ, (_, apres) in comparee.de_la_personne.items():
                setattr(comparee.personne, champ, apres)
    for personne in (*neuves.values(), *changees.values()):
        personne.preparer_recherche()
    Professionnel.objects.bulk_create(neuves.values(), batch_size=PAR_LOT)
    Professionnel.objects.bulk_update(changees.values(), ["nom", "courriel", "recherche", "tri"], batch_size=PAR_LOT)


def _ecrire_les_postes(plan: Plan, continuer: Callable[[], None]) -> None:
    neufs = [_poste_neuf(plan, comparee) for comparee in plan.creees]
    for debut in range(0, len(neufs), PAR_LOT):
        continuer()
        Poste.objects.bulk_create(neufs[debut : debut + PAR_LOT])
    changes: dict[str, list[Poste]] = defaultdict(list)
    for comparee in plan.modifiees:
        if comparee.poste:
            for code, (_, apres) in comparee.du_poste.items():
                setattr(comparee.poste, CHAMPS[code], apres)
                changes[CHAMPS[code]].append(comparee.poste)
    for sortie in plan.sorties:
        sortie.poste.fin = plan.complet_au
        changes["fin"].append(sortie.poste)
    dates = {poste.pk: poste for champ in ("debut", "fin") for poste in changes[champ]}
    for poste in dates.values():
        poste.est_renfort = est_renfort(poste.debut, poste.fin)
    changes["est_renfort"] = list(dates.values())
    _modifier(changes, continuer)


def _modifier(changes: dict[str, list[Poste]], continuer: Callable[[], None]) -> None:
    """Les dates d'un poste ensemble, que la base vérifie l'une par l'autre ; ailleurs, une valeur à la fois.

    Écrire chaque champ de chaque ligne dans un même CASE coûterait dix fois plus à vingt mille lignes.
    """
    dates = {poste.pk: poste for champ in DATES for poste in changes.pop(champ, [])}
    Poste.objects.bulk_update(dates.values(), DATES, batch_size=PAR_LOT // 2)
    for champ, postes in changes.items():
        par_valeur: dict[Any, list[int]] = defaultdict(list)
        for poste in postes:
            par_valeur[getattr(poste, champ)].append(poste.pk)
        for valeur, cles in par_valeur.items():
            for debut in range(0, len(cles), PAR_LOT):
                continuer()
                Poste.objects.filter(pk__in=cles[debut : debut + PAR_LOT]).update(**{champ: valeur})


def _poste_neuf(plan: Plan, comparee: LigneComparee) -> Poste:
    champs = {CHAMPS[code]: apres for code, (_, apres) in comparee.du_poste.items()}
    poste = Poste(
        professionnel=comparee.personne,
        parcours=comparee.parcours,
        metier=comparee.metier,
        saisi_par=plan.portee.par,
        **champs,
    )
    poste.est_renfort = est_renfort(poste.debut, poste.fin)
    return poste
