"""Fabriques des études et des monographies : le plus petit objet vrai de chaque modèle."""

from datetime import date, time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from programme.models import Utilisateur
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, UtilisateurFactory
from usages import models
from usages.enums import Anonymat, CodeSection, Consentement, RoleEtude, ThemeEffet, VoixDite

UNITE: dict[str, Any] = {"nature": "grappe", "cle": "1", "nom": "Une grappe", "faits": {}, "issue_de": []}
"""Une unité telle que la base d'une étude la garde : de quoi la lancer."""


class EtudeFactory(DjangoModelFactory):
    class Meta:
        model = models.Etude

    titre = factory.Sequence(lambda n: f"Ce que change le DUI, étude {n}")
    question = "Qu'est-ce que les usages du DUI changent pour les équipes ?"
    base = factory.LazyFunction(lambda: [dict(UNITE)])
    creee_par = factory.SubFactory(UtilisateurFactory)


class EquipierFactory(DjangoModelFactory):
    class Meta:
        model = models.Equipier

    etude = factory.SubFactory(EtudeFactory)
    compte = factory.SubFactory(UtilisateurFactory)
    role = RoleEtude.AUTEUR


class VisiteFactory(DjangoModelFactory):
    class Meta:
        model = models.Visite

    etude = factory.SubFactory(EtudeFactory)
    parcours = factory.SubFactory(ParcoursFactory)
    objet = "Voir les transmissions se faire, entendre chaque métier."
    proposee_par = factory.SelfAttribute("etude.creee_par")


class TempsDeVisiteFactory(DjangoModelFactory):
    class Meta:
        model = models.TempsDeVisite

    visite = factory.SubFactory(VisiteFactory)
    jour = date(2026, 6, 2)
    debut, fin = time(9), time(10)
    avec = "deux éducateurs"


class NoteDeVisiteFactory(DjangoModelFactory):
    class Meta:
        model = models.NoteDeVisite

    visite = factory.SubFactory(VisiteFactory)
    texte = factory.Sequence(lambda n: f"La relève du matin dure dix minutes, note {n}.")
    theme = ThemeEffet.ORGANISATION
    prise_par = factory.SelfAttribute("visite.etude.creee_par")


class VerbatimDeVisiteFactory(DjangoModelFactory):
    """Un verbatim qui peut sortir : un professionnel, son accord, ses mots relus."""

    class Meta:
        model = models.Verbatim

    visite = factory.SubFactory(VisiteFactory)
    parcours = factory.SelfAttribute("visite.parcours")
    texte = factory.Sequence(lambda n: f"On sait le matin ce qui s'est passé la nuit, propos {n}.")
    qui = "une éducatrice"
    voix = VoixDite.PROFESSIONNEL
    consentement = Consentement.DONNE
    consentement_le = date(2026, 6, 2)
    anonymat = Anonymat.FAIT
    theme = ThemeEffet.ORGANISATION
    recueilli_par = factory.SelfAttribute("visite.etude.creee_par")
    recueilli_le = date(2026, 6, 2)


class ConstatFactory(DjangoModelFactory):
    class Meta:
        model = models.Constat

    visite = factory.SubFactory(VisiteFactory)
    libelle = factory.Sequence(lambda n: f"Les transmissions se lisent par tous les métiers, constat {n}")
    theme_propose = ThemeEffet.ORGANISATION
    ecrit_par = factory.SelfAttribute("visite.etude.creee_par")


class MonographieFactory(DjangoModelFactory):
    """Une monographie et toutes ses sections, vides."""

    class Meta:
        model = models.Monographie
        skip_postgeneration_save = True

    visite = factory.SubFactory(VisiteFactory)
    titre = factory.Sequence(lambda n: f"Monographie {n}")
    commencee_par = factory.SelfAttribute("visite.etude.creee_par")

    @factory.post_generation
    def sections(self: Any, create: bool, extracted: Any, **_: Any) -> None:
        if create:
            for code in CodeSection:
                models.SectionMonographie.objects.create(monographie=self, code=code)


class PhotoDeVisiteFactory(DjangoModelFactory):
    """Une photo sans son image."""

    class Meta:
        model = models.PhotoDeVisite

    visite = factory.SubFactory(VisiteFactory)
    legende = "Le poste de l'unité"
    description = "Un écran, au mur, à hauteur des yeux."
    ajoutee_par = factory.SelfAttribute("visite.etude.creee_par")


class CommentaireFactory(DjangoModelFactory):
    class Meta:
        model = models.Commentaire

    section = factory.LazyFunction(lambda: MonographieFactory().sections.get(code=CodeSection.MOTIVATIONS))
    texte = "À nuancer : deux unités tiennent encore un cahier."
    ecrit_par = factory.SubFactory(UtilisateurFactory)


def equiper(etude: models.Etude, compte: Utilisateur, role: str = RoleEtude.PILOTE) -> Utilisateur:
    """Met ce compte dans l'équipe, et le rend."""
    models.Equipier.objects.create(etude=etude, compte=compte, role=role)
    return compte


def passer(objet: Any, par: Utilisateur, *transitions: str) -> Any:
    """Franchit ces transitions par la porte, et rend l'objet relu."""
    for transition in transitions:
        changer_etat(objet, transition, par=par, motif="essai")
        objet.refresh_from_db()
    return objet


def rencontrer(visite: models.Visite, qui: str = "Éducateurs", nombre: int = 2) -> models.Visite:
    """Note qui l'on a rencontré, et rend la visite."""
    models.Rencontre.objects.create(visite=visite, qui=qui, nombre=nombre)
    return visite
