"""Fabriques : le plus petit objet vrai de chaque modèle."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from programme import models
from programme.enums import Portee, Role, Titre
from programme.socle.conditions import pour
from programme.socle.enums import Severite


def finess_valide(rang: int) -> str:
    """Numéro FINESS de fantaisie à clé juste (Luhn), en Gironde."""
    huit = f"3399{rang:04d}"
    total = 0
    for position, chiffre in enumerate(reversed(huit)):
        valeur = int(chiffre) * (2 if position % 2 == 0 else 1)
        total += valeur - 9 if valeur > 9 else valeur
    return f"{huit}{-total % 10}"


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = models.Region
        django_get_or_create = ("code",)

    code = "75"
    nom = "Nouvelle-Aquitaine"


class DepartementFactory(DjangoModelFactory):
    class Meta:
        model = models.Departement
        django_get_or_create = ("code",)

    code = "33"
    nom = "Gironde"
    code_finess = "33"
    region = factory.SubFactory(RegionFactory)


class CategorieFactory(DjangoModelFactory):
    class Meta:
        model = models.Categorie
        django_get_or_create = ("code",)

    code = "183"
    libelle = "Institut médico-éducatif (IME)"
    sigle = "IME"
    secteur = "PH_ENFANT"


class EditeurFactory(DjangoModelFactory):
    class Meta:
        model = models.Editeur
        django_get_or_create = ("nom",)

    nom = "Éditeur des Coteaux"


class SolutionFactory(DjangoModelFactory):
    class Meta:
        model = models.Solution
        django_get_or_create = ("editeur", "nom")

    editeur = factory.SubFactory(EditeurFactory)
    nom = "Lisière"


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = models.Module
        django_get_or_create = ("code",)

    code = "journal-de-bord"
    nom = "Journal de bord"


class OgFactory(DjangoModelFactory):
    class Meta:
        model = models.OrganismeGestionnaire

    nom = factory.Sequence(lambda n: f"Association des Coteaux {n}")
    finess = factory.Sequence(lambda n: finess_valide(9000 + n % 1000))


class EsmsFactory(DjangoModelFactory):
    class Meta:
        model = models.Esms

    finess = factory.Sequence(lambda n: finess_valide(n % 9000))
    nom = factory.Sequence(lambda n: f"IME Les Tilleuls {n}")
    og = factory.SubFactory(OgFactory)
    categorie = factory.SubFactory(CategorieFactory)
    departement = factory.SubFactory(DepartementFactory)
    ville = "Langon"
    code_postal = "33210"


class GroupeFactory(DjangoModelFactory):
    class Meta:
        model = models.Groupe

    nom = factory.Sequence(lambda n: f"Pôle Enfance {n}")
    og = factory.SubFactory(OgFactory)


class GrappeFactory(DjangoModelFactory):
    class Meta:
        model = models.Grappe

    nom = factory.Sequence(lambda n: f"Rives de Garonne {n}")
    region = factory.SubFactory(RegionFactory)
    solution = factory.SubFactory(SolutionFactory)


class ParcoursFactory(DjangoModelFactory):
    class Meta:
        model = models.Parcours

    esms = factory.SubFactory(EsmsFactory)
    grappe = factory.SubFactory(GrappeFactory)
    solution = factory.SelfAttribute("grappe.solution")


class UniteFactory(DjangoModelFactory):
    class Meta:
        model = models.Unite

    parcours = factory.SubFactory(ParcoursFactory)
    nom = factory.Sequence(lambda n: f"Unité {n}")


class OuvertureFactory(DjangoModelFactory):
    class Meta:
        model = models.Ouverture

    unite = factory.SubFactory(UniteFactory)
    module = factory.SubFactory(ModuleFactory)


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = models.Application

    parcours = factory.SubFactory(ParcoursFactory)
    grappe = factory.SelfAttribute("parcours.grappe")
    nom = factory.Sequence(lambda n: f"Tempo Équipes {n}")
    domaine = "temps"


def dire_tout(parcours: models.Parcours, rang: int = 0) -> None:
    """Une ligne de chaque genre de ce qu'un ESMS dit de lui-même ; `rang` les distingue."""
    ApplicationFactory(parcours=parcours, nom=f"Tempo Équipes {rang}")
    ApplicationFactory(parcours=None, og=parcours.esms.og, grappe=parcours.grappe, nom=f"Paie {rang}", domaine="paie")
    models.DocumentSi.objects.create(parcours=parcours, grappe=parcours.grappe, nature="contrats", lieu="au siège")
    commun, _ = models.BesoinCommun.objects.get_or_create(grappe=parcours.grappe, libelle="Une relève lisible")
    models.Besoin.objects.create(parcours=parcours, libelle=f"Lire la nuit en une page {rang}", commun=commun)
    models.PersonneRessource.objects.create(
        parcours=parcours, fonction="Éducatrice", expertise="metier", heures_demandees=8, heures_accordees=4
    )
    metier = models.Metier.objects.create(code=f"educateur-{parcours.pk}-{rang}", nom=f"Éducateur {rang}", ordre=rang)
    models.TempsMetier.objects.create(parcours=parcours, metier=metier, decision="decide", minutes=20)
    models.Interlocuteur.objects.get_or_create(esms=parcours.esms, sujet="si", defaults={"nom": "Service informatique"})
    models.Equipement.objects.get_or_create(parcours=parcours, defaults={"postes": 3, "simultanes": 4})


