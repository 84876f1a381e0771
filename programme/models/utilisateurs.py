"""Comptes : un identifiant, un nom d'affichage, des affectations datées."""

from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from programme.calculs.cadence import Cadence
from programme.enums import Role
from programme.perimetre import Perimetre
from programme.socle.champs import TexteCourtField
from programme.socle.recherche import chercher_en_memoire

TREILLE = "treille.reference"
"""Identifiant du compte au nom duquel Treille publie ce qu'elle livre. Il n'entre jamais."""


class UtilisateurQuerySet(models.QuerySet["Utilisateur"]):
    """Comptes."""

    def visibles_par(self, utilisateur: Any) -> "UtilisateurQuerySet":
        """L'administrateur les voit tous ; les autres voient des affectations, pas un annuaire des comptes."""
        return self if utilisateur.perimetre.tient(Role.ADMIN) else self.none()

    def a_rappeler(self, au: date) -> "UtilisateurQuerySet":
        """Ceux qu'un courriel atteint et sert : compte ouvert, déjà entré, une adresse, un rôle ce jour-là."""
        tenues: Any = apps.get_model("programme", "Affectation").objects
        jamais_entres = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        joignables = self.filter(is_active=True).exclude(courriel="").exclude(jamais_entres)
        return joignables.filter(Exists(tenues.en_cours(au).filter(utilisateur=OuterRef("pk"))))

    def chercher(self, texte: str) -> "UtilisateurQuerySet":
        """Comptes dont le nom, l'identifiant ou le courriel portent tous les mots, accents ignorés."""
        return chercher_en_memoire(self, texte, "nom", "identifiant", "courriel")


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    """Crée les comptes."""

    def get_queryset(self) -> UtilisateurQuerySet:
        """Avec de quoi lister."""
        return UtilisateurQuerySet(self.model, using=self._db)

    def visibles_par(self, utilisateur: Any) -> UtilisateurQuerySet:
        """Voir `UtilisateurQuerySet.visibles_par`."""
        return self.get_queryset().visibles_par(utilisateur)

    def a_rappeler(self, au: date) -> UtilisateurQuerySet:
        """Voir `UtilisateurQuerySet.a_rappeler`."""
        return self.get_queryset().a_rappeler(au)

    def create_user(self, identifiant: str, password: str | None = None, **champs: Any) -> "Utilisateur":
        """Crée un compte ; sans mot de passe, il s'ouvre par lien d'invitation."""
        utilisateur = self.model(identifiant=identifiant, **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def de_treille(self) -> "Utilisateur":
        """Le compte de Treille, créé au premier besoin : fermé, sans mot de passe ni affectation.

        Le journal veut un nom à chaque passage ; celui-ci dit que c'est le produit, et non une personne.
        """
        compte = self.filter(identifiant=TREILLE).first()
        return compte or self.create_user(TREILLE, nom="Treille", is_active=False)

    def get_by_natural_key(self, username: str | None) -> "Utilisateur":
        """Connexion par identifiant, casse ignorée."""
        return self.get(identifiant__iexact=username)


class Utilisateur(AbstractBaseUser):
    """Un compte. Ce qu'il voit et peut faire vient de ses affectations, jamais d'un drapeau."""

    identifiant = models.CharField("identifiant", max_length=60, unique=True)
    nom = TexteCourtField("nom affiché", max_length=120)
    courriel = models.EmailField("courriel professionnel", blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)

    USERNAME_FIELD = "identifiant"
    EMAIL_FIELD = "courriel"
    REQUIRED_FIELDS = ["nom"]

    objects = UtilisateurManager()

    class Meta:
        verbose_name = "utilisateur"
        ordering = ["nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_treille(self) -> bool:
        """Vrai pour le compte du produit (`de_treille`), tant que personne ne l'a ouvert."""
        return self.identifiant == TREILLE and not self.is_active

    @cached_property
    def perimetre(self) -> Perimetre:
        """Affectations en cours, lues une fois par requête."""
        return Perimetre.depuis(self.affectations.en_cours(timezone.localdate()).pour_perimetre())

    @property
    def cadence(self) -> Cadence:
        """Ses jours de rappel ; sans réglage, chaque lundi depuis que le compte existe."""
        preference = getattr(self, "preference_rappel", None)
        return preference.cadence if preference else Cadence(depuis=timezone.localdate(self.cree_le))
