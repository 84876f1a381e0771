"""Journal des passages, dérogations, réglages de conditions, jetons d'API."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.empreintes import empreinte_de
from programme.socle.enums import EtatTravail, Nature, Severite, UsageJeton
from programme.socle.machine import exiger_porte
from programme.socle.models.vues import Filtre as Filtre


class PassageQuerySet(models.QuerySet):
    """Lecture du journal ; l'ajout appartient à la porte."""

    def de(self, objet: models.Model) -> "PassageQuerySet":
        """Passages d'un objet, du premier au dernier."""
        return self.filter(objet_type=ContentType.objects.get_for_model(type(objet)), objet_id=objet.pk).order_by("pk")

    def de_plusieurs(self, modele: type[models.Model], cles: Any) -> "PassageQuerySet":
        """Passages d'un ensemble d'objets d'un même modèle."""
        return self.filter(objet_type=ContentType.objects.get_for_model(modele), objet_id__in=cles).order_by("pk")

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """Ajoute un lot de lignes ; seule la porte le peut."""
        exiger_porte("journal des passages")
        return super().bulk_create(objs, *args, **kwargs)


class Passage(models.Model):
    """Un changement d'état : qui, quand, pourquoi, et les constats du moment. En ajout seul, chaîné par objet.

    `precedente` est l'empreinte du passage d'avant (vide pour le premier) ; `empreinte` scelle tout le reste.
    """

    objet_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name="type d'objet")
    objet_id = models.PositiveBigIntegerField("clé de l'objet")
    objet = GenericForeignKey("objet_type", "objet_id")
    rang = models.PositiveIntegerField("rang")
    de = models.CharField("de", max_length=20)
    vers = models.CharField("vers", max_length=20)
    transition = models.CharField("transition", max_length=30)
    nature = models.CharField("nature", max_length=12, choices=Nature.choices)
    enregistre_le = models.DateTimeField("enregistré le")
    date_effet = models.DateField("date d'effet")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par", related_name="passages")
    role = models.CharField("rôle", max_length=40)
    motif = TexteLibreField("motif")
    constats = models.JSONField("constats", default=list)
    precedente = models.CharField("empreinte précédente", max_length=64, blank=True)
    empreinte = models.CharField("empreinte", max_length=64)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = "passage"
        constraints = [
            models.UniqueConstraint(fields=["objet_type", "objet_id", "rang"], name="passage_rang_unique"),
            models.CheckConstraint(condition=models.Q(nature__in=Nature.values), name="passage_nature_connue"),
        ]

    def __str__(self) -> str:
        return f"{self.de} → {self.vers} le {self.date_effet}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Ajoute une ligne au journal ; seule la porte le peut."""
        exiger_porte("journal des passages")
        super().save(*args, **kwargs)

    def contenu(self) -> dict[str, Any]:
        """Ce que l'empreinte scelle, sous une forme qui ne dépend ni de la base ni de la machine."""
        return {
            "objet": [self.objet_type.app_label, self.objet_type.model, self.objet_id],
            "rang": self.rang,
            "passage": [self.de, self.vers, self.transition, self.nature],
            "enregistre_le": self.enregistre_le.astimezone(UTC).isoformat(),
            "date_effet": self.date_effet.isoformat(),
            "par": self.par_id,
            "role": self.role,
            "motif": self.motif,
            "constats": self.constats,
            "precedente": self.precedente,
        }

    def calculer_empreinte(self) -> str:
        """SHA-256 du contenu canonique."""
        return empreinte_de(self.contenu())


class DerogationQuerySet(models.QuerySet):
    """Levées de condition."""

    def en_vigueur(self, au: date) -> "DerogationQuerySet":
        """Celles qui courent à cette date."""
        return self.filter(du__lte=au, au__gte=au)


