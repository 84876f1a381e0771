"""Les utilisateurs prévus du DUI : des personnes, et les postes qu'elles tiennent dans les ESMS (metier §7)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from formation.calculs.effectifs import est_renfort
from formation.enums import OriginePoste, Rythme
from formation.models.communs import parcours_geres
from programme.models import Metier, OrganismeGestionnaire, Parcours, Unite
from programme.socle.champs import TexteCourtField
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser


class ProfessionnelQuerySet(models.QuerySet):
    """Professionnels."""

    def visibles_par(self, utilisateur: Any) -> "ProfessionnelQuerySet":
        """Ceux qui ont tenu un poste dans un ESMS qu'il gère : leurs noms ne se lisent pas ailleurs."""
        tenus = Poste.objects.filter(
            professionnel=OuterRef("pk"), parcours__in=parcours_geres(utilisateur).order_by().values("pk")
        )
        return self.filter(Exists(tenus))

    def chercher(self, texte: str) -> "ProfessionnelQuerySet":
        """Professionnels dont le nom ou le matricule portent tous les mots, accents ignorés."""
        return self.filter(mots_contenus("recherche", texte))

    def sans_nom(self) -> "ProfessionnelQuerySet":
        """Comptés sans nom depuis le début ; pas ceux dont on a effacé le nom."""
        return self.filter(nom="", matricule="", courriel="", pseudonymise_le__isnull=True)

    def a_pseudonymiser(self, avant: date) -> "ProfessionnelQuerySet":
        """Encore nommés, et dont le dernier poste a fini avant cette date ; sans poste, connus depuis avant elle."""
        siens = Poste.objects.filter(professionnel=OuterRef("pk"))
        nommes = self.filter(pseudonymise_le__isnull=True).exclude(nom="", matricule="", courriel="")
        finis = nommes.exclude(Exists(siens.filter(Q(fin__isnull=True) | Q(fin__gte=avant))))
        return finis.filter(Q(Exists(siens)) | Q(cree_le__date__lt=avant))


class Professionnel(models.Model):
    """Une personne qui se servira du DUI, connue de son organisme (s'il est connu). Rien de plus que pour la former.

    `nom` et `matricule` vides : un poste compté sans nom, ou une personne partie et pseudonymisée ; on dit alors son
    numéro. Pas d'historique : un nom effacé doit l'être partout.
    """

    og = models.ForeignKey(
        OrganismeGestionnaire,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="professionnels",
        verbose_name="organisme gestionnaire",
    )
    matricule = TexteCourtField("matricule", max_length=40, blank=True)
    nom = TexteCourtField("nom", max_length=120, blank=True)
    courriel = models.EmailField("courriel professionnel", blank=True)
    origine = models.CharField("origine", max_length=20, choices=OriginePoste.choices, default=OriginePoste.PAIE)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    pseudonymise_le = models.DateField("pseudonymisé le", null=True, blank=True, editable=False)
    recherche = models.CharField("recherche", max_length=200, editable=False, default="", db_index=True)
    tri = models.CharField("tri", max_length=120, editable=False, default="", db_index=True)

    objects = ProfessionnelQuerySet.as_manager()

    class Meta:
        verbose_name = "professionnel"
        ordering = ["tri", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(origine__in=OriginePoste.values), name="professionnel_origine_connue"),
            models.UniqueConstraint(
                fields=["og", "matricule"],
                condition=~Q(matricule=""),
                name="professionnel_matricule_unique",
                violation_error_message="Ce matricule est déjà celui d'une autre personne de l'organisme.",
            ),
            models.CheckConstraint(
                condition=Q(pseudonymise_le__isnull=True) | Q(nom="", matricule="", courriel=""),
                name="professionnel_pseudonymise_sans_nom",
            ),
        ]

    def __str__(self) -> str:
        return self.nom or self.numero

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec les formes de recherche et de tri à jour."""
        self.preparer_recherche()
        if (champs := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*champs, "recherche", "tri"}
        super().save(*args, **kwargs)

    def preparer_recherche(self) -> None:
        """Tient `recherche` et `tri` ; à appeler avant une écriture par lot."""
        self.tri = normaliser(self.nom)[:120]
        self.recherche = f"{self.tri} {normaliser(self.matricule)}".strip()[:200]

    @property
    def numero(self) -> str:
        """« n° 214 » : ce qu'on en dit sans le nommer."""
        return f"n° {self.pk}"

    @property
    def est_nomme(self) -> bool:
        """Vrai si l'on en garde un nom."""
        return bool(self.nom)


