"""La précision demandée sur UN chiffre transmis, et la réponse de l'ESMS."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import transition

from programme.models import Parcours
from programme.socle.champs import TexteLibreField
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from usages.enums import EtatPrecision
from usages.models.releves import Valeur

P = EtatPrecision


class PrecisionQuerySet(ModeleAEtatsQuerySet):
    """Demandes de précision."""

    def visibles_par(self, utilisateur: Any) -> "PrecisionQuerySet":
        """Celles des chiffres qu'il lit."""
        return self.filter(valeur__in=Valeur.objects.visibles_par(utilisateur).order_by().values("pk"))

    def pendantes(self) -> "PrecisionQuerySet":
        """Ni closes."""
        return self.exclude(etat=P.CLOSE)

    def sans_reponse(self) -> "PrecisionQuerySet":
        """Qui attendent l'ESMS."""
        return self.filter(etat=P.DEMANDEE)

    def pour_lecture(self) -> "PrecisionQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related(
            "valeur__indicateur", "valeur__releve__parcours__esms", "valeur__releve__grappe", "demandee_par"
        )


class Precision(ModeleAEtats):
    """Une question sur UN chiffre transmis, et la réponse de l'ESMS : la seule écriture du financeur (metier §1)."""

    valeur = models.ForeignKey(Valeur, models.PROTECT, related_name="precisions", verbose_name="chiffre")
    question = TexteLibreField("question", max_length=600)
    reponse = TexteLibreField("réponse", max_length=600)
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="demandée par"
    )
    demandee_le = models.DateTimeField("demandée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatPrecision, P.DEMANDEE)

    chemin_parcours: ClassVar[str | None] = "valeur__releve__parcours_id"
    chemin_grappe: ClassVar[str | None] = "valeur__releve__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = (
        "valeur__indicateur",
        "valeur__releve__parcours__esms__departement",
        "valeur__releve__parcours__grappe",
        "demandee_par",
    )

    objects = PrecisionQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "demande de précision"
        verbose_name_plural = "demandes de précision"
        ordering = ["demandee_le", "pk"]
        constraints = [
            etats_connus(EtatPrecision, "precision_etat_connu"),
            models.UniqueConstraint(
                fields=["valeur"],
                condition=~Q(etat=P.CLOSE),
                name="precision_une_a_la_fois",
                violation_error_message="Une précision est déjà demandée sur ce chiffre.",
            ),
        ]

    def __str__(self) -> str:
        return f"précision sur {self.valeur}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.valeur.releve.parcours

    @property
    def attend_l_esms(self) -> bool:
        """Vrai tant que l'ESMS n'a pas répondu."""
        return self.etat == P.DEMANDEE

    @transition("etat", P.DEMANDEE, P.REPONDUE, custom={"verbe": "Répondre", "motif_requis": True})
    def repondre(self) -> None:
        """L'ESMS répond ; le motif porte sa réponse."""

    @transition("etat", [P.DEMANDEE, P.REPONDUE], P.CLOSE, custom={"verbe": "Clore la demande"})
    def clore(self) -> None:
        """Qui l'a posée, ou le chef de projet, s'en tient là."""

    @transition(
        "etat",
        P.REPONDUE,
        retour_a(P.DEMANDEE),
        custom={"verbe": "Demander encore", "motif_requis": True, "de_cote": True},
    )
    def redemander(self) -> None:
        """La réponse ne suffit pas : le motif dit ce qui manque."""

    def apres_passage(self, passage: Any) -> None:
        """Le motif est la réponse, ou la nouvelle question."""
        champ = {"repondre": "reponse", "redemander": "question"}.get(passage.transition)
        if champ:
            Precision.objects.filter(pk=self.pk).update(**{champ: passage.motif})