class Derogation(models.Model):
    """Levée d'une condition non légale, pour un parcours nommé, avec une fin, citant sa décision."""

    parcours = models.ForeignKey("programme.Parcours", models.PROTECT, related_name="derogations")
    condition = models.CharField("condition", max_length=60)
    du = models.DateField("du")
    au = models.DateField("au")
    libelle_decision = TexteLibreField("décision qui la lève", blank=False, max_length=300)
    lien = models.CharField("lien", max_length=300, blank=True)
    creee_le = models.DateTimeField("créée le", auto_now_add=True)
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="derogations")

    objects = DerogationQuerySet.as_manager()

    class Meta:
        verbose_name = "dérogation"
        indexes = [models.Index(fields=["condition", "au"], name="derogation_condition_au")]
        constraints = [models.CheckConstraint(condition=models.Q(au__gte=models.F("du")), name="derogation_dates")]

    def __str__(self) -> str:
        return f"{self.condition} levée jusqu'au {self.au}"


class ReglageCondition(models.Model):
    """Sévérité d'une condition dans une grappe, quand elle s'écarte du défaut. Jamais pour le plancher légal."""

    grappe = models.ForeignKey("programme.Grappe", models.CASCADE, related_name="reglages")
    condition = models.CharField("condition", max_length=60)
    severite = models.CharField(
        "sévérité", max_length=8, choices=[c for c in Severite.choices if c[0] != Severite.LEGALE]
    )

    class Meta:
        verbose_name = "réglage de condition"
        constraints = [
            models.UniqueConstraint(fields=["grappe", "condition"], name="reglage_unique"),
            models.CheckConstraint(condition=~models.Q(severite=Severite.LEGALE), name="reglage_pas_legal"),
        ]

    def __str__(self) -> str:
        return f"{self.condition} : {self.severite}"


class Jeton(models.Model):
    """Clé d'un compte, pour l'API ou pour son calendrier : gardée hachée, elle n'ouvre rien de plus que lui.

    `prefixe` sert à la reconnaître. Une clé de calendrier n'expire pas : elle se révoque, et meurt avec le compte.
    """

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jetons")
    prefixe = models.CharField("début du jeton", max_length=20)
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True)
    usage = models.CharField("usage", max_length=12, choices=UsageJeton.choices, default=UsageJeton.API)
    lecture_seule = models.BooleanField("lecture seule", default=False)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    expire_le = models.DateTimeField("expire le", null=True, blank=True)
    derniere_utilisation = models.DateTimeField("dernière utilisation", null=True, blank=True)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "jeton"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(usage__in=UsageJeton.values), name="jeton_usage_connu"),
            models.CheckConstraint(
                condition=models.Q(usage=UsageJeton.CALENDRIER) | models.Q(expire_le__isnull=False),
                name="jeton_d_api_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefixe}…"


def chemin_depose(instance: models.Model, nom: str) -> str:
    """Un fichier déposé perd son nom sur le disque : il se range sous un identifiant tiré au sort."""
    return str(uuid.uuid4())


class TravailQuerySet(models.QuerySet):
    """Travaux."""

    def visibles_par(self, utilisateur: Any) -> "TravailQuerySet":
        """Chacun les siens ; l'administrateur, tous."""
        return self if utilisateur.perimetre.tient("admin") else self.filter(par=utilisateur)

    def en_route(self) -> "TravailQuerySet":
        """Pas encore finis."""
        return self.filter(etat__in=[EtatTravail.EN_ATTENTE, EtatTravail.EN_COURS])

    def silencieux(self, avant: datetime) -> "TravailQuerySet":
        """En cours, sans battement depuis cet instant : leur exécuteur est mort."""
        return self.filter(etat=EtatTravail.EN_COURS, battement__lt=avant)


class Travail(models.Model):
    """Une tâche de fond : ce qu'elle fait, où elle en est, ce qu'elle rend.

    `resultat` est du JSON simple ; `erreur` une phrase à montrer. `suite_de` relie une écriture à l'aperçu confirmé.
    `creneau` n'est rempli que par l'échéancier, et garantit qu'une échéance ne part qu'une fois.
    """

    genre = models.CharField("genre", max_length=40)
    objet = models.CharField("objet", max_length=200, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatTravail.choices, default=EtatTravail.EN_ATTENTE)
    fait = models.PositiveBigIntegerField("fait", default=0)
    total = models.PositiveBigIntegerField("total", default=0)
    message = models.CharField("message", max_length=300, blank=True)
    parametres = models.JSONField("paramètres", default=dict, blank=True)
    resultat = models.JSONField("résultat", null=True, blank=True)
    erreur = models.CharField("erreur", max_length=500, blank=True)
    fichier = models.FileField("fichier déposé", upload_to=chemin_depose, blank=True)
    nom_fichier = models.CharField("nom du fichier", max_length=200, blank=True)
    empreinte = models.CharField("empreinte du fichier", max_length=64, blank=True)
    rapport = models.FileField("rapport", upload_to=chemin_depose, blank=True)
    suite_de = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="suites", verbose_name="suite de"
    )
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="travaux", verbose_name="par"
    )
    creneau = models.CharField("créneau", max_length=80, unique=True, null=True, blank=True)
    tache = models.CharField("tâche", max_length=64, blank=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    commence_le = models.DateTimeField("commencé le", null=True, blank=True)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    battement = models.DateTimeField("dernier battement", null=True, blank=True)

    objects = TravailQuerySet.as_manager()

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["etat", "battement"], name="travail_etat_battement")]
        constraints = [
            models.CheckConstraint(condition=models.Q(etat__in=EtatTravail.values), name="travail_etat_connu")
        ]

    def __str__(self) -> str:
        return self.objet or self.genre

    @property
    def tourne(self) -> bool:
        """En attente ou en cours : la page se rafraîchit."""
        return self.etat in (EtatTravail.EN_ATTENTE, EtatTravail.EN_COURS)

    @property
    def est_relancable(self) -> bool:
        """Échoué ou interrompu."""
        return self.etat in (EtatTravail.ECHEC, EtatTravail.INTERROMPU)

    @property
    def taux(self) -> float | None:
        """Part faite, entre 0 et 1 ; None si le total n'est pas connu."""
        return min(self.fait / self.total, 1.0) if self.total else None


