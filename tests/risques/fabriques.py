"""Fabriques des questionnaires et des risques : le plus petit objet vrai de chaque modèle."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from programme.enums import Role
from programme.models import Parcours
from programme.socle.porte import changer_etat
from risques import models
from risques.enums import CategorieRisque, EtatVersion, PorteeCampagne
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory, affecter


class QuestionnaireFactory(DjangoModelFactory):
    class Meta:
        model = models.Questionnaire
        django_get_or_create = ("code",)

    code = "risques-essai"
    nom = "Risques, à l'essai"
    objet = "risques"


class VersionFactory(DjangoModelFactory):
    """Une version d'une grappe : deux sections de deux questions notées de 1 à 10 ; la première est étoilée."""

    class Meta:
        model = models.VersionQuestionnaire
        skip_postgeneration_save = True

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    grappe = factory.SubFactory(GrappeFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    sens = "defavorable"
    total = 1000

    @factory.post_generation
    def questions(self, create: bool, extracted: Any, **_: Any) -> None:
        """`questions=0` : sans question."""
        if create and extracted != 0:
            peupler(self)


def peupler(version: models.VersionQuestionnaire, sections: int = 2, questions: int = 2, **champs: Any) -> None:
    """Sections A, B… et questions A1, A2, B1…, notées de 1 à 10."""
    categories = CategorieRisque.values
    for s in range(sections):
        lettre = chr(65 + s)
        section = models.Section.objects.create(version=version, code=lettre, rang=s + 1, nom=f"Section {lettre}")
        for q in range(questions):
            code = f"{lettre}{q + 1}"
            models.Question.objects.create(
                **{
                    "section": section,
                    "code": code,
                    "rang": q + 1,
                    "enonce": f"Énoncé {code} : le réseau ne couvre pas l'étage.",
                    "sens": version.sens,
                    "etoilee": q == 0,
                    "categorie": categories[(s + q) % len(categories)],
                    "action": f"Relever la couverture réseau ({code})",
                    "risque": f"Saisie impossible à l'étage ({code})",
                }
                | champs
            )


def version_publiee(**champs: Any) -> models.VersionQuestionnaire:
    """Une version publiée par la porte, par la cheffe de sa grappe (ou l'administrateur)."""
    version = VersionFactory(**champs)
    par = affecter(Role.CHEF_PROJET, version.grappe) if version.grappe else affecter(Role.ADMIN)
    changer_etat(version, "publier", par=par)
    assert version.etat == EtatVersion.PUBLIEE
    return version


class CampagneFactory(DjangoModelFactory):
    """Préparée, sur la grappe entière ; son évaluation de grappe existe."""

    class Meta:
        model = models.Campagne
        skip_postgeneration_save = True

    grappe = factory.SubFactory(GrappeFactory)
    version_posee = factory.LazyAttribute(lambda o: version_publiee(grappe=o.grappe))
    nom = factory.Sequence(lambda n: f"Risques au démarrage {n}")
    portee = PorteeCampagne.GRAPPE
    creee_par = factory.SubFactory(UtilisateurFactory)

    @factory.post_generation
    def population(self, create: bool, extracted: Any, **_: Any) -> None:
        """`population=[parcours, …]` : une évaluation par ESMS ; par défaut, celle de la grappe."""
        if not create:
            return
        for parcours in extracted if extracted is not None else [None]:
            models.Evaluation.objects.create(campagne=self, parcours=parcours)


def campagne_ouverte(**champs: Any) -> models.Campagne:
    """Une campagne ouverte par la porte."""
    campagne = CampagneFactory(**champs)
    changer_etat(campagne, "ouvrir", par=affecter(Role.CHEF_PROJET, campagne.grappe))
    return campagne


class GrilleFactory(DjangoModelFactory):
    """Une réponse en réunion, prête à transmettre, sur une évaluation de grappe dont la campagne est ouverte."""

    class Meta:
        model = models.Grille
        skip_postgeneration_save = True

    evaluation = factory.LazyFunction(lambda: campagne_ouverte().evaluations.get())
    evaluateur = factory.LazyAttribute(lambda o: affecter(Role.MEMBRE, o.evaluation.campagne.grappe))
    designee_par = factory.SelfAttribute("evaluateur")
    nature = "reunion"
    participants = "Direction, référente locale, veilleuse"
    tenue_le = date(2026, 3, 3)

    @factory.post_generation
    def notes(self, create: bool, extracted: Any, **_: Any) -> None:
        """`notes={"A1": 9}` : ces réponses ; par défaut, 5 à la première question ; `{}` : aucune."""
        if not create:
            return
        version = self.evaluation.campagne.version_posee
        posees = {q.code: q for q in models.Question.objects.filter(section__version=version)}
        dites = {next(iter(posees)): 5} if extracted is None else extracted
        for code, valeur in dites.items():
            models.Reponse.objects.create(
                grille=self, question=posees[code], valeur=valeur, sans_objet=valeur is None, par=self.evaluateur
            )


def grille_de(
    utilisateur: Any, evaluation: models.Evaluation, notes: dict[str, int | None] | None = None, **champs: Any
):
    """La réponse individuelle d'une personne ; vide par défaut."""
    return GrilleFactory(
        evaluation=evaluation, evaluateur=utilisateur, nature="individuelle", participants="", tenue_le=None,
        notes=notes or {}, **champs,
    )  # fmt: skip


class AnalyseLocaleFactory(DjangoModelFactory):
    """Une analyse aux six lignes dites, pas encore transmise."""

    class Meta:
        model = models.AnalyseLocale
        skip_postgeneration_save = True

    parcours = factory.SubFactory(ParcoursFactory)

    @factory.post_generation
    def lignes(self, create: bool, extracted: Any, **_: Any) -> None:
        """`lignes=(2, 3)` : probabilité et impact des six lignes ; `lignes=()` : aucune."""
        if not create or extracted == ():
            return
        probabilite, impact = extracted or (2, 2)
        for categorie in CategorieRisque:
            models.LigneAnalyse.objects.create(
                analyse=self, categorie=categorie, probabilite=probabilite, impact=impact
            )


class RisqueFactory(DjangoModelFactory):
    """Un risque de grappe ; `parcours=…` en fait celui d'un ESMS de cette grappe."""

    class Meta:
        model = models.Risque

    parcours = None
    grappe = factory.Maybe("parcours", factory.SelfAttribute("parcours.grappe"), factory.SubFactory(GrappeFactory))
    libelle = factory.Sequence(lambda n: f"Retour au cahier papier à la première panne {n}")
    categorie = "technique"
    probabilite = 3
    impact = 3
    cree_par = factory.SubFactory(UtilisateurFactory)


class PartageFactory(DjangoModelFactory):
    """Un partage de grappe, sans fin ; `parcours=…` en fait celui d'un ESMS."""

    class Meta:
        model = models.PartageRisques

    parcours = None
    grappe = factory.Maybe("parcours", factory.SelfAttribute("parcours.grappe"), factory.SubFactory(GrappeFactory))
    objet = "risques"
    du = date(2026, 1, 5)
    pourquoi = "Préparer la revue annuelle avec l'ARS"
    ouvert_par = factory.SubFactory(UtilisateurFactory)


def analyse_transmise(parcours: Parcours, **champs: Any) -> models.AnalyseLocale:
    """Une analyse transmise par la porte, par la direction de l'ESMS."""
    analyse = AnalyseLocaleFactory(parcours=parcours, **champs)
    changer_etat(analyse, "transmettre", par=affecter(Role.DIRECTEUR, parcours.esms))
    return analyse
