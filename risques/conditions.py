"""Conditions de passage dont les faits vivent ici : pré-diagnostic discuté, analyse de risques transmise."""

from datetime import date
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When
from django.urls import reverse
from django.utils import timezone

from programme.conditions.communes import PARCOURS, A, dater, lien_fait
from programme.enums import NatureFait, Role
from programme.models import Affectation, Fait, Parcours
from programme.socle.conditions import Condition, existe, inscrire, oui_non
from programme.socle.porte import changer_etat
from risques.enums import CategorieRisque, NatureGrille, ObjetQuestionnaire
from risques.models import AnalyseLocale, Grille
from risques.permissions import peut_transmettre_analyse

COTES = ((2, 2), (1, 3), (3, 2), (2, 3), (1, 2), (3, 3))
"""Cotes d'essai, une par catégorie, décalées d'un ESMS à l'autre : aucun n'a les mêmes (valeurs du produit)."""


def _dire(parcours: Parcours, rang: int = 0) -> AnalyseLocale:
    """Six lignes dites, sans toucher à celles qui le sont déjà."""
    analyse, _ = AnalyseLocale.objects.get_or_create(parcours=parcours)
    for n, categorie in enumerate(CategorieRisque):
        probabilite, impact = COTES[(rang + n) % len(COTES)]
        analyse.lignes.get_or_create(categorie=categorie, defaults={"probabilite": probabilite, "impact": impact})
    return analyse


def _transmettre(parcours: Parcours, par: Any) -> None:
    """Six lignes, dites et transmises par la direction : `par`, ou celle que l'ESMS a déjà."""
    analyse = _dire(parcours)
    if not analyse.est_a_remplir:
        return
    directions = Affectation.objects.en_cours(timezone.localdate()).filter(role=Role.DIRECTEUR, esms=parcours.esms)
    la_sienne = None if peut_transmettre_analyse(par, analyse) else directions.select_related("utilisateur").first()
    changer_etat(analyse, "transmettre", par=la_sienne.utilisateur if la_sienne else par)


def _raconter(parcours: Parcours, *, par: Any, chef: Any, le: date) -> None:
    """La même chose, en son temps, et lue par le chef de projet."""
    analyse = _dire(parcours, parcours.pk)
    changer_etat(analyse, "transmettre", par=par, date_effet=le)
    changer_etat(analyse, "accepter", par=chef, date_effet=le)


def _discute() -> Case:
    """En réunion, avec sa date ; ou séparément, puis par un consensus transmis."""
    date_donnee = Exists(Fait.objects.filter(parcours=OuterRef("pk"), nature=NatureFait.PREDIAGNOSTIC))
    convenu = Grille.objects.transmises().filter(
        nature=NatureGrille.CONSENSUS,
        evaluation__parcours=OuterRef("pk"),
        evaluation__campagne__version_posee__questionnaire__objet=ObjetQuestionnaire.PREDIAGNOSTIC,
    )
    reuni = [When(date_donnee, then=Value(1)), When(Exists(convenu), then=Value(1))]
    return Case(*reuni, default=Value(0), output_field=IntegerField())


inscrire(
    Condition(
        code=NatureFait.PREDIAGNOSTIC.value,
        libelle=NatureFait.PREDIAGNOSTIC.label,
        source="ANAP 2",
        modele=PARCOURS,
        transitions=("engager",),
        severite=A,
        mesure=_discute(),
        format=oui_non("discuté", "date absente"),
        lien=lien_fait(NatureFait.PREDIAGNOSTIC),
        remplir=dater(NatureFait.PREDIAGNOSTIC),
        pourquoi="Mesurer ensemble l'ampleur du changement avant de s'y engager.",
        geste="Donner la date",
    )
)
inscrire(
    Condition(
        code="analyse_risques",
        libelle="Analyse de risques transmise",
        source="ANAP 3.2",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=A,
        # Une fois suffit : la revoir ne défait pas ce qui fut transmis.
        mesure=existe(AnalyseLocale.objects.filter(parcours=OuterRef("pk"), transmise_le__isnull=False)),
        format=oui_non("transmise", "pas encore transmise"),
        lien=lambda parcours: reverse("risques:parcours-risques", args=[parcours.pk]),
        remplir=_transmettre,
        raconter=_raconter,
        pourquoi="Six lignes, amorcées par les réponses de la grappe : ce qui peut empêcher d'ouvrir se dit avant.",
        geste="Dire",
    )
)