class Correspondance(models.Model):
    """Un classeur relié une fois pour toutes à ce que Treille attend, par compte ou organisme, genre d'import et code.

    `colonnes` : intitulé normalisé → colonne attendue. `valeurs` : colonne → {mot normalisé → valeur}. `options` : où
    lire (feuille, ligne d'en-tête…). `code` est vide pour la correspondance unique d'un genre. `og` rempli : tout son
    siège s'en sert, et `par` n'est que qui l'a enregistrée.
    """

    genre = models.CharField("genre d'import", max_length=40)
    code = models.SlugField("code", max_length=60, blank=True, default="")
    nom = TexteCourtField("nom", max_length=120, blank=True)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="correspondances")
    og = models.ForeignKey(
        "programme.OrganismeGestionnaire", models.CASCADE, null=True, blank=True, related_name="correspondances"
    )
    colonnes = models.JSONField("colonnes", default=dict)
    valeurs = models.JSONField("mots reconnus", default=dict, blank=True)
    options = models.JSONField("lecture", default=dict, blank=True)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        constraints = [
            models.UniqueConstraint(
                fields=["genre", "par", "code"],
                condition=models.Q(og__isnull=True),
                name="correspondance_code_unique",
            ),
            models.UniqueConstraint(
                fields=["genre", "og", "code"],
                condition=models.Q(og__isnull=False),
                name="correspondance_code_unique_og",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom or self.genre}, {self.par}"


class Piece(models.Model):
    """Un fichier joint à un objet : type vérifié par le contenu, servi seulement à qui voit l'objet."""

    id = models.UUIDField("identifiant", primary_key=True, default=uuid.uuid4, editable=False)
    objet_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name="type d'objet")
    objet_id = models.PositiveBigIntegerField("clé de l'objet")
    objet = GenericForeignKey("objet_type", "objet_id")
    nom = TexteCourtField("nom du fichier", max_length=200)
    type = models.CharField("type", max_length=100)
    taille = models.PositiveIntegerField("taille en octets")
    empreinte = models.CharField("empreinte", max_length=64)
    fichier = models.FileField("fichier", upload_to=chemin_depose)
    deposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="pieces"
    )
    deposee_le = models.DateTimeField("déposée le", auto_now_add=True)

    class Meta:
        verbose_name = "pièce"
        ordering = ["-deposee_le"]
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="piece_objet")]

    def __str__(self) -> str:
        return self.nom