class PosteQuerySet(models.QuerySet):
    """Postes."""

    def visibles_par(self, utilisateur: Any) -> "PosteQuerySet":
        """Ceux des ESMS qu'il gère."""
        return self.filter(parcours__in=parcours_geres(utilisateur).order_by().values("pk"))

    def chercher(self, texte: str) -> "PosteQuerySet":
        """Postes dont la personne porte tous les mots dans son nom ou son matricule, accents ignorés."""
        return self.filter(mots_contenus("professionnel__recherche", texte))

    def ouverts(self, au: date) -> "PosteQuerySet":
        """Tenus ce jour-là, ou à venir."""
        return self.filter(Q(fin__isnull=True) | Q(fin__gte=au))

    def en_poste(self, au: date) -> "PosteQuerySet":
        """Ceux qui se tiennent ce jour-là (bornes comprises), renforts compris."""
        return self.filter(Q(debut__lte=au) & (Q(fin__isnull=True) | Q(fin__gte=au)))

    def prevus(self, au: date) -> "PosteQuerySet":
        """Les utilisateurs prévus ce jour-là : en poste, hors renforts de moins d'un mois."""
        return self.en_poste(au).filter(est_renfort=False)

    def renforts(self, au: date) -> "PosteQuerySet":
        """Les renforts de moins d'un mois en poste ce jour-là, comptés à part."""
        return self.en_poste(au).filter(est_renfort=True)

    def arrives_depuis(self, depuis: date, au: date) -> "PosteQuerySet":
        """Prévus à cette date, et entrés à partir de l'autre."""
        return self.prevus(au).filter(debut__gte=depuis)

    def pour_lecture(self) -> "PosteQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("professionnel", "parcours__esms", "metier", "unite", "profil")


class Poste(models.Model):
    """Un professionnel dans un ESMS : son métier, son unité, quand il y travaille. `fin` : dernier jour, compris.

    Une même personne peut en tenir plusieurs, dans plusieurs ESMS. `profil` : celui qu'on lui donne dans le DUI, quand
    ce n'est pas celui de son métier. `est_renfort` se déduit des dates : moins d'un mois, compté à part.
    """

    professionnel = models.ForeignKey(Professionnel, models.CASCADE, related_name="postes")
    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="postes", verbose_name="ESMS")
    metier = models.ForeignKey(Metier, models.PROTECT, related_name="postes", verbose_name="métier")
    unite = models.ForeignKey(
        Unite, models.SET_NULL, null=True, blank=True, related_name="postes", verbose_name="unité"
    )
    rythme = models.CharField("travaille", max_length=14, choices=Rythme.choices, default=Rythme.JOUR)
    debut = models.DateField("entrée")
    fin = models.DateField("sortie", null=True, blank=True)
    est_renfort = models.BooleanField("renfort de moins d'un mois", default=False, editable=False)
    profil = models.ForeignKey(
        "formation.Profil", models.SET_NULL, null=True, blank=True, related_name="postes", verbose_name="profil"
    )
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="saisi par"
    )

    relations_usuelles: ClassVar[tuple[str, ...]] = ()

    objects = PosteQuerySet.as_manager()

    class Meta:
        verbose_name = "poste"
        ordering = ["parcours", "professionnel__tri", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rythme__in=Rythme.values), name="poste_rythme_connu"),
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="poste_dates",
                violation_error_message="La sortie précède l'entrée : corrigez l'une des deux dates.",
            ),
            models.UniqueConstraint(
                fields=["professionnel", "parcours", "debut"],
                name="poste_unique",
                violation_error_message="Cette personne a déjà un poste dans cet ESMS à cette date d'entrée.",
            ),
        ]
        indexes = [
            models.Index(fields=["parcours", "est_renfort", "debut", "fin"], name="poste_en_poste"),
            models.Index(fields=["unite", "debut", "fin"], name="poste_unite"),
        ]

    def __str__(self) -> str:
        return f"{self.professionnel}, {self.metier}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre ; « renfort » se déduit des dates."""
        self.est_renfort = est_renfort(self.debut, self.fin)
        if (champs := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*champs, "est_renfort"}
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours

    def est_tenu(self, au: date) -> bool:
        """Vrai si la personne est en poste ce jour-là."""
        return self.debut <= au and (self.fin is None or self.fin >= au)
