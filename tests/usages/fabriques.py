"""Fabriques des usages : le plus petit objet vrai de chaque modèle."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from programme.models import Parcours
from programme.socle.porte import changer_etat
from tests.fabriques import (
    ConventionFactory,
    GrappeFactory,
    JalonFactory,
    ParcoursFactory,
    SolutionFactory,
    UtilisateurFactory,
)
from usages import models
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, Denominateur, Famille, Forme, Origine, Sens, SourceUsage


def ce_mois() -> Periode:
    """Le mois qui court."""
    return Periode.contenant(timezone.localdate(), CadenceReleve.MOIS)


def le_mois_dernier() -> Periode:
    """Le dernier mois fini : celui qu'on relève."""
    return ce_mois().precedente()


def premier_du_mois(recul: int = 1) -> date:
    """Le premier jour du mois d'il y a `recul` mois."""
    return ce_mois().dernieres(recul + 1)[0].debut


class IndicateurFactory(DjangoModelFactory):
    """Un rapport saisi chaque mois, borné à 100 %."""

    class Meta:
        model = models.Indicateur

    code = factory.Sequence(lambda n: f"indicateur-{n}")
    libelle = factory.Sequence(lambda n: f"Projets à jour, essai {n}")
    famille = Famille.USAGE
    forme = Forme.RAPPORT
    numerateur = "Projets personnalisés de moins d'un an"
    denominateur = "Personnes présentes à la date du relevé"
    population = Denominateur.PRESENTS
    sens = Sens.HAUSSE
    origine = Origine.SAISI
    sert_a = "À l'équipe, pour voir ce qui reste à écrire"
    plafonne = True


class SuiviFactory(DjangoModelFactory):
    class Meta:
        model = models.Suivi

    grappe = factory.SubFactory(GrappeFactory)
    indicateur = factory.SubFactory(IndicateurFactory)
    depuis = factory.LazyFunction(lambda: premier_du_mois(14))
    choisi_par = factory.SubFactory(UtilisateurFactory)


class CibleFactory(DjangoModelFactory):
    class Meta:
        model = models.Cible

    indicateur = factory.SubFactory(IndicateurFactory)
    grappe = factory.SubFactory(GrappeFactory)
    valeur = Decimal("0.8")
    du = factory.LazyFunction(lambda: premier_du_mois(14))


class RegleIndicateurFactory(DjangoModelFactory):
    class Meta:
        model = models.RegleIndicateur

    grappe = factory.SubFactory(GrappeFactory)
    indicateur = factory.SubFactory(IndicateurFactory)
    nature = "seuil"


class ReleveFactory(DjangoModelFactory):
    """Le relevé du mois dernier, en saisie, aux territoires de son ESMS."""

    class Meta:
        model = models.Releve

    parcours = factory.SubFactory(ParcoursFactory)
    debut = factory.LazyFunction(premier_du_mois)
    cadence = CadenceReleve.MOIS
    echeance = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=10))
    grappe = factory.LazyAttribute(lambda o: o.parcours.grappe)
    og = factory.LazyAttribute(lambda o: o.parcours.esms.og)
    region = factory.LazyAttribute(lambda o: o.parcours.esms.departement and o.parcours.esms.departement.region)
    secteur = factory.LazyAttribute(lambda o: o.parcours.esms.categorie.secteur)


class ValeurFactory(DjangoModelFactory):
    """Un chiffre attendu, sans réponse. Les totaux gardés ne le savent pas : voir `ouvrir_releve`."""

    class Meta:
        model = models.Valeur

    releve = factory.SubFactory(ReleveFactory)
    indicateur = factory.SubFactory(IndicateurFactory)


class PrecisionFactory(DjangoModelFactory):
    class Meta:
        model = models.Precision

    valeur = factory.SubFactory(ValeurFactory, numerateur=12, denominateur=40)
    question = "D'où vient cette baisse ?"
    demandee_par = factory.SubFactory(UtilisateurFactory)


class UsageMensuelFactory(DjangoModelFactory):
    class Meta:
        model = models.UsageMensuel

    parcours = factory.SubFactory(ParcoursFactory)
    mois = factory.LazyFunction(premier_du_mois)
    source = SourceUsage.JOURNAL
    actifs = 18
    partages = 2
    connexions = 640


class IrritantFactory(DjangoModelFactory):
    class Meta:
        model = models.Irritant

    grappe = factory.SubFactory(GrappeFactory)
    editeur = factory.LazyFunction(lambda: SolutionFactory().editeur)
    libelle = factory.Sequence(lambda n: f"Impression du projet, essai {n}")


class TicketFactory(DjangoModelFactory):
    class Meta:
        model = models.Ticket

    parcours = factory.SubFactory(ParcoursFactory)
    grappe = factory.LazyAttribute(lambda o: o.parcours.grappe)
    source = "assistance"
    numero = factory.Sequence(lambda n: f"{n:06d}")
    cree_le = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=20))


class DemandeEditeurFactory(DjangoModelFactory):
    class Meta:
        model = models.DemandeEditeur

    grappe = factory.SubFactory(GrappeFactory)
    editeur = factory.LazyFunction(lambda: SolutionFactory().editeur)
    nature = "anomalie"
    objet = factory.Sequence(lambda n: f"Le projet s'imprime en deux fois, essai {n}")
    envoyee_le = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    creee_par = factory.SubFactory(UtilisateurFactory)


class VersionSolutionFactory(DjangoModelFactory):
    class Meta:
        model = models.VersionSolution

    solution = factory.SubFactory(SolutionFactory)
    nom = factory.Sequence(lambda n: f"4.{n}")


class MonteeDeVersionFactory(DjangoModelFactory):
    class Meta:
        model = models.MonteeDeVersion

    parcours = factory.SubFactory(ParcoursFactory)
    version = factory.SubFactory(VersionSolutionFactory)
    prevue_le = factory.LazyFunction(timezone.localdate)


class PreuveUsageFactory(DjangoModelFactory):
    class Meta:
        model = models.PreuveUsage

    jalon = factory.LazyAttribute(lambda o: JalonFactory(convention=ConventionFactory(), preuve_usage=True))
    arretee_au = factory.LazyFunction(timezone.localdate)
    preparee_par = factory.SubFactory(UtilisateurFactory)


def chiffrer(releve: models.Releve, indicateur: models.Indicateur, sur: tuple[Any, Any] = (30, 40)) -> models.Valeur:
    """Ce chiffre, attendu et donné, dans ce relevé encore en saisie."""
    valeur = models.Valeur.objects.create(
        releve=releve, indicateur=indicateur, numerateur=sur[0], denominateur=sur[1], origine=Origine.SAISI
    )
    models.CumulIndicateur.objects.porter_attendus(models.Valeur.objects.filter(pk=valeur.pk), 1)
    return valeur


def transmettre(releve: models.Releve, *, par: Any) -> models.Releve:
    """L'ESMS transmet : par la porte."""
    changer_etat(releve, "transmettre", par=par)
    return releve


def releve_de(parcours: Parcours, recul: int = 1) -> models.Releve:
    """Le relevé d'il y a `recul` mois, en saisie."""
    return ReleveFactory(parcours=parcours, debut=premier_du_mois(recul))
