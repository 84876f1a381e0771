"""Les alertes : données par un ESMS ou par une règle, prises en charge, portées plus haut, closes avec une réponse."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CharField, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from gouvernance.enums import TRAITENT_LES_ALERTES, EtatAlerte, OrigineAlerte, TypeInstance
from gouvernance.models.instances import DELAI_ALERTE, Instance, concernent
from programme.models import Grappe, Parcours
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.dates import date_courte
from programme.socle.erreurs import Manque, Refus
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus
from programme.socle.recherche import mots_contenus
from programme.socle.texte import nettoyer, normaliser

E = EtatAlerte
AU_COMOP = (E.LEVEE, E.PRISE_EN_CHARGE)
OUVERTES = (*AU_COMOP, E.PORTEE)
TREILLE = "Treille"
SANS_REPONSE = "Écrivez la réponse : l'ESMS la lira."


def delais_par_grappe(grappes: Any) -> dict[int, int]:
    """Jours que le COMOP se donne pour répondre, pour les grappes qui en ont un ; ailleurs, `DELAI_ALERTE`."""
    comops = Instance.objects.actives().filter(type=TypeInstance.COMOP, grappe__in=grappes).order_by("-delai_alerte")
    return dict(comops.values_list("grappe_id", "delai_alerte"))


class AlerteQuerySet(ModeleAEtatsQuerySet):
    """Alertes."""

    def visibles_par(self, utilisateur: Any) -> "AlerteQuerySet":
        """Celles de ses ESMS, celles de sa grappe, et celles que traite une instance où il siège. Pas le financeur."""
        traitent = Instance.objects.suivies_par(utilisateur).filter(type__in=TRAITENT_LES_ALERTES)
        return self.filter(
            Q(grappe__in=traitent.order_by().values("grappe")) | concernent(utilisateur, "parcours", "grappe")
        )

    def ouvertes(self) -> "AlerteQuerySet":
        """Pas closes."""
        return self.filter(etat__in=OUVERTES)

    def au_comop(self) -> "AlerteQuerySet":
        """Ni closes ni portées : la réponse revient au COMOP."""
        return self.filter(etat__in=AU_COMOP)

    def en_retard(self, au: date) -> "AlerteQuerySet":
        """Au COMOP, le délai passé : elles montent au COSTRAT."""
        return self.au_comop().filter(echeance__lt=au)

    def a_porter(self, au: date) -> "AlerteQuerySet":
        """En retard, et toujours le cas : on ne monte pas au COSTRAT ce que la règle ne voit plus."""
        return self.en_retard(au).filter(cessee_le__isnull=True)

    def avec_rang(self) -> "AlerteQuerySet":
        """Ajoute `rang_etat` (l'ordre de la frise) et `qui` (le compte qui l'a donnée, ou Treille)."""
        qui = Coalesce("levee_par__nom", Value(TREILLE), output_field=CharField())
        return self.avec_rang_etat().annotate(qui=qui)

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

    `echeance` : le jour où, sans réponse, elle monte au COSTRAT. `reponse` : ce que l'ESMS lit. `cessee_le` : le jour
    où la règle n'a plus rien vu ; répondre revient encore aux gens.
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
    cessee_le = models.DateField("ce n'est plus le cas depuis le", null=True, blank=True, editable=False)
    etat = champ_etat(EtatAlerte, E.LEVEE)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "parcours__esms__departement", "parcours__grappe")

    objects = AlerteQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["tri", "cessee_le"])

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

    @property
    def pour(self) -> str:
        """L'ESMS, ou « toute la grappe »."""
        return str(self.parcours) if self.parcours else TOUTE_LA_GRAPPE

    def est_en_retard(self, au: date) -> bool:
        """Vrai si son délai est passé sans qu'elle soit close ni portée."""
        return self.etat in AU_COMOP and self.echeance < au

    @transition("etat", E.LEVEE, E.PRISE_EN_CHARGE, custom={"verbe": "Prendre en charge", "aussi": QUI_ANIME})
    def prendre_en_charge(self) -> None:
        """Le COMOP s'en occupe."""

    @transition("etat", list(OUVERTES), E.CLOSE, custom={"verbe": "Répondre et clore", "aussi": QUI_ANIME})
    def clore(self, reponse: str = "", **_: Any) -> None:
        """Avec la réponse que l'ESMS lira."""
        self.reponse = self._lire_reponse(reponse)

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

    def consequence(self, transition: str) -> str:
        """Ce que chacun en lira, et quand elle monte."""
        if transition == "clore":
            return f"{'L’ESMS' if self.parcours_id else 'La grappe'} lira votre réponse, à votre nom."
        if transition == "porter":
            return "Le COSTRAT la trouve dans ce qui demande à passer à sa prochaine séance."
        if transition == "rouvrir":
            return "Le COMOP retrouve un délai entier pour répondre."
        return f"Sans réponse au {date_courte(self.echeance)}, elle monte au COSTRAT."

    def apres_passage(self, passage: Any) -> None:
        """Rouverte, elle a de nouveau son délai : sans quoi elle monterait dès le lendemain."""
        if passage.transition == "rouvrir":
            jours = delais_par_grappe([self.grappe_id]).get(self.grappe_id, DELAI_ALERTE)
            self.echeance = timezone.localdate() + timedelta(days=jours)
            self.save(update_fields=["echeance"])

    def _lire_reponse(self, reponse: str) -> str:
        """La réponse nettoyée, ou le refus au champ."""
        propre = nettoyer(reponse)
        try:
            Alerte._meta.get_field("reponse").run_validators(propre)
        except ValidationError as faute:
            raise Refus("champ", "réponse", champs={"reponse": faute.messages}) from faute
        if not propre:
            raise Refus("champ", "réponse", champs={"reponse": [SANS_REPONSE]})
        return propre

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """Une règle ne donne pas deux fois la même alerte."""
        if transition == "rouvrir" and self.regle:
            jumelles = Alerte.objects.ouvertes().filter(grappe=self.grappe_id, regle=self.regle, cle=self.cle)
            if jumelles.exists():
                return [Manque("doublon", "Une seule alerte à la fois", "la règle en a donné une autre depuis")]
        return []