class ConventionFactory(DjangoModelFactory):
    class Meta:
        model = models.Convention

    grappe = factory.SubFactory(GrappeFactory)
    reference = "CONV-2024-01"
    financeur = "ARS (essai)"
    signee_le = date(2024, 3, 1)
    montant = Decimal("100000")


class JalonFactory(DjangoModelFactory):
    class Meta:
        model = models.Jalon

    convention = factory.SubFactory(ConventionFactory)
    rang = factory.Sequence(lambda n: n % 30_000 + 1)
    libelle = "Versement à la signature"
    montant = Decimal("40000")


class AvenantFactory(DjangoModelFactory):
    class Meta:
        model = models.Avenant

    convention = factory.SubFactory(ConventionFactory)
    numero = 1
    nature = "entree"
    signe_le = date(2024, 9, 2)
    saisi_par = factory.SubFactory("tests.fabriques.UtilisateurFactory")


class ActionFactory(DjangoModelFactory):
    """Une action de grappe ; `parcours=…` en fait celle d'un ESMS de cette grappe."""

    class Meta:
        model = models.Action

    parcours = None
    grappe = factory.Maybe("parcours", factory.SelfAttribute("parcours.grappe"), factory.SubFactory(GrappeFactory))
    libelle = factory.Sequence(lambda n: f"Tirer un câble réseau jusqu'à la salle {n}")
    origine = "saisie"
    creee_par = factory.SubFactory("tests.fabriques.UtilisateurFactory")


class DemandeParametrageFactory(DjangoModelFactory):
    class Meta:
        model = models.DemandeParametrage

    parcours = factory.SubFactory(ParcoursFactory)
    libelle = factory.Sequence(lambda n: f"Retrouver le rendez-vous noté par la nuit {n}")
    creee_par = factory.SubFactory("tests.fabriques.UtilisateurFactory")


class LigneRepriseFactory(DjangoModelFactory):
    class Meta:
        model = models.LigneReprise

    parcours = factory.SubFactory(ParcoursFactory)
    quoi = factory.Sequence(lambda n: f"Projets personnalisés {n}")
    source = "papier"
    volume = 40
    reste = 40


class VagueFactory(DjangoModelFactory):
    class Meta:
        model = models.Vague

    grappe = factory.SubFactory(GrappeFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)


