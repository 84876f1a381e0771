"""Les alertes : données par un ESMS ou par une règle, prises en charge, portées plus haut, closes avec une réponse."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from gouvernance.enums import EtatAlerte, OrigineAlerte, TypeInstance
from gouvernance.models.instances import Instance, concernent
from programme.models import Grappe, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser

E = EtatAlerte
OUVERTES = (E.LEVEE, E.PRISE_EN_CHARGE, E.PORTEE)


class AlerteQuerySet(ModeleAEtatsQuerySet):
    """Alertes."""

    def visibles_par(self, utilisateur: Any) -> "AlerteQuerySet":
        """Celles de ses ESMS, celles de sa grappe, et celles que traite une instance où il siège. Pas le financeur."""
        traitent = Instance.objects.suivies_par(utilisateur).filter(type__in=[TypeInstance.COMOP, TypeInstance.COSTRAT])
        return self.filter(
            Q(grappe__in=traitent.order_by().values("grappe")) | concernent(utilisateur, "parcours", "grappe")
        )

    def ouvertes(self) -> "AlerteQuerySet":
        """Pas closes."""
        return self.filter(etat__in=OUVERTES)

    def en_retard(self, au: date) -> "AlerteQuerySet":
        """Pas closes ni portées, le délai passé : elles montent au COSTRAT."""
        return self.filter(etat__in=(E.LEVEE, E.PRISE_EN_CHARGE), echeance__lt=au)

    def chercher(self, texte: str) -> "AlerteQuerySet":
        """Alertes dont l'intitulé porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def pour_lecture(self) -> "AlerteQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "parcours__esms__departement", "parcours__grappe", "levee_par")


QUI_ANIME = "qui anime le COMOP ou le COSTRAT"
ANIME_OU_TREILLE = f"{QUI_ANIME}, et Treille passé le délai"


class Alerte(ModeleAEtats):
    """Ce qui ne peut pas attendre la prochaine case cochée. `regle`, `cle` : la règle et ce qu'elle a vu, une fois.

    `echeance` : le jour où, sans réponse, elle monte au COSTRAT. `reponse` : ce que l'ESMS lit.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="alertes")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="alertes", verbose_name="ESMS"
    )
    intitule = TexteCourtField("ce qui se passe", max_length=160)
    texte = TexteLibreField("précision", max_length=1000)
    origine = models.CharField("origine", max_length=8, choices=OrigineAlerte.choices, default=OrigineAlerte.ESMS)
    regle = models.CharField("règle", max_length=40, blank=True)
    cle = models.CharField("clé", max_length=80, blank=True)
    levee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alertes_levees",
        verbose_name="donnée par",
    )
    levee_le = models.DateTimeField("donnée le", default=timezone.now, editable=False)
    echeance = models.DateField("à traiter avant le")
    reponse = TexteLibreField("réponse", max_length=1000)
    etat = champ_etat(EtatAlerte, E.LEVEE)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "parcours__esms__departement", "parcours__grappe")

    objects = AlerteQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["tri"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "alerte"
        ordering = ["echeance", "pk"]
        constraints = [
            etats_connus(EtatAlerte, "alerte_etat_connu"),
            models.CheckConstraint(condition=Q(origine__in=OrigineAlerte.values), name="alerte_origine_connue"),
            models.UniqueConstraint(
                fields=["grappe", "regle", "cle"],
                condition=~Q(regle="") & ~Q(etat=E.CLOSE),
                name="alerte_de_regle_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["grappe", "etat", "echeance"], name="alerte_grappe"),
            models.Index(fields=["parcours", "etat"], name="alerte_parcours"),
        ]

    def __str__(self) -> str:
        return self.intitule

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.intitule)[:160]
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe

    @property
    def est_ouverte(self) -> bool:
        """Vrai tant qu'elle n'a pas de réponse."""
        return self.etat in OUVERTES

    def est_en_retard(self, au: date) -> bool:
        """Vrai si son délai est passé sans qu'elle soit close ni portée."""
        return self.etat in (E.LEVEE, E.PRISE_EN_CHARGE) and self.echeance < au

    @transition("etat", E.LEVEE, E.PRISE_EN_CHARGE, custom={"verbe": "Prendre en charge", "aussi": QUI_ANIME})
    def prendre_en_charge(self) -> None:
        """Le COMOP s'en occupe."""

    @transition("etat", list(OUVERTES), E.CLOSE, custom={"verbe": "Répondre et clore", "aussi": QUI_ANIME})
    def clore(self, reponse: str = "", **_: Any) -> None:
        """Avec la réponse que l'ESMS lira."""
        self.reponse = reponse or self.reponse

    @transition(
        "etat",
        [E.LEVEE, E.PRISE_EN_CHARGE],
        E.PORTEE,
        custom={"verbe": "Porter au COSTRAT", "motif_requis": True, "de_cote": True, "aussi": ANIME_OU_TREILLE},
    )
    def porter(self) -> None:
        """Le COMOP n'a pas pu répondre, ou le délai est passé."""

    @transition(
        "etat",
        E.CLOSE,
        E.LEVEE,
        custom={"verbe": "Rouvrir l'alerte", "motif_requis": True, "de_cote": True},
    )
    def rouvrir(self) -> None:
        """La réponse ne suffit pas."""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne clôt pas sans réponse ; une règle ne donne pas deux fois la même alerte."""
        if transition == "rouvrir" and self.regle:
            jumelles = Alerte.objects.ouvertes().filter(grappe=self.grappe_id, regle=self.regle, cle=self.cle)
            if jumelles.exists():
                return [Manque("doublon", "Une seule alerte à la fois", "la règle en a donné une autre depuis")]
        return []
