"""L'analyse locale des risques d'un ESMS : six catégories, une ligne chacune, transmise à la conduite (ANAP 3.2)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import transition
from simple_history.models import HistoricalRecords

from programme.enums import EtatParcours
from programme.models import Parcours
from programme.socle.champs import TexteCourtField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from risques.enums import CategorieRisque, EtatAnalyse, Impact, ObjetPartage, Probabilite
from risques.models.partages import confiees, partagees

E = EtatAnalyse
DITES = (E.TRANSMISE, E.ACCEPTEE)


class AnalyseLocaleQuerySet(ModeleAEtatsQuerySet):
    """Analyses locales."""

    def visibles_par(self, utilisateur: Any) -> "AnalyseLocaleQuerySet":
        """Celles des ESMS dont il lit la préparation ; au financeur, celles qu'un partage lui ouvre, transmises."""
        ouvertes = partagees(utilisateur, "parcours", "parcours__grappe", objet=ObjetPartage.RISQUES)
        return self.filter(confiees(utilisateur, "parcours", "parcours__grappe") | ouvertes & Q(etat__in=DITES))

    def a_lire(self) -> "AnalyseLocaleQuerySet":
        """Transmises, sans réponse du chef de projet, d'un ESMS toujours dans le projet."""
        return self.filter(etat=E.TRANSMISE).exclude(parcours__etat=EtatParcours.SORTI)

    def transmises(self) -> "AnalyseLocaleQuerySet":
        """Celles dont quelque chose fut transmis, même rouvertes depuis : ce qu'elles disent, `lignes_transmises`."""
        return self.filter(transmise_le__isnull=False)

    def avec_lignes(self) -> "AnalyseLocaleQuerySet":
        """Avec de quoi lire `lignes_transmises` : deux requêtes, quel que soit leur nombre."""
        return self.prefetch_related("lignes", "instantanes")

    def pour_lecture(self) -> "AnalyseLocaleQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("parcours__esms__departement", "parcours__esms__og", "parcours__grappe")


class AnalyseLocale(ModeleAEtats):
    """L'analyse d'un ESMS, une par parcours ; la revoir la rouvre, ce qui fut transmis reste au journal."""

    parcours = models.OneToOneField(Parcours, models.PROTECT, related_name="analyse_locale", verbose_name="ESMS")
    transmise_le = models.DateField("transmise le", null=True, blank=True, editable=False)
    etat = champ_etat(EtatAnalyse, E.A_FAIRE)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "parcours__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("parcours__esms__departement", "parcours__grappe")

    objects = AnalyseLocaleQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "analyse locale des risques"
        verbose_name_plural = "analyses locales des risques"
        ordering = ["parcours__esms__tri", "pk"]
        constraints = [etats_connus(EtatAnalyse, "analyse_etat_connu")]

    def __str__(self) -> str:
        return f"Analyse des risques, {self.parcours}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours

    @property
    def lignes_transmises(self) -> list["LigneAnalyse"]:
        """Ce que l'ESMS a transmis, la dernière fois ; vide si rien ne l'a été. Jamais ce qui se récrit depuis.

        Rouverte, chaque ligne porte la clé de celle qui se récrit, et ce qui en fut transmis : elle ne s'enregistre
        pas. En nombre : `avec_lignes()`.
        """
        connues = list(self.lignes.all())
        if self.etat in DITES:
            return connues
        fige = max(self.instantanes.all(), key=lambda i: i.rang, default=None)
        cles = {ligne.categorie: ligne.pk for ligne in connues}
        dites = fige.contenu if fige else []
        return [LigneAnalyse(pk=cles.get(dite["categorie"]), analyse=self, **dite) for dite in dites]

    @property
    def est_a_remplir(self) -> bool:
        """Vrai tant que la direction y écrit."""
        return self.etat in (E.A_FAIRE, E.PRECISION)

    @transition(
        "etat",
        [E.A_FAIRE, E.PRECISION],
        E.TRANSMISE,
        custom={
            "verbe": "Transmettre au chef de projet",
            "annonce": "Votre analyse est transmise au chef de projet.",
        },
    )
    def transmettre(self) -> None:
        """Les six lignes se figent ; le chef de projet les lit."""

    @transition(
        "etat", E.TRANSMISE, E.ACCEPTEE, custom={"verbe": "Accepter l'analyse", "annonce": "L'analyse est acceptée."}
    )
    def accepter(self) -> None:
        """Le chef de projet l'a lue et la prend telle quelle."""

    @transition(
        "etat",
        E.TRANSMISE,
        E.PRECISION,
        custom={
            "verbe": "Demander une précision",
            "motif_requis": True,
            "de_cote": True,
            "annonce": "Votre question est posée : la direction peut reprendre ses lignes.",
        },
    )
    def demander_precision(self) -> None:
        """Une ligne n'est pas claire : la direction la complète."""

    @transition(
        "etat",
        [E.TRANSMISE, E.ACCEPTEE],
        retour_a(E.A_FAIRE),
        custom={"verbe": "Revoir l'analyse", "de_cote": True},
    )
    def revoir(self) -> None:
        """La situation a changé : les lignes se reprennent, telles qu'elles étaient."""

    def consequence(self, transition: str) -> str:
        """Qui lira."""
        if transition == "transmettre":
            return "Le chef de projet la lira ; le financeur ne la lit pas, sauf si vous ouvrez un partage."
        return ""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """Six catégories, six lignes."""
        if transition != "transmettre":
            return []
        dites = self.lignes.filter(probabilite__isnull=False, impact__isnull=False).count()
        restent = len(CategorieRisque) - dites
        if restent:
            lignes = "une ligne à compléter" if restent == 1 else f"{restent} lignes à compléter"
            return [Manque("lignes", "Les six catégories évaluées", lignes)]
        return []

    def apres_passage(self, passage: Any) -> None:
        """Fige ce qui part, et tient le jour de la dernière transmission, qui dit l'âge de l'évaluation."""
        if passage.transition == "transmettre":
            InstantaneAnalyse.figer(self, passage)
            # Par update() : cette date se déduit du journal, elle n'a pas d'histoire à elle.
            AnalyseLocale.objects.filter(pk=self.pk).update(transmise_le=passage.date_effet)


