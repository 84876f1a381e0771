"""Un verbatim : des mots dits, le rôle de qui les a dits, et son accord. Sans accord, il ne sort d'aucun document."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from programme.models import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from usages.calculs.citables import Dit, Verdict, est_protege, juger
from usages.enums import Anonymat, Consentement, SituationDite, ThemeEffet, VoixDite
from usages.models.visites import Visite, des_siennes


class VerbatimQuerySet(models.QuerySet):
    """Verbatims."""

    def visibles_par(self, utilisateur: Any) -> "VerbatimQuerySet":
        """Ceux des ESMS dont il lit la préparation ; ceux recueillis dans une visite, à l'équipe de l'étude seule."""
        pres = Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")
        return self.filter(Q(visite__isnull=True, parcours__in=pres) | des_siennes(utilisateur, "visite__etude"))

    def citables(self) -> "VerbatimQuerySet":
        """Ceux qui peuvent sortir dans un document : la règle de `calculs.citables`, dite à la base."""
        protege = Q(situation__in=(SituationDite.MINEUR, SituationDite.PROTEGE))
        accorde = ~protege | Q(accord_representant=Consentement.DONNE)
        de_metier = Q(voix__in=(VoixDite.PROFESSIONNEL, VoixDite.DIRECTION))
        anonyme = Q(anonymat=Anonymat.FAIT) | Q(anonymat=Anonymat.RECONNAISSABLE) & de_metier & ~protege
        connu = ~Q(voix=VoixDite.NON_DITE) & ~Q(voix=VoixDite.PERSONNE, situation=SituationDite.INCONNUE)
        return self.filter(accorde, anonyme, connu, consentement=Consentement.DONNE)

    def autour_de(self, visite: int) -> "VerbatimQuerySet":
        """Ceux d'une visite, et ceux de son ESMS, d'où qu'ils viennent : les mots qu'une monographie peut redire."""
        esms = Visite.objects.filter(pk=visite).order_by().values("parcours")
        return self.filter(Q(visite=visite) | Q(parcours__in=esms))

    def pour_lecture(self) -> "VerbatimQuerySet":
        """Avec ce que toute page nomme."""
        return self.select_related("parcours__esms__departement", "parcours__grappe", "recueilli_par")


class Verbatim(models.Model):
    """Des mots d'une équipe. `qui` : un rôle (« une éducatrice »), jamais un nom."""

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="verbatims", verbose_name="ESMS")
    texte = TexteLibreField("ce qui a été dit", max_length=1000, blank=False)
    qui = TexteCourtField("qui l'a dit (un rôle)", max_length=80)
    consentement = models.CharField(
        "accord", max_length=12, choices=Consentement.choices, default=Consentement.A_DEMANDER
    )
    consentement_le = models.DateField("accord du", null=True, blank=True)
    voix = models.CharField("qui parle", max_length=13, choices=VoixDite.choices, blank=True)
    situation = models.CharField("situation", max_length=8, choices=SituationDite.choices, blank=True)
    accord_representant = models.CharField(
        "accord du représentant", max_length=12, choices=Consentement.choices, default=Consentement.A_DEMANDER
    )
    accord_representant_le = models.DateField("accord du représentant du", null=True, blank=True)
    anonymat = models.CharField("anonymat", max_length=14, choices=Anonymat.choices, default=Anonymat.A_FAIRE)
    visite = models.ForeignKey(Visite, models.PROTECT, null=True, blank=True, related_name="verbatims")
    theme = models.CharField("thème", max_length=17, choices=ThemeEffet.choices, blank=True)
    recueilli_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recueilli_le = models.DateField("recueilli le", default=timezone.localdate)

    objects = VerbatimQuerySet.as_manager()

    class Meta:
        verbose_name = "verbatim"
        ordering = ["-recueilli_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(consentement__in=Consentement.values), name="verbatim_accord_connu"),
            models.CheckConstraint(
                condition=~Q(consentement=Consentement.DONNE) | Q(consentement_le__isnull=False),
                name="verbatim_accord_date",
            ),
            models.CheckConstraint(condition=Q(voix__in=VoixDite.values), name="verbatim_voix_connue"),
            models.CheckConstraint(condition=Q(situation__in=SituationDite.values), name="verbatim_situation_connue"),
            models.CheckConstraint(condition=Q(anonymat__in=Anonymat.values), name="verbatim_anonymat_connu"),
            models.CheckConstraint(condition=Q(theme__in=["", *ThemeEffet.values]), name="verbatim_theme_connu"),
            models.CheckConstraint(
                condition=Q(accord_representant__in=Consentement.values), name="verbatim_representant_connu"
            ),
            models.CheckConstraint(
                condition=~Q(accord_representant=Consentement.DONNE) | Q(accord_representant_le__isnull=False),
                name="verbatim_representant_date",
            ),
        ]

    def __str__(self) -> str:
        return self.texte if len(self.texte) < 80 else self.texte[:79] + "…"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours

    @property
    def dit(self) -> Dit:
        """Ce qu'on en sait, tel que le lit `calculs.citables`."""
        return Dit(self.voix, self.situation, self.consentement, self.accord_representant, self.anonymat)

    @property
    def verdict(self) -> Verdict:
        """Citable ou non, et tout ce qui manque."""
        return juger(self.dit)

    @property
    def est_protege(self) -> bool:
        """Vrai s'il faut aussi l'accord d'un représentant."""
        return est_protege(self.dit)

    @property
    def les_mots_sont_figes(self) -> bool:
        """Vrai dès que la personne ou son représentant a répondu : l'accord porte sur ces mots-là."""
        a_demander = Consentement.A_DEMANDER
        return self.consentement != a_demander or self.accord_representant != a_demander

    @property
    def jeton(self) -> str:
        """Ce qui dit s'il peut sortir, en un mot : deux personnes qui se croisent ne se défont pas sans le voir."""
        dit = self.dit
        return "/".join((dit.accord, dit.representant, dit.voix, dit.situation, dit.anonymat))
