"""Les pratiques partagées : une fiche courte, volontaire, que les grappes de la région trouvent (metier §9)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_fsm import transition

from programme.models import Grappe, Module
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser
from usages.enums import EtatPratique, ThemeRetour
from usages.models.communs import grappes_de_pres

E = EtatPratique


class PratiqueQuerySet(ModeleAEtatsQuerySet):
    """Pratiques."""

    def visibles_par(self, utilisateur: Any) -> "PratiqueQuerySet":
        """Celles de ses grappes ; et, partagées, celles des régions de ses grappes ou qu'il suit."""
        siennes = Grappe.objects.filter(pk__in=grappes_de_pres(utilisateur))
        regions = siennes.filter(region__isnull=False).order_by().values("region")
        voisines = Q(grappe__region__in=regions) | Q(grappe__region__in=utilisateur.perimetre.regions)
        return self.filter(Q(grappe__in=siennes.order_by().values("pk")) | Q(etat=E.PARTAGEE) & voisines)

    def partagees(self) -> "PratiqueQuerySet":
        """Celles que toute la région trouve."""
        return self.filter(etat=E.PARTAGEE)

    def chercher(self, texte: str) -> "PratiqueQuerySet":
        """Celles dont la fiche porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def avec_reprises(self) -> "PratiqueQuerySet":
        """Ajoute `nb_reprises` : combien de grappes l'ont reprise."""
        reprises = RepriseDePratique.objects.filter(pratique=OuterRef("pk")).order_by().values("pratique")
        nombre = Subquery(reprises.annotate(nombre=Count("pk")).values("nombre"), output_field=models.IntegerField())
        return self.annotate(nb_reprises=Coalesce(nombre, 0))

    def pour_lecture(self) -> "PratiqueQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe__region", "module", "ecrite_par")


class Pratique(ModeleAEtats):
    """Une fiche : le contexte, ce qu'on a fait, ce que ça a donné. `signature` : comment on veut être nommé."""

    nb_reprises: int
    grappe_dite: str
    """Posés par `avec_reprises` et `services.retours.pratiques` : la grappe ne se nomme qu'à qui la voit."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="pratiques")
    titre = TexteCourtField("titre", max_length=120)
    contexte = TexteLibreField("le contexte", max_length=600)
    fait = TexteLibreField("ce que nous avons fait", max_length=1200)
    effet = TexteLibreField("ce que ça a donné", max_length=600)
    theme = models.CharField("thème", max_length=14, choices=ThemeRetour.choices)
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="pratiques")
    signature = TexteCourtField("signée", max_length=120)
    contact = TexteCourtField("qui contacter (une fonction)", max_length=120, blank=True)
    ecrite_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ecrite_le = models.DateField("écrite le", default=timezone.localdate)
    etat = champ_etat(EtatPratique, E.BROUILLON)
    tri = models.CharField("tri", max_length=2600, editable=False, default="")

    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe",)

    objects = PratiqueQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "pratique partagée"
        verbose_name_plural = "pratiques partagées"
        ordering = ["-ecrite_le", "pk"]
        constraints = [
            etats_connus(EtatPratique, "pratique_etat_connu"),
            models.CheckConstraint(condition=Q(theme__in=ThemeRetour.values), name="pratique_theme_connu"),
        ]
        indexes = [models.Index(fields=["grappe", "etat"], name="pratique_grappe")]

    def __str__(self) -> str:
        return self.titre

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche à jour."""
        self.tri = normaliser(f"{self.titre} {self.contexte} {self.fait} {self.effet}")[:2600]
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe

    @property
    def est_partagee(self) -> bool:
        """Vrai si toute la région la trouve."""
        return self.etat == E.PARTAGEE

    @transition("etat", [E.BROUILLON, E.RETIREE], E.PARTAGEE, custom={"verbe": "Partager avec la région"})
    def partager(self) -> None:
        """Les autres grappes de la région la trouvent."""

    @transition("etat", E.PARTAGEE, E.RETIREE, custom={"verbe": "Retirer", "de_cote": True})
    def retirer(self) -> None:
        """Elle ne se montre plus qu'à la grappe ; les reprises restent."""


class RepriseDePratique(models.Model):
    """Une grappe reprend une pratique : de quoi dire merci, et compter."""

    pratique = models.ForeignKey(Pratique, models.CASCADE, related_name="reprises")
    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="pratiques_reprises")
    reprise_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reprise_le = models.DateField("reprise le", default=timezone.localdate, editable=False)
    note = TexteCourtField("ce que nous en avons changé", max_length=240, blank=True)

    class Meta:
        verbose_name = "reprise d'une pratique"
        verbose_name_plural = "reprises des pratiques"
        constraints = [models.UniqueConstraint(fields=["pratique", "grappe"], name="reprise_de_pratique_unique")]

    def __str__(self) -> str:
        return f"{self.grappe}, {self.pratique}"
