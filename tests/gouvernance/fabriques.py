"""Fabriques de la gouvernance : le plus petit objet vrai de chaque modèle."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from gouvernance import models
from gouvernance.enums import Represente, StatutPresence, TypeInstance
from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.empreintes import empreinte_de
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, UtilisateurFactory, affecter, cheffe_de

BLOCS: list[dict[str, Any]] = [
    {"genre": "texte", "texte": "Aucune action n'est en retard."},
    {"genre": "chiffres", "valeurs": [["Actions ouvertes", "1"], ["En retard", "0"]]},
    {
        "genre": "tableau",
        "titre": "À finir sous trente jours",
        "colonnes": ["N°", "Action", "Échéance"],
        "lignes": [["1", "Tirer un câble", "3 nov. 2026"]],
        "vide": "",
    },
]
"""Un bloc de chaque genre."""
ENTETE = ("titre", "instance", "grappe", "quand", "duree", "lieu", "invites", "releve", "par", "depuis")


class InstanceFactory(DjangoModelFactory):
    """Un COMOP."""

    class Meta:
        model = models.Instance

    grappe = factory.SubFactory(GrappeFactory)
    type = TypeInstance.COMOP
    nom = factory.Sequence(lambda n: f"COMOP {n}")
    creee_par = factory.SubFactory(UtilisateurFactory)


class MandatFactory(DjangoModelFactory):
    """Un siège au nom de la conduite du projet."""

    class Meta:
        model = models.Mandat

    comite = factory.SubFactory(InstanceFactory)
    utilisateur = factory.SubFactory(UtilisateurFactory)
    represente = Represente.CONDUITE
    du = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=400))
    confie_par = factory.SubFactory(UtilisateurFactory)


class SeanceFactory(DjangoModelFactory):
    """Une séance dans une semaine ; l'instance n'y demande pas de quorum."""

    class Meta:
        model = models.Seance

    comite = factory.SubFactory(InstanceFactory, quorum=0)
    debut = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    creee_par = factory.SubFactory(UtilisateurFactory)


class PointFactory(DjangoModelFactory):
    class Meta:
        model = models.Point

    seance = factory.SubFactory(SeanceFactory)
    titre = "Où en sont les formations"


class DossierSeanceFactory(DjangoModelFactory):
    """Un dossier d'un seul chapitre, un bloc de chaque genre ; `demander` (services/dossiers) en fait un vrai."""

    class Meta:
        model = models.DossierSeance

    seance = factory.SubFactory(SeanceFactory)
    fait_par = factory.SubFactory(UtilisateurFactory)
    contenu = factory.LazyAttribute(
        lambda o: {
            "entete": dict.fromkeys(ENTETE, "") | {"titre": str(o.seance)},
            "chapitres": [{"code": "actions", "titre": "Les actions", "blocs": BLOCS}],
        }
    )
    empreinte = factory.LazyAttribute(lambda o: empreinte_de(o.contenu))


class DecisionFactory(DjangoModelFactory):
    """Une suite à donner, pour toute la grappe, portée par une séance ouverte de son instance."""

    class Meta:
        model = models.Decision

    comite = factory.SubFactory(InstanceFactory, quorum=0)
    grappe = factory.SelfAttribute("comite.grappe")
    numero = factory.Sequence(lambda n: n + 1)
    intitule = "Former les équipes de nuit d'abord"
    creee_par = factory.SubFactory(UtilisateurFactory)
    seance = factory.LazyAttribute(lambda o: seance_ouverte(o.comite))


class AlerteFactory(DjangoModelFactory):
    """Une alerte de la grappe, à traiter sous trois semaines."""

    class Meta:
        model = models.Alerte

    grappe = factory.SubFactory(GrappeFactory)
    intitule = "L'éditeur ne répond plus"
    echeance = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=21))
    levee_par = factory.SubFactory(UtilisateurFactory)


class EntreeFactory(DjangoModelFactory):
    class Meta:
        model = models.Entree

    grappe = factory.SubFactory(GrappeFactory)
    titre = "Le journal de bord est ouvert"
    texte = "Les deux premières unités écrivent dans le même journal."
    auteur = factory.SubFactory(UtilisateurFactory)


def seance_ouverte(instance: models.Instance, **champs: Any) -> models.Seance:
    """Une séance de cette instance, ouverte par la cheffe de sa grappe."""
    # Il y a une heure, mais jamais hier : peu après minuit, la séance d'aujourd'hui l'est encore.
    matin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    champs.setdefault("debut", max(timezone.now() - timedelta(hours=1), matin))
    seance = SeanceFactory(comite=instance, **champs)
    changer_etat(seance, "ouvrir", par=cheffe_de(instance.grappe))
    return seance


def seance_close(instance: models.Instance, **champs: Any) -> models.Seance:
    """Ouverte, puis close."""
    seance = seance_ouverte(instance, **champs)
    changer_etat(seance, "clore", par=cheffe_de(instance.grappe))
    return seance


def mandater(instance: models.Instance, utilisateur: Utilisateur | None = None, **champs: Any) -> models.Mandat:
    """Un siège, pour ce compte ou un neuf ; sans rôle dans la grappe, il en devient membre, comme par le service."""
    mandat = MandatFactory(comite=instance, **({"utilisateur": utilisateur} if utilisateur else {}), **champs)
    for compte in filter(None, (mandat.utilisateur, mandat.suppleant)):
        if not Grappe.objects.de_pres(Utilisateur.objects.get(pk=compte.pk)).filter(pk=instance.grappe_id).exists():
            affecter(Role.MEMBRE, instance.grappe, utilisateur=compte)
            compte.__dict__.pop("perimetre", None)
    return mandat


def presents(seance: models.Seance, *mandats: models.Mandat) -> None:
    """Note ces sièges présents."""
    for mandat in mandats:
        models.Presence.objects.create(seance=seance, mandat=mandat, statut=StatutPresence.PRESENT)


def levee_de(instance: models.Instance, condition: str, *parcours: Parcours, **champs: Any) -> models.Decision:
    """Une décision instruite qui lève cette condition pour ces ESMS, d'aujourd'hui à dans un mois."""
    jour = timezone.localdate()
    champs = {"levee_du": jour, "levee_au": jour + timedelta(days=30)} | champs
    decision = DecisionFactory(comite=instance, effet="levee", condition=condition, **champs)
    for p in parcours:
        models.Portee.objects.create(decision=decision, parcours=p)
    return decision
