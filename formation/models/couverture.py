"""Qui est formé à quoi, et les comptes de couverture gardés mois par mois."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from formation.enums import NatureFormation, OrigineAcquis
from formation.models.communs import parcours_geres
from formation.models.plan import Declinaison, ModuleFormation
from formation.models.professionnels import PosteQuerySet, Professionnel
from formation.models.sessions import Inscription
from programme.models import Metier, Parcours


class AcquisQuerySet(models.QuerySet):
    """Acquis."""

    def visibles_par(self, utilisateur: Any) -> "AcquisQuerySet":
        """Ceux des personnes d'un ESMS qu'il gère."""
        geres = parcours_geres(utilisateur).order_by().values("pk")
        return self.filter(professionnel__postes__parcours__in=geres).distinct()

    def valables(self, au: date) -> "AcquisQuerySet":
        """Obtenus à cette date, et pas passés."""
        return self.filter(obtenu_le__lte=au).filter(Q(valable_jusqu_au__isnull=True) | Q(valable_jusqu_au__gte=au))


class Acquis(models.Model):
    """Une personne est formée à un module depuis ce jour, jusqu'à cet autre s'il faut y revenir.

    Vient d'une présence à une session, ou d'un constat (formée avant Treille) : une ligne par source.
    """

    professionnel = models.ForeignKey(Professionnel, models.CASCADE, related_name="acquis")
    module = models.ForeignKey(ModuleFormation, models.PROTECT, related_name="acquis", verbose_name="module")
    origine = models.CharField("origine", max_length=8, choices=OrigineAcquis.choices, default=OrigineAcquis.SESSION)
    inscription = models.OneToOneField(
        Inscription, models.CASCADE, null=True, blank=True, related_name="acquis", verbose_name="inscription"
    )
    obtenu_le = models.DateField("formé le")
    valable_jusqu_au = models.DateField("valable jusqu'au", null=True, blank=True)
    constate_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="constaté par"
    )

    objects = AcquisQuerySet.as_manager()

    class Meta:
        verbose_name = "acquis"
        verbose_name_plural = "acquis"
        ordering = ["professionnel", "module", "-obtenu_le", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(origine__in=OrigineAcquis.values), name="acquis_origine_connue"),
            models.CheckConstraint(
                condition=Q(valable_jusqu_au__isnull=True) | Q(valable_jusqu_au__gte=F("obtenu_le")),
                name="acquis_dates",
            ),
            models.CheckConstraint(
                condition=Q(origine=OrigineAcquis.SESSION, inscription__isnull=False)
                | Q(origine=OrigineAcquis.CONSTAT, inscription__isnull=True),
                name="acquis_source",
            ),
            models.UniqueConstraint(
                fields=["professionnel", "module", "obtenu_le"],
                condition=Q(inscription__isnull=True),
                name="acquis_constat_unique",
            ),
        ]
        indexes = [models.Index(fields=["module", "professionnel", "obtenu_le"], name="acquis_module")]

    def __str__(self) -> str:
        return f"{self.professionnel}, {self.module}"


_MODULES = "parcours__grappe__modules_formation"


def exigences_des_postes(postes: PosteQuerySet, au: date) -> Any:
    """Une ligne par poste et par module du socle qui s'adresse à lui ce jour-là : `module`, `nature`, s'il `manque`.

    Ce que dit `formation.calculs.couverture`, en SQL : la règle ne s'écrit qu'ici. Un module sans public s'adresse à
    tous ; « sans objet » dans cet ESMS, à personne.
    """
    en_vigueur = Q(**{f"{_MODULES}__retire_le__isnull": True}) | Q(**{f"{_MODULES}__retire_le__gt": au})
    publics = ModuleFormation.publics.through.objects.filter(moduleformation=OuterRef("module"))
    sans_objet = Declinaison.objects.filter(
        sans_objet=True, module=OuterRef("module"), parcours=OuterRef("parcours_id")
    )
    formee = Acquis.objects.valables(au).filter(module=OuterRef("module"), professionnel=OuterRef("professionnel_id"))
    # Un seul filtre : la jointure vers les modules ne se fait qu'une fois.
    lignes: Any = postes.filter(en_vigueur, **{f"{_MODULES}__est_socle": True}).annotate(
        module=F(_MODULES), nature=F(f"{_MODULES}__nature")
    )
    return (
        lignes.filter(~Exists(publics) | Exists(publics.filter(metier=OuterRef("metier_id"))))
        .filter(~Exists(sans_objet))
        .annotate(manque=~Exists(formee))
        .order_by()
    )


class CumulCouvertureQuerySet(models.QuerySet):
    """Comptes de couverture."""

    def du_mois(self, mois: date) -> "CumulCouvertureQuerySet":
        """Ceux de ce mois (son premier jour)."""
        return self.filter(mois=mois)

    def totaux(self) -> "CumulCouvertureQuerySet":
        """Un par ESMS, tous modules du socle et tous métiers réunis."""
        return self.filter(nature="", metier__isnull=True)

    def dernier_mois(self) -> date | None:
        """Le dernier mois compté, lu au bout de l'index."""
        # Par métier : c'est l'index qui commence par le mois ; qui a un total a des métiers.
        return self.filter(metier__isnull=False).order_by("-mois").values_list("mois", flat=True).first()


class CumulCouverture(models.Model):
    """Combien de personnes en poste, combien de formées, dans un ESMS, à la fin d'un mois (ou ce jour, s'il court).

    Trois coupes, qui ne s'additionnent pas entre elles : le total (`nature` vide, sans métier), par nature de module,
    par métier. Sans nom : ce compte reste quand les personnes sont effacées.
    """

    mois = models.DateField("mois")
    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="couvertures", verbose_name="ESMS")
    nature = models.CharField("nature", max_length=16, choices=NatureFormation.choices, blank=True, default="")
    metier = models.ForeignKey(Metier, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="métier")
    en_poste = models.PositiveIntegerField("en poste")
    formes = models.PositiveIntegerField("formés")
    arrete_le = models.DateField("compté au")
    calcule_le = models.DateTimeField("calculé le", default=timezone.now)

    objects = CumulCouvertureQuerySet.as_manager()

    class Meta:
        verbose_name = "compte de couverture"
        verbose_name_plural = "comptes de couverture"
        ordering = ["mois", "parcours", "nature", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(formes__lte=F("en_poste")), name="cumul_formes_en_poste"),
            models.CheckConstraint(condition=Q(nature="") | Q(metier__isnull=True), name="cumul_une_coupe"),
            # L'ESMS d'abord : une région sur un an lit treize mois d'affilée par ESMS.
            models.UniqueConstraint(
                fields=["parcours", "mois", "nature"], condition=Q(metier__isnull=True), name="cumul_nature_unique"
            ),
            models.UniqueConstraint(
                fields=["mois", "parcours", "metier"], condition=Q(metier__isnull=False), name="cumul_metier_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"couverture {self.mois:%m/%Y}, {self.parcours}"
