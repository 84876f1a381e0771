"""Un questionnaire, ses versions, leurs sections et leurs questions ; publiée, une version ne change plus."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_fsm import transition

from programme.models import Grappe
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.recherche import chercher_en_memoire, compte_par
from risques.calculs.reponses import SectionNotee, sous_ensemble_etoile
from risques.enums import CategorieRisque, EtatVersion, ObjetQuestionnaire, SensEchelle

E = EtatVersion
TREILLE = "Treille"


class VersionPubliee(Exception):
    """Une version publiée ou retirée ne change plus : on en prépare une autre."""


class QuestionnaireQuerySet(models.QuerySet):
    """Questionnaires."""

    def visibles_par(self, utilisateur: Any) -> "QuestionnaireQuerySet":
        """Ceux dont il voit une version."""
        vues = VersionQuestionnaire.objects.visibles_par(utilisateur).filter(questionnaire=OuterRef("pk"))
        return self.filter(Exists(vues))


class Questionnaire(models.Model):
    """Un instrument : son code, son nom, ce qu'il mesure. Ses questions sont dans ses versions."""

    code = models.SlugField("code", max_length=50, unique=True)
    nom = TexteCourtField("nom", max_length=120)
    objet = models.CharField("objet", max_length=16, choices=ObjetQuestionnaire.choices)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "questionnaire"
        ordering = ["nom"]
        constraints = [
            models.CheckConstraint(condition=Q(objet__in=ObjetQuestionnaire.values), name="questionnaire_objet_connu")
        ]

    def __str__(self) -> str:
        return self.nom


class VersionQuestionnaireQuerySet(ModeleAEtatsQuerySet):
    """Versions de questionnaires."""

    def visibles_par(self, utilisateur: Any) -> "VersionQuestionnaireQuerySet":
        """Celles de Treille, une fois publiées, pour tous ; celles d'une grappe, pour qui est de près de la grappe.

        Un brouillon de Treille ne se lit que par l'administrateur.
        """
        p = utilisateur.perimetre
        if p.tient("admin"):
            return self
        siennes = Grappe.objects.de_pres(utilisateur).order_by().values("pk")
        return self.filter(Q(grappe__isnull=True) & ~Q(etat=E.BROUILLON) | Q(grappe__in=siennes))

    def publiees(self) -> "VersionQuestionnaireQuerySet":
        """Celles sur lesquelles une campagne peut s'ouvrir."""
        return self.filter(etat=E.PUBLIEE)

    def brouillons(self) -> "VersionQuestionnaireQuerySet":
        """Encore modifiables."""
        return self.filter(etat=E.BROUILLON)

    def parues(self) -> "VersionQuestionnaireQuerySet":
        """Publiées, ou qui l'ont été : leur texte ne change plus."""
        return self.exclude(etat=E.BROUILLON)

    def de_portee(self, questionnaire: "Questionnaire", grappe: Grappe | None) -> "VersionQuestionnaireQuerySet":
        """Celles d'un questionnaire que tient une grappe, ou (sans grappe) Treille."""
        return self.filter(questionnaire=questionnaire, grappe=grappe)

    def avec_nombre(self) -> "VersionQuestionnaireQuerySet":
        """Ajoute `nb_questions`."""
        return self.annotate(nb_questions=compte_par("section__version", Question.objects.all()))

    def une_par_portee(self) -> "VersionQuestionnaireQuerySet":
        """Par questionnaire et par portée, celle qui le représente : la publiée, à défaut la retirée, le brouillon.

        Ajoute `rang_etat`, dans cet ordre.
        """
        rang = Case(When(etat=E.PUBLIEE, then=0), When(etat=E.RETIREE, then=1), default=2, output_field=IntegerField())
        portee = Coalesce("grappe", Value(0))
        meilleure = (
            VersionQuestionnaire.objects.annotate(rang_etat=rang, portee=portee)
            .filter(questionnaire=OuterRef("questionnaire"), portee=OuterRef("portee"))
            .order_by("rang_etat", "-numero")
        )
        return self.annotate(rang_etat=rang, portee=portee).filter(pk=Subquery(meilleure.values("pk")[:1]))

    def chercher(self, texte: str) -> "VersionQuestionnaireQuerySet":
        """Celles dont le nom, le code ou la provenance portent tous les mots, accents ignorés."""
        return chercher_en_memoire(self, texte, "questionnaire__nom", "questionnaire__code", "provenance")

    def en_vigueur(self, grappe: Grappe | None) -> "VersionQuestionnaireQuerySet":
        """Par questionnaire, la version qui vaut : la dernière de la grappe, à défaut la dernière de Treille."""
        miennes = self.publiees().filter(Q(grappe=grappe) | Q(grappe__isnull=True))
        premiere = (
            VersionQuestionnaire.objects.publiees()
            .filter(Q(grappe=grappe) | Q(grappe__isnull=True), questionnaire=OuterRef("questionnaire"))
            .order_by(F("grappe").asc(nulls_last=True), "-numero")
        )
        return miennes.filter(pk=premiere.values("pk")[:1])


