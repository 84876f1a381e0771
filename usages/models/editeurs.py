"""Ce qu'une grappe attend d'un éditeur : demandes et réponses, versions annoncées, montées de version."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from programme.calculs.delais import jours
from programme.models import DemandeParametrage, Editeur, Grappe, Module, Parcours, Solution
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.dates import date_courte
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser
from usages.calculs.delais_editeurs import Attente
from usages.enums import EtatDemandeEditeur, NatureDemandeEditeur
from usages.models.communs import grappes_de_pres
from usages.models.tickets import Irritant

E = EtatDemandeEditeur
EN_ATTENTE = (E.ENVOYEE,)
FINIES = (E.CLOSE, E.ABANDONNEE)


class DemandeEditeurQuerySet(ModeleAEtatsQuerySet):
    """Demandes à l'éditeur."""

    def visibles_par(self, utilisateur: Any) -> "DemandeEditeurQuerySet":
        """Celles des grappes dont il est ; pas le financeur."""
        return self.filter(grappe__in=grappes_de_pres(utilisateur))

    def ouvertes(self) -> "DemandeEditeurQuerySet":
        """Ni closes, ni abandonnées."""
        return self.exclude(etat__in=FINIES)

    def avec_duree(self, au: date) -> "DemandeEditeurQuerySet":
        """Ajoute `duree`, de l'envoi à la réponse, à l'abandon ou jusqu'à ce jour : de quoi trier par délai."""
        fin = Coalesce("repondue_le", "abandonnee_le", Value(au, output_field=models.DateField()))
        return self.annotate(
            duree=ExpressionWrapper(fin - F("envoyee_le"), output_field=models.DurationField())
        ).avec_rang_etat()

    def en_attente(self) -> "DemandeEditeurQuerySet":
        """Sans réponse de l'éditeur."""
        return self.filter(etat__in=EN_ATTENTE)

    def chercher(self, texte: str) -> "DemandeEditeurQuerySet":
        """Celles dont l'objet porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def pour_lecture(self) -> "DemandeEditeurQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "editeur", "module", "irritant", "parametrage", "creee_par")


class DemandeEditeur(ModeleAEtats):
    """Une demande d'une grappe à un éditeur, et ce qu'il a répondu : le délai se compte de l'envoi à la réponse."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="demandes_editeurs")
    editeur = models.ForeignKey(Editeur, models.PROTECT, related_name="demandes", verbose_name="éditeur")
    nature = models.CharField("ce qu'on attend", max_length=10, choices=NatureDemandeEditeur.choices)
    objet = TexteCourtField("objet", max_length=160)
    precision = TexteLibreField("précision", max_length=1000)
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="demandes_editeurs")
    irritant = models.ForeignKey(Irritant, models.SET_NULL, null=True, blank=True, related_name="demandes")
    parametrage = models.ForeignKey(
        DemandeParametrage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="demandes_editeurs",
        verbose_name="demande de paramétrage",
    )
    reference = TexteCourtField("référence chez l'éditeur", max_length=80, blank=True)
    envoyee_le = models.DateField("envoyée le", default=timezone.localdate)
    repondue_le = models.DateField("réponse reçue le", null=True, blank=True, editable=False)
    abandonnee_le = models.DateField("abandonnée le", null=True, blank=True, editable=False)
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="créée par")
    etat = champ_etat(EtatDemandeEditeur, E.ENVOYEE)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "editeur")

    objects = DemandeEditeurQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["repondue_le", "abandonnee_le", "tri"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "demande à l'éditeur"
        verbose_name_plural = "demandes à l'éditeur"
        ordering = ["-envoyee_le", "pk"]
        constraints = [
            etats_connus(EtatDemandeEditeur, "demande_editeur_etat_connu"),
            models.CheckConstraint(
                condition=Q(nature__in=NatureDemandeEditeur.values), name="demande_editeur_nature_connue"
            ),
            models.CheckConstraint(
                condition=(Q(repondue_le__isnull=True) | Q(repondue_le__gte=F("envoyee_le")))
                & (Q(abandonnee_le__isnull=True) | Q(abandonnee_le__gte=F("envoyee_le"))),
                name="demande_editeur_dates",
            ),
        ]
        indexes = [models.Index(fields=["grappe", "editeur", "etat"], name="demande_editeur_grappe")]

    def __str__(self) -> str:
        return self.objet

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.objet)[:160]
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe

    @property
    def est_ouverte(self) -> bool:
        """Vrai tant qu'on en attend quelque chose : ni close, ni abandonnée."""
        return self.etat not in FINIES

    @property
    def attend_l_editeur(self) -> bool:
        """Vrai si la réponse n'est pas venue."""
        return self.etat in EN_ATTENTE

    def attente(self, au: date) -> Attente:
        """Jours de l'envoi à la réponse ; sans réponse, jusqu'à l'abandon, ou jusqu'à ce jour."""
        return Attente(jours(self.envoyee_le, self.repondue_le or self.abandonnee_le or au), bool(self.repondue_le))

    def delai(self, au: date) -> int:
        """Les mêmes jours, seuls."""
        return self.attente(au).jours

    def faute_de_date(self, effet: date) -> str:
        """Rien ne lui arrive avant son envoi."""
        if effet >= self.envoyee_le:
            return ""
        return f"Cette demande est partie le {date_courte(self.envoyee_le)} : rien n'y a répondu avant."

    @transition("etat", E.ENVOYEE, E.REPONDUE, custom={"verbe": "Consigner la réponse", "motif_requis": True})
    def repondre(self) -> None:
        """L'éditeur a répondu ; le motif dit quoi."""

    @transition("etat", E.REPONDUE, E.CLOSE, custom={"verbe": "Clore la demande"})
    def clore(self) -> None:
        """Livrée, corrigée, ou la réponse suffit."""

    @transition(
        "etat",
        [E.REPONDUE, E.CLOSE, E.ABANDONNEE],
        retour_a(E.ENVOYEE),
        custom={"verbe": "Relancer l'éditeur", "motif_requis": True, "de_cote": True},
    )
    def relancer(self) -> None:
        """La réponse ne tient pas : le délai reprend."""

    @transition(
        "etat",
        [E.ENVOYEE, E.REPONDUE],
        E.ABANDONNEE,
        custom={"verbe": "Abandonner la demande", "motif_requis": True, "de_cote": True},
    )
    def abandonner(self) -> None:
        """On n'en attend plus rien, et on dit pourquoi."""

    def apres_passage(self, passage: Any) -> None:
        """Tient le jour de la réponse, et celui de l'abandon ; relancer efface les deux."""
        jours_tenus = {
            "repondre": {"repondue_le": passage.date_effet},
            "abandonner": {"abandonnee_le": passage.date_effet},
            "relancer": {"repondue_le": None, "abandonnee_le": None},
        }
        if dits := jours_tenus.get(passage.transition):
            # Par update() : ces jours se déduisent du journal, ils n'ont pas d'histoire à eux.
            DemandeEditeur.objects.filter(pk=self.pk).update(**dits)


