"""Une étude : une question, une équipe, un entonnoir, des visites, et les monographies qu'on en tire (metier §10)."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django_fsm import transition

from programme.socle.champs import DonneesField, TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.nombres import accorde
from programme.socle.recherche import compte_par, mots_contenus
from programme.socle.texte import normaliser
from risques.models import Campagne
from usages.enums import EtatEtude, GenreEtape, RoleEtude

E = EtatEtude


class EtudeQuerySet(ModeleAEtatsQuerySet):
    """Études."""

    def visibles_par(self, utilisateur: Any) -> "EtudeQuerySet":
        """Celles dont il est de l'équipe : on y lit des notes de visite, des codages, des mots pas encore accordés."""
        return self.filter(Exists(Equipier.objects.filter(etude=OuterRef("pk"), compte=utilisateur.pk)))

    def pour_lecture(self) -> "EtudeQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("creee_par")

    def chercher(self, texte: str) -> "EtudeQuerySet":
        """Études dont le titre porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def avec_comptes(self) -> "EtudeQuerySet":
        """Ajoute `nb_etapes`, `nb_figees`, `nb_visites` (ni refusées, ni annulées), `nb_equipiers`."""
        visites = apps.get_model("usages", "Visite").objects.exclude(etat__in=("refusee", "annulee"))
        return self.annotate(
            nb_etapes=compte_par("etude", EtapeEtude.objects.all()),
            nb_figees=compte_par("etude", EtapeEtude.objects.filter(figee_le__isnull=False)),
            nb_visites=compte_par("etude", visites),
            nb_equipiers=compte_par("etude", Equipier.objects.all()),
        )

    def avec_role_de(self, utilisateur: Any) -> "EtudeQuerySet":
        """Ajoute `mon_role` : ce qu'il y fait."""
        siens = Equipier.objects.filter(etude=OuterRef("pk"), compte=utilisateur.pk)
        return self.annotate(mon_role=Subquery(siens.values("role")[:1]))


class Etude(ModeleAEtats):
    """Une étude. `base` : les unités d'où part l'entonnoir, telles qu'on les a prises ; `filtres` : comment.

    `base` : liste de `Unite.en_donnees()` ; `base_le` : le jour où on l'a prise.
    """

    titre = TexteCourtField("titre", max_length=160)
    question = TexteLibreField("ce qu'on cherche à comprendre", max_length=1000)
    methode = TexteLibreField("comment on s'y prend", max_length=4000)
    campagnes = models.ManyToManyField(
        Campagne, related_name="etudes", blank=True, verbose_name="campagnes du questionnaire des effets"
    )
    filtres = DonneesField("filtres de la base", default=dict, blank=True)
    base = DonneesField("base", default=list, blank=True)
    base_le = models.DateField("base prise le", null=True, blank=True)
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="créée par")
    creee_le = models.DateField("créée le", default=timezone.localdate, editable=False)
    etat = champ_etat(EtatEtude, E.PREPARATION)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    objects = EtudeQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "étude"
        ordering = ["-creee_le", "-pk"]
        constraints = [etats_connus(EtatEtude, "etude_etat_connu")]

    def __str__(self) -> str:
        return self.titre

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche à jour."""
        self.tri = normaliser(self.titre)[:160]
        super().save(*args, **kwargs)

    @property
    def avancement(self) -> str:
        """« 7 étapes, 2 figées » ; lit ce que pose `avec_comptes()`."""
        nombre, figees = getattr(self, "nb_etapes", 0), getattr(self, "nb_figees", 0)
        if not nombre:
            return "pas commencé"
        return f"{accorde(nombre, 'étape')}, {accorde(figees, 'figée')}" if figees else accorde(nombre, "étape")

    @transition("etat", E.PREPARATION, E.EN_COURS, custom={"verbe": "Lancer l'étude"})
    def lancer(self) -> None:
        """On sélectionne, on visite, on écrit."""

    @transition("etat", E.EN_COURS, E.CLOSE, custom={"verbe": "Clore l'étude"})
    def clore(self) -> None:
        """Plus rien ne s'y écrit ; tout se relit."""

    @transition(
        "etat",
        E.CLOSE,
        retour_a(E.EN_COURS),
        custom={"verbe": "Rouvrir l'étude", "motif_requis": True, "de_cote": True},
    )
    def rouvrir(self) -> None:
        """On y travaille de nouveau."""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne lance pas sans question ni base ; on ne clôt pas en laissant un ESMS attendre une visite."""
        manques = []
        if transition == "lancer":
            if not self.question.strip():
                lien = reverse("usages:etude-modifier", args=[self.pk]) if self.pk else ""
                manques.append(Manque("question", "Une question", "rien n'est écrit", lien=lien))
            if not self.base:
                lien = reverse("usages:etude-base", args=[self.pk]) if self.pk else ""
                manques.append(Manque("base", "Une base", "aucune unité n'est prise", lien=lien))
        if transition == "clore" and (nombre := self.visites.a_venir().count()):
            lien = reverse("usages:etude-detail", args=[self.pk]) if self.pk else ""
            mesure = f"{accorde(nombre, 'visite')} à venir : faites-les ou annulez-les"
            manques.append(Manque("visites", "Plus de visite à venir", mesure, lien=lien))
        return manques

    def consequence(self, transition: str) -> str:
        """Ce que l'équipe pourra faire, ou plus."""
        if transition == "lancer":
            return "L'équipe peut proposer des visites aux ESMS retenus : leur direction les accepte ou les refuse."
        if transition == "clore":
            return "Plus rien ne s'y écrit, l'entonnoir, les notes et les codages compris. Ce qui est publié reste lu."
        if transition == "rouvrir":
            return "L'équipe y écrit de nouveau. Ce qui est publié ne change pas."
        return ""


class Equipier(models.Model):
    """Un compte dans l'équipe d'une étude, et ce qu'il y fait."""

    etude = models.ForeignKey(Etude, models.CASCADE, related_name="equipe", verbose_name="étude")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="etudes", verbose_name="compte")
    role = models.CharField("rôle dans l'étude", max_length=8, choices=RoleEtude.choices, default=RoleEtude.AUTEUR)
    depuis = models.DateField("depuis le", default=timezone.localdate, editable=False)

    class Meta:
        verbose_name = "équipier"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["etude", "compte"], name="equipier_unique"),
            models.CheckConstraint(condition=Q(role__in=RoleEtude.values), name="equipier_role_connu"),
        ]

    def __str__(self) -> str:
        return f"{self.compte}, {self.get_role_display().lower()}"


class EtapeEtude(models.Model):
    """Une étape de l'entonnoir. `definition` : ce que lit `services.etudes.entonnoir`, selon le genre.

    `resultat` : ce que `calculs.entonnoir.Resultat.en_donnees` a gardé le jour où on l'a figée ; vide avant.
    """

    etude = models.ForeignKey(Etude, models.CASCADE, related_name="etapes", verbose_name="étude")
    rang = models.PositiveSmallIntegerField("rang")
    code = models.SlugField("code", max_length=40)
    titre = TexteCourtField("titre", max_length=120)
    palier = TexteCourtField("palier", max_length=80, blank=True)
    genre = models.CharField("genre", max_length=10, choices=GenreEtape.choices)
    definition = DonneesField("définition", default=dict, blank=True)
    resultat = models.JSONField("résultat figé", null=True, blank=True, editable=False)
    figee_le = models.DateTimeField("figée le", null=True, blank=True, editable=False)
    figee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "étape d'une étude"
        verbose_name_plural = "étapes des études"
        ordering = ["etude", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["etude", "code"], name="etape_etude_code_unique"),
            models.CheckConstraint(condition=Q(genre__in=GenreEtape.values), name="etape_etude_genre_connu"),
            models.CheckConstraint(
                condition=Q(resultat__isnull=True) | Q(figee_le__isnull=False), name="etape_etude_figee_datee"
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def lignes(self, nom: str) -> list[dict[str, Any]]:
        """Les lignes que sa définition range sous ce nom ; vide si ce qui est en base n'en a pas la forme."""
        lues = self.definition.get(nom) if isinstance(self.definition, dict) else None
        return [ligne for ligne in lues if isinstance(ligne, dict)] if isinstance(lues, list) else []

    def mot(self, nom: str) -> str:
        """Ce que sa définition dit sous ce nom, en un mot ; vide de même."""
        lu = self.definition.get(nom) if isinstance(self.definition, dict) else None
        return lu if isinstance(lu, str) else ""

    @property
    def est_figee(self) -> bool:
        """Vrai si ses entrées et ses décisions sont gardées."""
        return self.figee_le is not None