class VersionQuestionnaire(ModeleAEtats):
    """Une version d'un questionnaire, de Treille ou (avec `grappe`) d'une grappe.

    `sens` : ce que dit une note haute, par défaut pour ses questions. `total` : ce que vaut le total à l'écran (1000
    pour cent questions sur dix, 100 pour un questionnaire à points) ; sans lui, la somme des maximums.
    `comparable_depuis` : le plus ancien numéro auquel elle se compare ; sans lui, à elle-même seulement.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="versions")
    grappe = models.ForeignKey(
        Grappe, models.PROTECT, null=True, blank=True, related_name="versions_questionnaires", verbose_name="grappe"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    sens = models.CharField("sens", max_length=12, choices=SensEchelle.choices)
    total = models.PositiveIntegerField("total à l'écran", null=True, blank=True)
    duree_minutes = models.PositiveSmallIntegerField("durée, en minutes", default=30)
    provenance = TexteLibreField("d'où viennent les mots", max_length=1000)
    note = TexteLibreField("à savoir", max_length=1000)
    comparable_depuis = models.PositiveSmallIntegerField("se compare depuis la version", null=True, blank=True)
    empreinte = models.CharField("empreinte du fichier", max_length=64, blank=True)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="créée par"
    )
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatVersion, E.BROUILLON)

    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("questionnaire", "grappe")
    relations_usuelles: ClassVar[tuple[str, ...]] = ("grappe",)

    objects = VersionQuestionnaireQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "version d'un questionnaire"
        verbose_name_plural = "versions des questionnaires"
        # Celles de Treille d'abord, sur les deux bases.
        ordering = ["questionnaire", F("grappe").asc(nulls_first=True), "numero"]
        constraints = [
            etats_connus(EtatVersion, "version_etat_connu"),
            models.CheckConstraint(condition=Q(sens__in=SensEchelle.values), name="version_sens_connu"),
            models.UniqueConstraint(fields=["questionnaire", "grappe", "numero"], name="version_numero_unique"),
            models.UniqueConstraint(
                fields=["questionnaire", "numero"], condition=Q(grappe__isnull=True), name="version_numero_commun"
            ),
            models.CheckConstraint(
                condition=Q(comparable_depuis__isnull=True) | Q(comparable_depuis__lte=F("numero")),
                name="version_comparable_en_arriere",
            ),
        ]

    def __str__(self) -> str:
        de = f" de {self.grappe}" if self.grappe_id else ""
        return f"{self.questionnaire}, version {self.numero}{de}"

    @property
    def de_qui(self) -> str:
        """Qui le tient : Treille, ou le nom de la grappe."""
        return str(self.grappe or TREILLE)

    @property
    def est_brouillon(self) -> bool:
        """Encore modifiable, et sans effet."""
        return self.etat == E.BROUILLON

    def sections_notees(self, *, etoilees: bool = False) -> list[SectionNotee]:
        """Ses sections et leurs questions, prêtes à noter. Deux requêtes, aucune si elles sont déjà lues."""
        lues = self.sections.all()
        if "sections" not in getattr(self, "_prefetched_objects_cache", {}):
            lues = lues.prefetch_related("questions")
        sections = [SectionNotee(s.code, s.nom, list(s.questions.all()), s.points) for s in lues]
        return sous_ensemble_etoile(sections) if etoilees else sections

    @transition("etat", E.BROUILLON, E.PUBLIEE, custom={"verbe": "Publier cette version"})
    def publier(self) -> None:
        """Elle ne changera plus ; les campagnes à venir s'en servent."""

    @transition(
        "etat",
        E.PUBLIEE,
        E.RETIREE,
        custom={"verbe": "Retirer cette version", "motif_requis": True, "de_cote": True},
    )
    def retirer(self) -> None:
        """Aucune campagne ne s'ouvre plus avec elle ; celles en cours se finissent sur son texte."""

    @transition("etat", E.RETIREE, retour_a(E.PUBLIEE), custom={"verbe": "Remettre en service", "de_cote": True})
    def reprendre(self) -> None:
        """Retirée par erreur."""

    def consequence(self, transition: str) -> str:
        """Publier est sans retour."""
        if transition == "publier":
            return "Ses questions ne changeront plus. Une campagne déjà ouverte se finit sur sa propre version."
        return ""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne publie pas une version vide."""
        if transition == "publier" and not Question.objects.filter(section__version=self).exists():
            return [Manque("questions", "Au moins une question", "aucune question")]
        return []


class _DeVersion(models.Model):
    """Ce qui appartient à une version et ne change plus une fois publiée."""

    class Meta:
        abstract = True

    @property
    def sa_version(self) -> VersionQuestionnaire:
        """La version à qui cela appartient."""
        raise NotImplementedError

    def _exiger_brouillon(self) -> None:
        if not self.sa_version.est_brouillon:
            raise VersionPubliee(f"{self.sa_version} ne change plus : préparez-en une autre.")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre ; lève `VersionPubliee` si la version ne change plus."""
        self._exiger_brouillon()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Supprime ; lève `VersionPubliee` si la version ne change plus."""
        self._exiger_brouillon()
        return super().delete(*args, **kwargs)


class Section(_DeVersion):
    """Une section d'une version. `points` : sa note maximale, quand le questionnaire se note par thème."""

    version = models.ForeignKey(VersionQuestionnaire, models.CASCADE, related_name="sections")
    code = models.CharField("code", max_length=12)
    rang = models.PositiveSmallIntegerField("rang")
    nom = TexteCourtField("nom", max_length=120)
    aide = TexteLibreField("aide", max_length=1000)
    points = models.PositiveIntegerField("points", null=True, blank=True)

    class Meta:
        verbose_name = "section"
        ordering = ["version", "rang"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="section_code_unique"),
            models.UniqueConstraint(fields=["version", "rang"], name="section_rang_unique"),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def sa_version(self) -> VersionQuestionnaire:
        """Sa version."""
        return self.version


