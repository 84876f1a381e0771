"""La preuve d'usage d'un jalon de financement : des chiffres par ESMS, une date, des pièces, une signature."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django_fsm import transition

from programme.enums import Role
from programme.models import Grappe, Jalon
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Refus
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus
from usages.enums import EtatPreuve
from usages.models.indicateurs import Indicateur

E = EtatPreuve
QUI_SIGNE = "Dites en quelle qualité la preuve est signée."

preuve_signee = Signal()
"""Émis dans la transaction de la signature : `preuve`, `passage`. Le service y fige les chiffres du jour."""


class PreuveUsageQuerySet(ModeleAEtatsQuerySet):
    """Preuves d'usage."""

    def visibles_par(self, utilisateur: Any) -> "PreuveUsageQuerySet":
        """Celles des jalons qu'il lit ; qui n'est que financeur lit celles, signées, des grappes qu'il finance.

        Une preuve dit le chiffre de chaque ESMS : voir la grappe par un seul ESMS de sa région n'y suffit pas.
        """
        lus = self.filter(jalon__in=Jalon.objects.visibles_par(utilisateur).order_by().values("pk"))
        pres = Grappe.objects.financement_suivi_par(utilisateur).order_by().values("pk")
        finance = utilisateur.perimetre.seul(Role.ARS)
        signees = Q(etat=E.SIGNEE)
        if not finance.est_national:
            signees &= Q(jalon__convention__grappe__in=finance.grappes) | Q(
                jalon__convention__grappe__region__in=finance.regions
            )
        return lus.filter(signees | Q(jalon__convention__grappe__in=pres))

    def pour_lecture(self) -> "PreuveUsageQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("jalon__convention__grappe__region")


class PreuveUsage(ModeleAEtats):
    """Ce que demande le versement : les chiffres arrêtés un jour, figés à la signature (`contenu`, `empreinte`)."""

    jalon = models.ForeignKey(Jalon, models.PROTECT, related_name="preuves")
    arretee_au = models.DateField("chiffres arrêtés au")
    indicateurs = models.ManyToManyField(Indicateur, related_name="preuves", verbose_name="indicateurs")
    note = TexteLibreField("à savoir", max_length=600)
    contenu = models.JSONField("chiffres figés", null=True, blank=True, editable=False)
    empreinte = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    signataire = TexteCourtField("en qualité de", max_length=120, blank=True, editable=False)
    signee_le = models.DateField("signée le", null=True, blank=True, editable=False)
    preparee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="préparée par"
    )
    preparee_le = models.DateTimeField("préparée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatPreuve, E.PREPAREE)

    chemin_grappe: ClassVar[str | None] = "jalon__convention__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("jalon__convention__grappe",)

    vue_pour_signer = ""
    """Le temps d'une signature : le sceau de ce qu'a lu qui signe."""

    objects = PreuveUsageQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "preuve d'usage"
        verbose_name_plural = "preuves d'usage"
        ordering = ["-arretee_au", "pk"]
        constraints = [
            etats_connus(EtatPreuve, "preuve_etat_connu"),
        ]

    def __str__(self) -> str:
        return f"preuve d'usage, {self.jalon}"

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.jalon.convention.grappe

    @property
    def est_signee(self) -> bool:
        """Vrai si ses chiffres sont figés."""
        return self.etat == E.SIGNEE

    @transition("etat", E.PREPAREE, E.SIGNEE, custom={"verbe": "Signer la preuve d'usage"})
    def signer(self, qualite: str = "", vue: str = "", **_: Any) -> None:
        """Les chiffres sont figés, avec la qualité de qui signe. `vue` : le sceau de ce qu'on avait sous les yeux."""
        self.vue_pour_signer = vue
        self.signataire = qualite.strip()[:120]
        if not self.signataire:
            raise Refus("champ", QUI_SIGNE, champs={"qualite": [QUI_SIGNE]})

    @transition(
        "etat",
        [E.PREPAREE, E.SIGNEE],
        E.ANNULEE,
        custom={"verbe": "Annuler la preuve", "motif_requis": True, "de_cote": True},
    )
    def annuler(self) -> None:
        """Elle ne vaut plus ; une autre la remplace."""

    def apres_passage(self, passage: Any) -> None:
        """Tient le jour de la signature, et fait figer les chiffres : voir le service, qui écoute."""
        if passage.transition == "signer":
            PreuveUsage.objects.filter(pk=self.pk).update(signee_le=passage.date_effet)
            preuve_signee.send(sender=PreuveUsage, preuve=self, passage=passage)