class LigneAnalyse(models.Model):
    """Une catégorie, évaluée par l'ESMS : probabilité, impact, et une ligne de texte."""

    analyse = models.ForeignKey(AnalyseLocale, models.CASCADE, related_name="lignes")
    categorie = models.CharField("catégorie", max_length=16, choices=CategorieRisque.choices)
    probabilite = models.PositiveSmallIntegerField("probabilité", null=True, blank=True, choices=Probabilite.choices)
    impact = models.PositiveSmallIntegerField("impact", null=True, blank=True, choices=Impact.choices)
    mot = TexteCourtField("en une ligne", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "ligne d'analyse"
        verbose_name_plural = "lignes d'analyse"
        ordering = ["analyse", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["analyse", "categorie"], name="ligne_analyse_unique"),
            models.CheckConstraint(condition=Q(categorie__in=CategorieRisque.values), name="ligne_categorie_connue"),
            models.CheckConstraint(
                condition=Q(probabilite__isnull=True) | Q(probabilite__range=(1, 4)), name="ligne_probabilite_bornee"
            ),
            models.CheckConstraint(
                condition=Q(impact__isnull=True) | Q(impact__range=(1, 4)), name="ligne_impact_borne"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_categorie_display()}, {self.analyse.parcours}"

    @property
    def criticite(self) -> int | None:
        """Probabilité × impact, de 1 à 16 ; None tant que l'un des deux manque."""
        if self.probabilite is None or self.impact is None:
            return None
        return self.probabilite * self.impact


class InstantaneAnalyse(models.Model):
    """Les six lignes telles qu'elles furent transmises : figées, une fois par transmission.

    `contenu` : une ligne par catégorie (`categorie`, `probabilite`, `impact`, `mot`), relisible après une révision.
    """

    analyse = models.ForeignKey(AnalyseLocale, models.PROTECT, related_name="instantanes")
    rang = models.PositiveSmallIntegerField("rang")
    le = models.DateField("transmise le")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    contenu = models.JSONField("contenu")

    class Meta:
        verbose_name = "instantané d'une analyse"
        verbose_name_plural = "instantanés des analyses"
        ordering = ["analyse", "rang"]
        constraints = [models.UniqueConstraint(fields=["analyse", "rang"], name="instantane_analyse_rang_unique")]

    def __str__(self) -> str:
        return f"{self.analyse}, transmise le {self.le:%d/%m/%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """S'écrit une fois ; lève `ValueError` si l'on veut le réécrire."""
        if not self._state.adding:
            raise ValueError("Un instantané ne se réécrit pas.")
        super().save(*args, **kwargs)

    @classmethod
    def figer(cls, analyse: AnalyseLocale, passage: Any) -> "InstantaneAnalyse":
        """Écrit ce que dit l'analyse au moment de ce passage."""
        lues = analyse.lignes.order_by("pk").values("categorie", "probabilite", "impact", "mot")
        return cls.objects.create(
            analyse=analyse,
            rang=analyse.instantanes.count() + 1,
            le=passage.date_effet,
            par=passage.par,
            contenu=list(lues),
        )