class Question(_DeVersion):
    """Une question : son énoncé, son échelle, son sens, son poids, ce qu'elle suggère quand la réponse inquiète.

    `echelle` : échelons libellés `[{"valeur": 1, "libelle": "…"}]` ; `choix` : on ne répond que par eux.
    `si_question`, `si_au_moins` : posée seulement si la réponse brute à cette question, plus haut, atteint ce seuil.
    """

    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    code = models.CharField("code", max_length=12)
    rang = models.PositiveSmallIntegerField("rang")
    enonce = TexteCourtField("énoncé", max_length=300)
    aide = TexteLibreField("aide", max_length=1000)
    minimum = models.PositiveSmallIntegerField("minimum", default=1)
    maximum = models.PositiveSmallIntegerField("maximum", default=10)
    sens = models.CharField("sens", max_length=12, choices=SensEchelle.choices)
    poids = models.DecimalField("poids", max_digits=10, decimal_places=4, default=1)
    etoilee = models.BooleanField("étoilée", default=False)
    sans_objet = models.BooleanField("« sans objet » permis", default=True)
    choix = models.BooleanField("réponse par les échelons seuls", default=False)
    echelle = models.JSONField("échelons", default=list, blank=True)
    categorie = models.CharField("catégorie de risque", max_length=16, choices=CategorieRisque.choices, blank=True)
    action = TexteCourtField("action suggérée", max_length=200, blank=True)
    risque = TexteCourtField("risque nourri", max_length=160, blank=True)
    si_question = models.CharField("posée si la question", max_length=12, blank=True)
    si_au_moins = models.PositiveSmallIntegerField("vaut au moins", null=True, blank=True)

    class Meta:
        verbose_name = "question"
        ordering = ["section__rang", "rang"]
        constraints = [
            models.UniqueConstraint(fields=["section", "code"], name="question_code_unique"),
            models.CheckConstraint(condition=Q(maximum__gt=F("minimum")), name="question_echelle"),
            models.CheckConstraint(condition=Q(poids__gt=0), name="question_poids_positif"),
            models.CheckConstraint(condition=Q(sens__in=SensEchelle.values), name="question_sens_connu"),
        ]

    def __str__(self) -> str:
        return self.enonce

    @property
    def sa_version(self) -> VersionQuestionnaire:
        """La version de sa section."""
        return self.section.version
