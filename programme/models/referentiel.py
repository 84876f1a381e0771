"""Référentiels : territoires, catégories, métiers, modules, éditeurs, solutions."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from programme.enums import Secteur
from programme.socle.recherche import chercher_en_memoire


class RegionQuerySet(models.QuerySet):
    """Régions."""

    def visibles_par(self, utilisateur: Any) -> "RegionQuerySet":
        """Celles qu'on couvre, et celles où l'on voit au moins un ESMS du projet."""
        p = utilisateur.perimetre
        if p.est_national:
            return self
        parcours = self.model._meta.apps.get_model("programme", "Parcours")
        vus = parcours.objects.visibles_par(utilisateur).filter(esms__departement__region=OuterRef("pk"))
        return self.filter(Q(pk__in=p.regions) | Exists(vus))


class Region(models.Model):
    """Région, clé : code INSEE."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=60)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "région"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    """Département, clé : code INSEE ; l'ancien extrait FINESS code l'outre-mer de 9A à 9J."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=60)
    code_finess = models.CharField("code de l'ancien extrait FINESS", max_length=2)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements", verbose_name="région")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


def nom_de_categorie(sigle: str, libelle: str) -> str:
    """Comment on nomme une catégorie : son sigle, à défaut son libellé."""
    return sigle or libelle


class Categorie(models.Model):
    """Catégorie FINESS ; secteur vide : gardée, hors des listes par défaut."""

    code = models.CharField("code", max_length=4, primary_key=True)
    libelle = models.CharField("libellé", max_length=200)
    sigle = models.CharField("sigle", max_length=40, blank=True)
    secteur = models.CharField("secteur", max_length=10, choices=Secteur.choices, blank=True)

    class Meta:
        verbose_name = "catégorie"
        ordering = ["code"]

    def __str__(self) -> str:
        return nom_de_categorie(self.sigle, self.libelle)


class Metier(models.Model):
    """Métier exercé en ESMS."""

    code = models.SlugField("code", max_length=40, unique=True)
    nom = models.CharField("nom", max_length=80)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "métier"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom


class Module(models.Model):
    """Module d'un DUI (journal de bord, agenda, dossier administratif…)."""

    code = models.SlugField("code", max_length=40, unique=True)
    nom = models.CharField("nom", max_length=80)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    est_medical = models.BooleanField("module médical", default=False)

    class Meta:
        verbose_name = "module"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom


class Editeur(models.Model):
    """Éditeur de logiciel."""

    nom = models.CharField("nom", max_length=120, unique=True)

    class Meta:
        verbose_name = "éditeur"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class SolutionQuerySet(models.QuerySet):
    """Solutions."""

    def chercher(self, texte: str) -> Any:
        """Celles dont le nom ou l'éditeur portent tous les mots, accents ignorés."""
        return chercher_en_memoire(self, texte, "nom", "editeur__nom")


class Solution(models.Model):
    """Logiciel de DUI d'un éditeur."""

    editeur = models.ForeignKey(Editeur, models.PROTECT, related_name="solutions", verbose_name="éditeur")
    nom = models.CharField("nom", max_length=120)
    est_referencee = models.BooleanField("référencée Ségur", default=False)

    objects = SolutionQuerySet.as_manager()

    class Meta:
        verbose_name = "solution"
        ordering = ["nom"]
        constraints = [models.UniqueConstraint(fields=["editeur", "nom"], name="solution_unique")]

    def __str__(self) -> str:
        return self.nom
