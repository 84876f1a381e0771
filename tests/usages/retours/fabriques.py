"""Fabriques des retours de terrain : le plus petit objet vrai de chaque modèle."""

import uuid
from typing import Any

import factory
from factory.django import DjangoModelFactory

from programme.models import Utilisateur
from programme.socle.porte import changer_etat
from tests.fabriques import GrappeFactory, ParcoursFactory, UtilisateurFactory
from usages import models
from usages.enums import Consentement, ThemeRetour, VoieRetour


class LienDeRetourFactory(DjangoModelFactory):
    class Meta:
        model = models.LienDeRetour

    parcours = factory.SubFactory(ParcoursFactory)
    cree_par = factory.SubFactory(UtilisateurFactory)


class RetourFactory(DjangoModelFactory):
    """Un retour sans compte, au nom de l'ESMS."""

    class Meta:
        model = models.Retour

    parcours = factory.SubFactory(ParcoursFactory)
    niveau = "esms"
    probleme = factory.Sequence(lambda n: f"L'écran des transmissions met longtemps à s'ouvrir, essai {n}.")
    amelioration = "L'ouvrir sur le jour même."
    cle = factory.LazyFunction(uuid.uuid4)


class SoutienFactory(DjangoModelFactory):
    class Meta:
        model = models.Soutien

    retour = factory.SubFactory(RetourFactory)
    parcours = factory.SelfAttribute("retour.parcours")
    cle = factory.LazyFunction(uuid.uuid4)


class RelaisFactory(DjangoModelFactory):
    class Meta:
        model = models.Relais

    parcours = factory.SubFactory(ParcoursFactory)
    compte = factory.SubFactory(UtilisateurFactory)


class EnseignementFactory(DjangoModelFactory):
    class Meta:
        model = models.Enseignement

    grappe = factory.SubFactory(GrappeFactory)
    libelle = factory.Sequence(lambda n: f"Prévoir deux postes de plus par unité, essai {n}")
    conseil = "Compter un poste pour quatre personnes présentes."
    ecrit_par = factory.SubFactory(UtilisateurFactory)


class PratiqueFactory(DjangoModelFactory):
    class Meta:
        model = models.Pratique

    grappe = factory.SubFactory(GrappeFactory)
    titre = factory.Sequence(lambda n: f"Dix minutes de saisie à la relève, essai {n}")
    contexte = "Trois unités, des équipes qui se croisent peu."
    fait = "Dix minutes au planning, à chaque relève, pour écrire sur place."
    effet = "Les transmissions sont écrites le jour même."
    theme = ThemeRetour.ORGANISATION
    signature = "Un IME de la région"
    ecrite_par = factory.SubFactory(UtilisateurFactory)


class VerbatimFactory(DjangoModelFactory):
    class Meta:
        model = models.Verbatim

    parcours = factory.SubFactory(ParcoursFactory)
    texte = "On retrouve tout au même endroit."
    qui = "une éducatrice"
    consentement = Consentement.A_DEMANDER
    recueilli_par = factory.SubFactory(UtilisateurFactory)


def conduire(retour: models.Retour, *transitions: str, par: Utilisateur, **details: Any) -> models.Retour:
    """Mène un retour par la porte, avec de quoi répondre à ce que chaque transition demande."""
    offerts: dict[str, dict[str, Any]] = {
        "qualifier": {"theme": ThemeRetour.ERGONOMIE, "titre": "Écran des transmissions lent"},
        "prendre_en_charge": {
            "voie": VoieRetour.INTERNE,
            "theme": ThemeRetour.ERGONOMIE,
            "titre": "Écran des transmissions lent",
        },
        "publier": {"reponse": "L'écran s'ouvre maintenant sur le jour même."},
        "ne_pas_retenir": {"titre": "Écran des transmissions lent"},
    }
    for transition in transitions:
        motif = "Hors de notre portée" if transition in ("ne_pas_retenir", "rouvrir") else ""
        changer_etat(retour, transition, par=par, motif=motif, **offerts.get(transition, {}) | details)
        retour = models.Retour.objects.get(pk=retour.pk)
    return retour
