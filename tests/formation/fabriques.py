"""Fabriques de la formation : le plus petit objet vrai de chaque modèle."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from formation import models
from formation.enums import (
    DroitAcces,
    Levier,
    NatureProfil,
    OrigineAcquis,
    Pointage,
    PorteeAcces,
)
from programme.models import Metier, Parcours, Unite
from tests.fabriques import ActionFactory, GrappeFactory, ModuleFactory, OgFactory, ParcoursFactory, UtilisateurFactory


def il_y_a(jours: int) -> date:
    """Ce jour-là."""
    return timezone.localdate() - timedelta(days=jours)


class MetierFactory(DjangoModelFactory):
    """Un métier de plus, toujours le même pour un même code."""

    class Meta:
        model = Metier
        django_get_or_create = ("code",)

    code = "educateur-specialise"
    nom = factory.LazyAttribute(lambda o: o.code.replace("-", " ").capitalize())


class ProfessionnelFactory(DjangoModelFactory):
    """Une personne inventée, au matricule qui suit."""

    class Meta:
        model = models.Professionnel

    og = factory.SubFactory(OgFactory)
    matricule = factory.Sequence(lambda n: f"M{n:05d}")
    nom = factory.Sequence(lambda n: f"Personne {n}")


class PosteFactory(DjangoModelFactory):
    """Un poste de jour, tenu depuis plus d'un an ; la personne est de l'OG de l'ESMS."""

    class Meta:
        model = models.Poste

    parcours = factory.SubFactory(ParcoursFactory)
    professionnel = factory.SubFactory(ProfessionnelFactory, og=factory.SelfAttribute("..parcours.esms.og"))
    metier = factory.SubFactory(MetierFactory)
    debut = factory.LazyFunction(lambda: il_y_a(400))


class ModuleFormationFactory(DjangoModelFactory):
    """La prise en main du DUI, pour tout le monde."""

    class Meta:
        model = models.ModuleFormation

    grappe = factory.SubFactory(GrappeFactory)
    code = factory.Sequence(lambda n: f"prise-en-main-{n}")
    nom = "Prendre en main le DUI"


class FormateurFactory(DjangoModelFactory):
    class Meta:
        model = models.Formateur

    grappe = factory.SubFactory(GrappeFactory)
    fonction = factory.Sequence(lambda n: f"Référente DUI {n}")


class SessionFormationFactory(DjangoModelFactory):
    """Une session de trois heures, dans dix jours, ouverte à toute la grappe ; huit places."""

    class Meta:
        model = models.SessionFormation

    module = factory.SubFactory(ModuleFormationFactory)
    grappe = factory.SelfAttribute("module.grappe")
    debut = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    fin = factory.LazyAttribute(lambda o: o.debut + timedelta(hours=3))
    capacite = 8
    creee_par = factory.SubFactory(UtilisateurFactory)


class InscriptionFactory(DjangoModelFactory):
    """Une personne d'un ESMS de la grappe, inscrite."""

    class Meta:
        model = models.Inscription

    session = factory.SubFactory(SessionFormationFactory)
    poste = factory.LazyAttribute(lambda o: PosteFactory(parcours=ParcoursFactory(grappe=o.session.grappe)))
    professionnel = factory.SelfAttribute("poste.professionnel")
    inscrite_par = factory.SubFactory(UtilisateurFactory)


class ProfilFactory(DjangoModelFactory):
    class Meta:
        model = models.Profil

    grappe = factory.SubFactory(GrappeFactory)
    code = factory.Sequence(lambda n: f"profil-{n}")
    nom = factory.Sequence(lambda n: f"Profil {n}")
    nature = NatureProfil.EDUCATIF


class MatriceFactory(DjangoModelFactory):
    """La variante d'un ESMS, en brouillon, vide."""

    class Meta:
        model = models.Matrice

    parcours = factory.SubFactory(ParcoursFactory)
    grappe = factory.SelfAttribute("parcours.grappe")
    creee_par = factory.SubFactory(UtilisateurFactory)


class HabilitationFactory(DjangoModelFactory):
    class Meta:
        model = models.Habilitation

    matrice = factory.SubFactory(MatriceFactory)
    profil = factory.LazyAttribute(lambda o: ProfilFactory(grappe=o.matrice.grappe))
    module = factory.SubFactory(ModuleFactory)
    droit = DroitAcces.LECTURE
    portee = PorteeAcces.UNITE


class CompteDuiFactory(DjangoModelFactory):
    class Meta:
        model = models.CompteDui

    parcours = factory.SubFactory(ParcoursFactory)
    identifiant = factory.Sequence(lambda n: f"compte{n}")


class MesureChangementFactory(DjangoModelFactory):
    class Meta:
        model = models.MesureChangement

    action = factory.SubFactory(ActionFactory, origine="changement")
    levier = Levier.INFORMATION


class ObjectifFactory(DjangoModelFactory):
    class Meta:
        model = models.Objectif

    parcours = factory.SubFactory(ParcoursFactory)
    grappe = factory.SelfAttribute("parcours.grappe")
    intitule = "Une relève lisible par toute l'équipe"


def former(poste: models.Poste, module: models.ModuleFormation, le: date | None = None, **champs: Any) -> models.Acquis:
    """Cette personne, formée à ce module depuis ce jour, par constat."""
    return models.Acquis.objects.create(
        professionnel=poste.professionnel,
        module=module,
        origine=OrigineAcquis.CONSTAT,
        obtenu_le=le or il_y_a(60),
        **champs,
    )


def equipe(parcours: Parcours, nombre: int, *, unite: Unite | None = None, **champs: Any) -> list[models.Poste]:
    """`nombre` personnes en poste dans cet ESMS."""
    return [PosteFactory(parcours=parcours, unite=unite, **champs) for _ in range(nombre)]


def presente(session: models.SessionFormation, poste: models.Poste) -> models.Inscription:
    """Inscrite et pointée présente, sans passer par les services."""
    return InscriptionFactory(session=session, poste=poste, pointage=Pointage.PRESENT)