class VersionSolutionQuerySet(models.QuerySet):
    """Versions d'une solution."""

    def visibles_par(self, utilisateur: Any) -> "VersionSolutionQuerySet":
        """Ce qu'un éditeur annonce est public : tout connecté le lit."""
        return self if utilisateur.is_authenticated else self.none()

    def annoncees(self) -> "VersionSolutionQuerySet":
        """Pas encore sorties : la feuille de route."""
        return self.filter(sortie_le__isnull=True)


class VersionSolution(models.Model):
    """Une version d'un DUI : ce que l'éditeur annonce, quand elle sort."""

    solution = models.ForeignKey(Solution, models.PROTECT, related_name="versions")
    nom = TexteCourtField("version", max_length=60)
    apports = TexteLibreField("ce qu'elle apporte", max_length=600)
    prevue_le = models.DateField("annoncée pour le", null=True, blank=True)
    sortie_le = models.DateField("sortie le", null=True, blank=True)

    objects = VersionSolutionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "version d'une solution"
        verbose_name_plural = "versions des solutions"
        ordering = ["solution", F("sortie_le").desc(nulls_first=True), "-prevue_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["solution", "nom"],
                name="version_solution_unique",
                violation_error_message="Cette version est déjà connue pour cette solution.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.solution} {self.nom}"


class MonteeDeVersionQuerySet(models.QuerySet):
    """Montées de version."""

    def visibles_par(self, utilisateur: Any) -> "MonteeDeVersionQuerySet":
        """Celles des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))

    def faites(self) -> "MonteeDeVersionQuerySet":
        """Installées."""
        return self.filter(faite_le__isnull=False)

    def pour_lecture(self) -> "MonteeDeVersionQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("parcours__esms", "version__solution")


class MonteeDeVersion(models.Model):
    """Un ESMS passe à une version, prévue un jour, faite un autre."""

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="montees_de_version", verbose_name="ESMS")
    version = models.ForeignKey(VersionSolution, models.PROTECT, related_name="montees")
    prevue_le = models.DateField("prévue le", null=True, blank=True)
    faite_le = models.DateField("faite le", null=True, blank=True)
    note = TexteCourtField("à savoir", max_length=240, blank=True)

    objects = MonteeDeVersionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "montée de version"
        verbose_name_plural = "montées de version"
        ordering = ["parcours", "-faite_le", "-prevue_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcours", "version"],
                name="montee_unique",
                violation_error_message="Cette montée de version est déjà notée pour cet ESMS.",
            ),
            models.CheckConstraint(
                condition=Q(prevue_le__isnull=False) | Q(faite_le__isnull=False),
                name="montee_datee",
                violation_error_message="Donnez le jour prévu, ou celui où elle s'est faite.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, {self.parcours}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours
