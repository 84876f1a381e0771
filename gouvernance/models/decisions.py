"""Le registre des décisions : leur portée, ce qu'elles remplacent, ce qu'elles changent (metier §6)."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from gouvernance.enums import EffetDecision, EtatDecision, EtatSeance
from gouvernance.models.instances import Instance, concernent
from gouvernance.models.seances import QUI_ANIME, TENUES, Seance
from programme.models import Grappe, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.conditions import conditions
from programme.socle.erreurs import Manque, Refus
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus
from programme.socle.models import Derogation
from programme.socle.porte import changer_etat
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser

E = EtatDecision
EN_VIGUEUR = (E.ARBITREE, E.APPLIQUEE)
COMPTE_RENDU_PARTI = "le sien est diffusé : portez la décision à la prochaine séance"
AVANT_LA_SEANCE = "L'arbitrage ne peut pas précéder sa séance, le {:%d/%m/%Y}."


class DecisionQuerySet(ModeleAEtatsQuerySet):
    """Décisions."""

    def visibles_par(self, utilisateur: Any) -> "DecisionQuerySet":
        """Celles des instances qu'il suit ; arbitrées, celles qui touchent ses ESMS. Jamais en financeur."""
        suivies = Instance.objects.suivies_par(utilisateur).order_by().values("pk")
        a_lui = Portee.objects.filter(concernent(utilisateur, "parcours", "decision__grappe"), decision=OuterRef("pk"))
        toute = concernent(utilisateur, "portees__parcours", "grappe") & Q(portees__isnull=True)
        arbitrees = ~Q(etat=E.INSTRUITE) & Q(arbitree_le__isnull=False)
        sur_tous = Q(pk__in=Decision.objects.filter(toute).order_by().values("pk"))
        return self.filter(Q(comite__in=suivies) | arbitrees & (Q(Exists(a_lui)) | sur_tous))

    def en_vigueur(self) -> "DecisionQuerySet":
        """Arbitrées ou appliquées."""
        return self.filter(etat__in=EN_VIGUEUR)

    def a_revoir(self, au: date) -> "DecisionQuerySet":
        """En vigueur, la date de revue arrivée."""
        return self.en_vigueur().filter(revue_le__lte=au)

    def touchant(self, parcours: Any) -> "DecisionQuerySet":
        """Celles dont la portée comprend cet ESMS, ou toute sa grappe."""
        # Sans jointure : une décision qui nomme dix ESMS ne se lit pas dix fois.
        portees = Portee.objects.filter(decision=OuterRef("pk"))
        return self.filter(Exists(portees.filter(parcours=parcours)) | ~Exists(portees) & Q(grappe=parcours.grappe_id))

    def qui_levent(self, au: date) -> "DecisionQuerySet":
        """En vigueur, avec une levée qui court à cette date."""
        return self.en_vigueur().filter(effet=EffetDecision.LEVEE, levee_du__lte=au, levee_au__gte=au)

    def chercher(self, texte: str) -> "DecisionQuerySet":
        """Décisions dont l'intitulé porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def pour_lecture(self) -> "DecisionQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "comite", "seance__comite", "remplace")


class Decision(ModeleAEtats):
    """Une décision d'instance. Sans portée, elle vaut pour toute la grappe.

    `numero` : son rang dans la grappe, qui la cite (« décision n° 12 »). Une levée nomme ses ESMS, sa condition, son
    début et sa fin ; arbitrée, elle écrit une `Derogation` par ESMS, que la porte lit.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="decisions")
    # « comite » et non « instance » : l'historique prend ce nom.
    comite = models.ForeignKey(Instance, models.PROTECT, related_name="decisions", verbose_name="instance")
    seance = models.ForeignKey(
        Seance, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="séance"
    )
    numero = models.PositiveIntegerField("numéro", editable=False)
    intitule = TexteCourtField("décision", max_length=160)
    texte = TexteLibreField("ce qui est décidé", max_length=2000)
    pourquoi = TexteLibreField("pourquoi", max_length=1000)
    effet = models.CharField("ce qu'elle change", max_length=12, choices=EffetDecision.choices, default="suite")
    changement = TexteCourtField("ce qui change, précisément", max_length=200, blank=True)
    condition = models.CharField("condition levée", max_length=60, blank=True)
    levee_du = models.DateField("levée du", null=True, blank=True)
    levee_au = models.DateField("levée jusqu'au", null=True, blank=True)
    remplace = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="remplacee_par", verbose_name="remplace"
    )
    revue_le = models.DateField("à revoir le", null=True, blank=True)
    parcours = models.ManyToManyField(
        Parcours, through="Portee", related_name="decisions", verbose_name="ESMS concernés", blank=True
    )
    arbitree_le = models.DateField("arbitrée le", null=True, blank=True, editable=False)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions_creees", verbose_name="créée par"
    )
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatDecision, E.INSTRUITE)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "comite", "seance__comite")

    objects = DecisionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["tri"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "décision"
        ordering = ["-creee_le", "-pk"]
        constraints = [
            etats_connus(EtatDecision, "decision_etat_connu"),
            models.UniqueConstraint(fields=["grappe", "numero"], name="decision_numero_unique"),
            models.CheckConstraint(condition=Q(effet__in=EffetDecision.values), name="decision_effet_connu"),
            models.CheckConstraint(
                condition=~Q(remplace=F("pk")),
                name="decision_ne_se_remplace_pas",
                violation_error_message="Une décision ne se remplace pas elle-même : choisissez-en une autre.",
            ),
            models.CheckConstraint(
                condition=~Q(effet=EffetDecision.LEVEE)
                | Q(levee_du__isnull=False, levee_au__isnull=False) & ~Q(condition=""),
                name="decision_levee_entiere",
                violation_error_message="Une levée nomme sa condition, son début et sa fin.",
            ),
            models.CheckConstraint(
                condition=Q(levee_au__isnull=True) | Q(levee_au__gte=F("levee_du")),
                name="decision_levee_dates",
                violation_error_message="La levée finit avant de commencer : corrigez l'une des deux dates.",
            ),
        ]
        indexes = [
            models.Index(fields=["grappe", "etat"], name="decision_grappe"),
            models.Index(fields=["seance"], name="decision_seance"),
        ]

    def __str__(self) -> str:
        return self.intitule

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.intitule)[:160]
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe

    @property
    def reference(self) -> str:
        """« décision n° 12, COMOP, 03/06/2026 » : comment le journal et les documents la citent."""
        le = f", {self.arbitree_le:%d/%m/%Y}" if self.arbitree_le else ""
        return f"décision n° {self.numero}, {self.comite}{le}"

    @property
    def lien(self) -> str:
        """Sa page, que citent les levées qu'elle écrit."""
        return reverse("gouvernance:decision-detail", args=[self.pk])

    @property
    def est_levee(self) -> bool:
        """Vrai si elle lève une condition."""
        return self.effet == EffetDecision.LEVEE

    @property
    def est_instruite(self) -> bool:
        """Vrai tant que rien n'est arbitré : elle se corrige encore."""
        return self.etat == E.INSTRUITE

    @property
    def est_en_vigueur(self) -> bool:
        """Vrai si elle vaut : arbitrée ou appliquée."""
        return self.etat in EN_VIGUEUR

    def leve_au(self, au: date) -> bool:
        """Vrai si sa levée court ce jour-là."""
        if not (self.est_levee and self.est_en_vigueur) or self.levee_du is None or self.levee_au is None:
            return False
        return self.levee_du <= au <= self.levee_au

    @transition("etat", E.INSTRUITE, E.ARBITREE, custom={"verbe": "Consigner l'arbitrage", "aussi": QUI_ANIME})
    def arbitrer(self) -> None:
        """L'instance a tranché, en séance et avec son quorum."""

    @transition("etat", E.ARBITREE, E.APPLIQUEE, custom={"verbe": "Marquer appliquée", "aussi": QUI_ANIME})
    def appliquer(self) -> None:
        """C'est en place."""

    @transition(
        "etat",
        [E.ARBITREE, E.APPLIQUEE],
        E.REVISEE,
        custom={"verbe": "Réviser", "motif_requis": True, "de_cote": True, "aussi": QUI_ANIME},
    )
    def reviser(self) -> None:
        """Une autre la remplace, ou elle ne vaut plus : sa levée s'arrête."""

    @transition(
        "etat",
        [E.INSTRUITE, E.ARBITREE],
        E.ABANDONNEE,
        custom={"verbe": "Abandonner", "motif_requis": True, "de_cote": True, "aussi": QUI_ANIME},
    )
    def abandonner(self) -> None:
        """On ne la prendra pas, ou l'on y renonce : sa levée s'arrête."""

    def consequence(self, transition: str) -> str:
        """Ce que la levée ouvre ou referme, ce que la décision remplace."""
        phrases = []
        if transition == "arbitrer":
            if self.est_levee:
                fin = f"jusqu'au {self.levee_au:%d/%m/%Y}"
                phrases.append(f"La condition est levée {fin} pour les ESMS nommés, et pour eux seuls.")
            if self.remplace:
                phrases.append(f"« {self.remplace} » (n° {self.remplace.numero}) est révisée du même geste.")
        elif transition in ("reviser", "abandonner") and self.est_levee and self.est_en_vigueur:
            phrases.append("La levée s'arrête à la date d'effet.")
        return " ".join(phrases)

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On n'arbitre qu'en séance, avec le quorum ; on ne lève que ce qui se lève, pour des ESMS nommés."""
        if transition != "arbitrer":
            return []
        levee = self._manques_de_levee() if self.est_levee else []
        return [*self._manques_de_seance(), *levee, *self._manques_de_remplacement()]

    def _manques_de_remplacement(self) -> list[Manque]:
        if self.remplace is None or self.remplace.est_en_vigueur:
            return []
        mesure = f"« {self.remplace} » est à l'état « {self.remplace.get_etat_display()} »"
        return [Manque("remplace", "Une décision à remplacer qui vaut encore", mesure)]

    def _manques_de_seance(self) -> list[Manque]:
        if self.seance is None or self.seance.etat not in (EtatSeance.OUVERTE, *TENUES):
            return [Manque("seance", "Une séance ouverte", "aucune séance ne l'a examinée")]
        if self.seance.comite_id != self.comite_id:
            return [Manque("seance", "Une séance de cette instance", f"la séance est celle d'un autre : {self.seance}")]
        if self.seance.etat == EtatSeance.DIFFUSEE:
            # Ce qui est parti la dit « instruite » : l'arbitrer après coup, c'est lui faire dire ce qu'on n'a pas lu.
            return [Manque("seance", "Une séance dont le compte rendu n'est pas parti", COMPTE_RENDU_PARTI)]
        if self.seance.etat == EtatSeance.OUVERTE:
            quorum = self.seance.quorum()
            mesure = f"{quorum.presentes} sur {quorum.requis}"
            return [] if quorum.atteint else [Manque("quorum", "Le quorum", mesure)]
        return (
            [Manque("quorum", "Le quorum", "la séance s'est close sans lui")]
            if self.seance.quorum_atteint is False
            else []
        )

    def _manques_de_levee(self) -> list[Manque]:
        manques = []
        levee = conditions.get(self.condition)
        if not self.comite.peut_lever:
            manques.append(Manque("comite", "Un COMOP ou un COSTRAT", f"« {self.comite} » ne lève pas de condition"))
        if levee is None or not levee.se_leve:
            pourquoi = levee.verrou if levee else "condition inconnue"
            manques.append(Manque("condition", "Une condition qui se lève", pourquoi))
        if self._state.adding or not self.portees.exists():
            manques.append(Manque("portee", "Des ESMS nommés", "aucun ESMS choisi"))
        elif self.portees.exclude(parcours__grappe=self.grappe_id).exists():
            manques.append(Manque("portee", "Des ESMS de cette grappe", "l'un d'eux n'en est plus"))
        if self.levee_au and self.levee_au < timezone.localdate():
            manques.append(Manque("fin", "Une fin à venir", f"la levée finissait le {self.levee_au:%d/%m/%Y}"))
        return manques

    def apres_passage(self, passage: Any) -> None:
        """Arbitrée, elle écrit ses levées et révise celle qu'elle remplace ; sans effet, ses levées s'arrêtent."""
        if passage.transition == "arbitrer":
            self._exiger_apres_la_seance(passage.date_effet)
            # Par update() : se déduit du journal.
            Decision.objects.filter(pk=self.pk).update(arbitree_le=passage.date_effet)
            self.arbitree_le = passage.date_effet
            if self.est_levee:
                self._lever(passage.par)
            if self.remplace is not None:
                motif = f"Remplacée par la {self.reference}."
                changer_etat(self.remplace, "reviser", par=passage.par, motif=motif, date_effet=passage.date_effet)
        if passage.transition in ("reviser", "abandonner") and self.est_levee:
            self._cesser_de_lever(passage.date_effet)

    def _exiger_apres_la_seance(self, effet: date) -> None:
        """Lève `Refus` (champ) : la porte ne sait pas la date d'une séance, et défait tout."""
        if self.seance and effet < (jour := timezone.localdate(self.seance.debut)):
            raise Refus("champ", "date d'effet", champs={"date_effet": [AVANT_LA_SEANCE.format(jour)]})

    def _lever(self, par: Any) -> None:
        if self.levee_du is None or self.levee_au is None:
            return
        portees = list(self.portees.all())
        for portee in portees:
            portee.derogation = Derogation(
                parcours_id=portee.parcours_id,
                condition=self.condition,
                du=self.levee_du,
                au=self.levee_au,
                libelle_decision=f"{self.reference} : {self.intitule}"[:300],
                lien=self.lien,
                creee_par=par,
            )
        Derogation.objects.bulk_create(p.derogation for p in portees if p.derogation)
        Portee.objects.bulk_update(portees, ["derogation"])

    def _cesser_de_lever(self, jour: date) -> None:
        siennes = Derogation.objects.filter(portee__decision=self)
        siennes.filter(du__gte=jour).delete()
        siennes.filter(au__gte=jour).update(au=jour - timedelta(days=1))


class Portee(models.Model):
    """Un ESMS que nomme une décision, et la dérogation qu'elle lui a écrite si elle lève une condition."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="portees", verbose_name="décision")
    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="portees", verbose_name="ESMS")
    derogation = models.OneToOneField(
        Derogation, models.SET_NULL, null=True, blank=True, editable=False, verbose_name="dérogation écrite"
    )

    class Meta:
        verbose_name = "portée d'une décision"
        verbose_name_plural = "portées des décisions"
        constraints = [models.UniqueConstraint(fields=["decision", "parcours"], name="portee_unique")]

    def __str__(self) -> str:
        return f"{self.decision} : {self.parcours}"