class MomentFactory(DjangoModelFactory):
    """Un échange neuf, autour d'une vague de la grappe de l'ESMS."""

    class Meta:
        model = models.Moment

    parcours = factory.SubFactory(ParcoursFactory)
    demandee = factory.SubFactory(VagueFactory, grappe=factory.SelfAttribute("..parcours.grappe"))
    ouvert_par = factory.SubFactory("tests.fabriques.UtilisateurFactory")


class CandidatureFactory(DjangoModelFactory):
    class Meta:
        model = models.Candidature

    parcours = factory.SubFactory(ParcoursFactory)
    presentee_par = factory.SubFactory("tests.fabriques.UtilisateurFactory")


def pdf(nom: str = "attestation.pdf", contenu: bytes = b"essai") -> ContentFile:
    """Un petit fichier qui commence et finit comme un PDF."""
    return ContentFile(b"%PDF-1.4\n%" + contenu + b"\n%%EOF\n", name=nom)


class UtilisateurFactory(DjangoModelFactory):
    class Meta:
        model = models.Utilisateur
        skip_postgeneration_save = True

    identifiant = factory.Sequence(lambda n: f"compte-{n}")
    nom = factory.Sequence(lambda n: f"Compte {n}")
    courriel = factory.LazyAttribute(lambda o: f"{o.identifiant}@exemple.invalid")


def affecter(role: str, cible: Any = None, *, titre: str = Titre.TITULAIRE, **champs: Any) -> models.Utilisateur:
    """Compte neuf qui tient `role` sur `cible` (région, grappe, OG, groupe, ESMS ; None : national)."""
    utilisateur = champs.pop("utilisateur", None) or UtilisateurFactory()
    portee = {
        models.Region: Portee.REGION,
        models.Grappe: Portee.GRAPPE,
        models.OrganismeGestionnaire: Portee.OG,
        models.Groupe: Portee.GROUPE,
        models.Esms: Portee.ESMS,
    }.get(type(cible), Portee.NATIONAL)
    rattachement = {portee.value: cible} if cible is not None else {}
    champs.setdefault("du", date(2020, 1, 1))
    models.Affectation.objects.create(
        utilisateur=utilisateur, role=role, titre=titre, portee=portee, **rattachement, **champs
    )
    utilisateur.__dict__.pop("perimetre", None)
    return utilisateur


def directrice_de(parcours: models.Parcours) -> models.Utilisateur:
    """Directrice en titre de l'ESMS du parcours."""
    return affecter(Role.DIRECTEUR, parcours.esms)


def cheffe_de(grappe: models.Grappe) -> models.Utilisateur:
    """Cheffe de projet de la grappe."""
    return affecter(Role.CHEF_PROJET, grappe)


def reunir_ce_qui_barre(*objets: Any, transition: str, par: Any) -> None:
    """Réunit, par leurs recettes, les seules conditions qui barrent ce passage ; ce qui avertit avertit encore."""
    for objet in objets:
        for condition in pour(objet._meta.label_lower, transition):
            if condition.severite in (Severite.BARRE, Severite.LEGALE) and not condition.est_structurelle:
                condition.remplir(type(objet).objects.get(pk=objet.pk), par)


def modele_publie(
    niveaux: dict[str, str], grappe: Any = None, propres: dict[str, dict[str, Any]] | None = None, **champs: Any
) -> models.VersionChecklist:
    """Une version publiée de la checklist, une action par code, au niveau dit.

    `champs` vaut pour toutes les actions, `propres` pour celle de ce code.
    """
    numero = models.VersionChecklist.objects.filter(grappe=grappe).count() + 1
    version = models.VersionChecklist.objects.create(grappe=grappe, numero=numero)
    for ordre, (code, niveau) in enumerate(niveaux.items()):
        valeurs = {"role": "relais", "phase": "recense", "libelle": f"Action {code}"} | champs
        valeurs |= (propres or {}).get(code, {})
        models.LigneChecklist.objects.create(version=version, code=code, ordre=ordre, niveau=niveau, **valeurs)
    version.publiee_le = timezone.now()
    version.save()
    return version
