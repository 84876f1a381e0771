"""Les droits d'accès au DUI : profils, matrices de grappe et d'ESMS, raisons données, cohérence (metier §7)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from formation.calculs.coherence import Manquement, ModuleLu, ProfilLu, RegleLue, portees_a_motiver, restent, verifier
from formation.calculs.matrice import Case, Cle, plus_mois
from formation.enums import DroitAcces, EtatMatrice, MotifType, NatureProfil, NatureRegle, PorteeAcces
from formation.models.communs import touchent
from formation.models.professionnels import Poste
from programme.models import Grappe, Metier, Module, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.nombres import accorde, quelques
from programme.socle.porte import changer_etat

E = EtatMatrice
EN_TRAVAIL = (E.BROUILLON, E.SOUMISE)
REVUE_MOIS = 12
"""Valeur du produit : une matrice validée se revoit dans l'année."""
SANS_DIRECTION = Manque("variante", "Une variante d'ESMS", "le modèle ne se soumet à personne : validez-le")
SANS_SUITE = Manque("suivante", "Une version plus récente, validée", "aucune ne la remplace : validez-en une autre")


class ProfilQuerySet(models.QuerySet):
    """Profils."""

    def visibles_par(self, utilisateur: Any) -> "ProfilQuerySet":
        """Ceux des grappes dont il est, ou dont il lit un ESMS ; pas le financeur."""
        lisibles = Parcours.objects.lisibles_par(utilisateur).dans_le_projet().order_by().values("grappe")
        siennes = Grappe.objects.de_pres(utilisateur).order_by().values("pk")
        return self.filter(Q(grappe__in=lisibles) | Q(grappe__in=siennes))

    def en_vigueur(self) -> "ProfilQuerySet":
        """Pas retirés."""
        return self.filter(retire_le__isnull=True)


class Profil(models.Model):
    """Un profil du DUI dans une grappe : les métiers qui le reçoivent d'office. Un métier n'a qu'un profil."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="profils")
    code = models.SlugField("code", max_length=40)
    nom = TexteCourtField("nom", max_length=80)
    nature = models.CharField("nature", max_length=16, choices=NatureProfil.choices)
    metiers = models.ManyToManyField(Metier, related_name="profils", blank=True, verbose_name="métiers")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    retire_le = models.DateField("retiré le", null=True, blank=True, editable=False)

    objects = ProfilQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "profil"
        ordering = ["ordre", "nom", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(nature__in=NatureProfil.values), name="profil_nature_connue"),
            models.UniqueConstraint(
                fields=["grappe", "code"],
                name="profil_code_unique",
                violation_error_message="Un profil de cette grappe porte déjà ce code.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe


class MatriceQuerySet(ModeleAEtatsQuerySet):
    """Matrices."""

    def visibles_par(self, utilisateur: Any) -> "MatriceQuerySet":
        """Celles des ESMS dont il lit la préparation, et les modèles de la grappe dont il est ; pas le financeur."""
        return self.filter(touchent(utilisateur))

    def modeles(self) -> "MatriceQuerySet":
        """Les modèles de grappe."""
        return self.filter(parcours__isnull=True)

    def en_vigueur(self) -> "MatriceQuerySet":
        """Validées."""
        return self.filter(etat=E.VALIDEE)

    def en_travail(self) -> "MatriceQuerySet":
        """Ni validées, ni remplacées."""
        return self.filter(etat__in=EN_TRAVAIL)

    def a_revoir(self, au: date) -> "MatriceQuerySet":
        """Validées, et dont la date de revue est passée."""
        return self.en_vigueur().filter(revue_prevue_le__lte=au)

    def pour_lecture(self) -> "MatriceQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "parcours__esms", "modele")


class Matrice(ModeleAEtats):
    """Une matrice des droits d'accès : le modèle d'une grappe (sans `parcours`), ou la variante d'un ESMS.

    Une seule est validée à la fois, une seule se travaille. `modele` : celui dont la variante est partie, et à qui on
    la compare. La direction valide la sienne ; le chef de projet, le modèle.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="matrices")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="matrices", verbose_name="ESMS"
    )
    modele = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="variantes", verbose_name="modèle"
    )
    numero = models.PositiveSmallIntegerField("numéro", default=1)
    revue_prevue_le = models.DateField("à revoir le", null=True, blank=True)
    revue_le = models.DateField("revue le", null=True, blank=True, editable=False)
    saisie = models.PositiveIntegerField("version de saisie", default=0, editable=False)
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="créée par")
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatMatrice, E.BROUILLON)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "parcours__esms__departement")
    relations_usuelles: ClassVar[tuple[str, ...]] = ("parcours",)

    objects = MatriceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["saisie"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "matrice des droits d'accès"
        verbose_name_plural = "matrices des droits d'accès"
        ordering = ["grappe", "parcours", "-numero", "pk"]
        constraints = [
            etats_connus(EtatMatrice, "matrice_etat_connu"),
            models.UniqueConstraint(
                fields=["grappe", "numero"], condition=Q(parcours__isnull=True), name="matrice_modele_numero"
            ),
            models.UniqueConstraint(
                fields=["parcours", "numero"], condition=Q(parcours__isnull=False), name="matrice_variante_numero"
            ),
            models.UniqueConstraint(
                fields=["grappe"],
                condition=Q(parcours__isnull=True, etat__in=EN_TRAVAIL),
                name="matrice_un_modele_en_travail",
            ),
            models.UniqueConstraint(
                fields=["parcours"],
                condition=Q(parcours__isnull=False, etat__in=EN_TRAVAIL),
                name="matrice_une_variante_en_travail",
            ),
        ]
        indexes = [models.Index(fields=["grappe", "etat"], name="matrice_grappe")]

    def __str__(self) -> str:
        return f"droits d'accès n° {self.numero}, {self.parcours or self.grappe}"

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe

    @property
    def est_modele(self) -> bool:
        """Vrai pour le modèle de la grappe. L'exemplaire de la documentation a un ESMS sans clé."""
        return self.parcours_id is None and self.parcours is None

    @property
    def se_modifie(self) -> bool:
        """Vrai tant qu'on y travaille."""
        return self.etat == E.BROUILLON

    def cases(self) -> dict[Cle, Case]:
        """(profil, module) → (droit, portée), pour les cases qui donnent un droit. Une requête."""
        lues = self.habilitations.order_by().values_list("profil", "module", "droit", "portee")
        return {(profil, module): (droit, portee) for profil, module, droit, portee in lues}

    def profils_montres(self) -> list[Profil]:
        """Les lignes de la grille : les profils en vigueur, et ceux, retirés depuis, qui y ont un droit."""
        siens = Q(pk__in=self.habilitations.order_by().values("profil"))
        return list(Profil.objects.filter(Q(retire_le__isnull=True) | siens, grappe=self.grappe_id))

    def modules_montres(self) -> list[Module]:
        """Les colonnes : les modules de la grappe (tous, si elle n'en a pas choisi), et ceux où elle donne un droit."""
        choisis = Q(grappes=self.grappe_id) | Q(pk__in=self.habilitations.order_by().values("module"))
        voulus = list(Module.objects.filter(choisis).distinct())
        return voulus if self.grappe.modules.exists() else list(Module.objects.all())

    def metiers_sans_profil(self) -> dict[str, str]:
        """Code → nom des métiers tenus aujourd'hui dans l'ESMS (la grappe, pour un modèle) sans profil. Une requête."""
        ou = Q(parcours=self.parcours_id) if self.parcours_id else Q(parcours__grappe=self.grappe_id)
        tenus = Poste.objects.en_poste(timezone.localdate()).filter(ou).order_by()
        pourvus = Profil.metiers.through.objects.filter(
            profil__grappe=self.grappe_id, profil__retire_le__isnull=True
        ).values("metier")
        return dict(
            Metier.objects.filter(pk__in=tenus.values("metier")).exclude(pk__in=pourvus).values_list("code", "nom")
        )

    def a_expliquer(self) -> list[Manquement]:
        """Ce qui demande une raison, donnée ou non : incohérences, puis portées qui ne sont pas celles du modèle."""
        cases = self.cases()
        profils = [ProfilLu(p.pk, p.code, p.nom, p.nature) for p in self.profils_montres()]
        modules = [ModuleLu(m.pk, m.code, m.nom, m.est_medical) for m in self.modules_montres()]
        regles = [
            RegleLue(r.code, r.libelle, r.nature, r.natures, r.modules, r.droit) for r in RegleCoherence.objects.all()
        ]
        manquements = verifier(regles, profils, modules, cases, self.metiers_sans_profil())
        reference = self.modele.cases() if self.modele else {}
        return manquements + portees_a_motiver(profils, modules, cases, reference)

    def reste_a_expliquer(self) -> list[Manquement]:
        """Ce qui attend encore sa raison."""
        return restent(self.a_expliquer(), self.raisons.order_by().values_list("regle", "cle"))

    @property
    def prochaine(self) -> str | None:
        """L'étape suivante d'un modèle : personne d'autre que le chef de projet n'a à le valider."""
        return "valider" if self.est_modele and self.etat in EN_TRAVAIL else None

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """Une grille vide ne dit rien ; un choix à expliquer attend sa raison, qu'on ne juge pas."""
        if transition == "remplacer":
            return [] if self._autres_validees().filter(numero__gt=self.numero).exists() else [SANS_SUITE]
        if transition not in ("soumettre", "valider"):
            return []
        if transition == "soumettre" and self.est_modele:
            return [SANS_DIRECTION]
        if not self.habilitations.exists():
            grille = reverse("formation:matrice-saisir", args=[self.pk])
            return [Manque("cases", "Au moins un droit donné", "la grille est vide", lien=grille)]
        if not (restants := self.reste_a_expliquer()):
            return []
        libelle = "Une raison pour " + accorde(len(restants), "choix à expliquer,choix à expliquer")
        phrases = quelques([m.phrase.removesuffix(".") for m in restants])
        return [Manque("raisons", libelle, phrases, lien=reverse("formation:matrice-raison", args=[self.pk]))]

    def consequence(self, transition: str) -> str:
        """Ce que valider entraîne."""
        if transition != "valider":
            return ""
        avant = self._autres_validees().first()
        suite = f" La n° {avant.numero} est remplacée, et reste lisible." if avant else ""
        return f"La grille ne s'écrira plus ; à revoir dans {REVUE_MOIS} mois.{suite}"

    def _autres_validees(self) -> "MatriceQuerySet":
        """Les autres qui font foi, au même endroit."""
        return Matrice.objects.en_vigueur().filter(grappe=self.grappe_id, parcours=self.parcours_id).exclude(pk=self.pk)

    def apres_passage(self, passage: Any) -> None:
        """Validée, elle remplace celle d'avant, par la porte, et se reverra dans l'année."""
        if passage.transition != "valider":
            return
        for avant in self._autres_validees().filter(numero__lt=self.numero):
            motif = f"Remplacée par la n° {self.numero}."
            changer_etat(avant, "remplacer", par=passage.par, motif=motif, date_effet=passage.date_effet)
        self.prevoir_revue(passage.date_effet)

    def prevoir_revue(self, depuis: date) -> None:
        """Pose la prochaine revue. Par update() : elle se déduit d'un passage ou d'une revue."""
        self.revue_prevue_le = plus_mois(depuis, REVUE_MOIS)
        Matrice.objects.filter(pk=self.pk).update(revue_prevue_le=self.revue_prevue_le)

    @transition("etat", E.BROUILLON, E.SOUMISE, custom={"verbe": "Soumettre à la direction"})
    def soumettre(self) -> None:
        """Prête à être validée : elle ne se modifie plus."""

    @transition("etat", list(EN_TRAVAIL), E.VALIDEE, custom={"verbe": "Valider les droits d'accès"})
    def valider(self) -> None:
        """Elle fait foi ; celle d'avant est remplacée."""

    @transition(
        "etat",
        E.SOUMISE,
        retour_a(E.BROUILLON),
        custom={"verbe": "Reprendre la saisie", "motif_requis": True, "de_cote": True},
    )
    def reprendre(self) -> None:
        """À corriger avant d'être validée."""

    @transition("etat", E.VALIDEE, E.REMPLACEE, custom={"verbe": "Remplacer", "motif_requis": True, "de_cote": True})
    def remplacer(self) -> None:
        """Une autre fait foi."""


class Habilitation(models.Model):
    """Une case : ce que ce profil peut dans ce module, et sur qui. Absente : aucun droit."""

    matrice = models.ForeignKey(Matrice, models.CASCADE, related_name="habilitations")
    profil = models.ForeignKey(Profil, models.PROTECT, related_name="habilitations")
    module = models.ForeignKey(Module, models.PROTECT, related_name="habilitations")
    droit = models.CharField("droit", max_length=14, choices=DroitAcces.choices)
    portee = models.CharField("portée", max_length=8, choices=PorteeAcces.choices, default=PorteeAcces.UNITE)

    class Meta:
        verbose_name = "habilitation"
        ordering = ["profil__ordre", "module__ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(droit__in=[d for d in DroitAcces.values if d != DroitAcces.AUCUN]),
                name="habilitation_droit_connu",
            ),
            models.CheckConstraint(condition=Q(portee__in=PorteeAcces.values), name="habilitation_portee_connue"),
            models.UniqueConstraint(fields=["matrice", "profil", "module"], name="habilitation_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.profil}, {self.module} : {self.get_droit_display()}"


class RaisonHabilitation(models.Model):
    """La raison, datée, d'un choix qu'on demande d'expliquer : une portée, une incohérence assumée.

    `regle` : code de la règle ; `cle` : ce qu'elle vise (« profil » ou « profil:module »), stable.
    """

    matrice = models.ForeignKey(Matrice, models.CASCADE, related_name="raisons")
    regle = models.CharField("règle", max_length=40)
    cle = models.CharField("ce qu'elle vise", max_length=90)
    motif_type = models.CharField("raison", max_length=16, choices=MotifType.choices)
    motif = TexteLibreField("en une phrase", max_length=300)
    decidee_le = models.DateField("décidée le", default=timezone.localdate)
    donnee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="donnée par"
    )

    class Meta:
        verbose_name = "raison d'un choix d'habilitation"
        verbose_name_plural = "raisons des choix d'habilitation"
        ordering = ["matrice", "regle", "cle"]
        constraints = [
            models.CheckConstraint(condition=Q(motif_type__in=MotifType.values), name="raison_motif_connu"),
            models.UniqueConstraint(fields=["matrice", "regle", "cle"], name="raison_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.regle}, {self.cle}"


class RegleCoherence(models.Model):
    """Une règle de cohérence, en donnée : elle demande une raison, elle ne décide rien.

    `natures` : natures de profil visées ; `modules` : codes de modules, ou « medicaux » ; `droit` : à partir duquel.
    """

    code = models.SlugField("code", max_length=40, unique=True)
    libelle = models.CharField("libellé", max_length=160)
    nature = models.CharField("nature", max_length=20, choices=NatureRegle.choices)
    natures = models.JSONField("profils visés", default=list, blank=True)
    modules = models.JSONField("modules visés", default=list, blank=True)
    droit = models.CharField("à partir du droit", max_length=14, choices=DroitAcces.choices, default=DroitAcces.LECTURE)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "règle de cohérence"
        verbose_name_plural = "règles de cohérence"
        ordering = ["ordre", "code"]

    def __str__(self) -> str:
        return self.libelle
