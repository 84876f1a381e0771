"""Grappe, vagues de déploiement, vérifications."""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_fsm import GET_STATE, transition
from simple_history.models import HistoricalRecords

from programme.enums import A_ACCOMPAGNER, FRISE_GRAPPE, EtatGrappe, IssueVerification, Role, TypeVerification
from programme.models.annuaire import OrganismeGestionnaire
from programme.models.referentiel import Module, Region, Solution
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, exiger_choix
from programme.socle.nombres import accorde
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser

E = EtatGrappe
_ACTIFS = [e for e in FRISE_GRAPPE if e != E.SOLDEE]


def en_montage(chemin: str = "") -> Q:
    """Grappe dont le dossier n'est pas encore déposé, suspension comprise. `chemin` : « grappe__ » depuis un parcours.

    Un financeur ne la voit pas : elle se prépare, rien ne lui en a été transmis.
    """
    suspendue = {f"{chemin}etat": E.SUSPENDUE, f"{chemin}etat_suspendu": E.MONTAGE}
    return Q(**{f"{chemin}etat": E.MONTAGE}) | Q(**suspendue)


class GrappeQuerySet(ModeleAEtatsQuerySet):
    """Grappes."""

    def visibles_par(self, utilisateur: Any) -> "GrappeQuerySet":
        """Les siennes, celles de sa région, et l'en-tête de celles dont on voit au moins un parcours.

        Qui n'y est que financeur ne la voit qu'une fois le dossier déposé.
        """
        confie, finance = utilisateur.perimetre.sauf(Role.ARS), utilisateur.perimetre.seul(Role.ARS)
        if confie.est_national:
            return self
        vus = apps.get_model("programme", "Parcours").objects.visibles_par(utilisateur).filter(grappe=OuterRef("pk"))
        q: Q = Q(pk__in=confie.grappes) | Q(region__in=confie.regions) | Q(Exists(vus))
        if finance.est_national:
            q |= ~en_montage()
        elif finance.affectes:
            q |= (Q(pk__in=finance.grappes) | Q(region__in=finance.regions)) & ~en_montage()
        return self.filter(q)

    def de_pres(self, utilisateur: Any) -> "GrappeQuerySet":
        """Celles dont on est : un rôle sur la grappe ou sur un de ses ESMS, ni par sa région, ni en financeur."""
        confie = utilisateur.perimetre.sauf(Role.ARS)
        siens = Q(esms__in=confie.esms) | Q(esms__og__in=confie.ogs)
        engages = apps.get_model("programme", "Parcours").objects.dans_le_projet().filter(siens)
        return self.filter(Q(pk__in=confie.grappes) | Exists(engages.filter(grappe=OuterRef("pk"))))

    def financement_suivi_par(self, utilisateur: Any) -> "GrappeQuerySet":
        """Celles dont il lit le financement de l'intérieur : qui conduit, porte, siège en instance, administre."""
        p, visibles = utilisateur.perimetre, self.visibles_par(utilisateur)
        if p.seul(Role.ADMIN).est_national:
            return visibles
        grappes = p.seul(Role.CHEF_PROJET).grappes | p.seul(Role.MEMBRE).grappes
        return visibles.filter(Q(pk__in=grappes) | Q(porteur__in=p.seul(Role.SIEGE).ogs))

    def financement_lu_par(self, utilisateur: Any) -> "GrappeQuerySet":
        """Celles dont il lit le financement : le financeur qui la voit, et qui la suit de l'intérieur."""
        finance = utilisateur.perimetre.seul(Role.ARS)
        suivies = Q(pk__in=Grappe.objects.financement_suivi_par(utilisateur).order_by().values("pk"))
        if finance.est_national:
            return self.filter(suivies | ~en_montage())
        if not finance.affectes:
            return self.filter(suivies)
        parcours = apps.get_model("programme", "Parcours").objects.filter(grappe=OuterRef("pk"))
        de_la_region = Exists(parcours.filter(esms__departement__region__in=finance.regions))
        vues = Q(pk__in=finance.grappes) | Q(region__in=finance.regions) | Q(de_la_region)
        return self.filter(suivies | vues & ~en_montage())

    def chercher(self, texte: str) -> "GrappeQuerySet":
        """Grappes dont le nom contient tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))


class Grappe(ModeleAEtats):
    """Projet commun de plusieurs ESMS autour d'un DUI, porté par un OG ou un groupement."""

    nom = TexteCourtField("nom", max_length=120)
    porteur = models.ForeignKey(
        OrganismeGestionnaire, models.PROTECT, null=True, blank=True, related_name="grappes_portees"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="grappes", verbose_name="région instructrice"
    )
    solution = models.ForeignKey(Solution, models.PROTECT, null=True, blank=True, related_name="grappes")
    modules = models.ManyToManyField(Module, blank=True, related_name="grappes", verbose_name="modules au périmètre")
    annee_financement = models.PositiveSmallIntegerField("année de financement", null=True, blank=True)
    presentation = TexteLibreField("présentation")
    etat = champ_etat(EtatGrappe, E.MONTAGE)
    etat_suspendu = models.CharField("état à la suspension", max_length=20, blank=True, editable=False)
    creee_le = models.DateTimeField("créée le", auto_now_add=True)
    tri = models.CharField("tri", max_length=120, editable=False, default="", db_index=True)

    chemin_grappe: ClassVar[str | None] = "pk"

    objects = GrappeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "grappe"
        ordering = ["tri", "pk"]
        constraints = [etats_connus(EtatGrappe, "grappe_etat_connu")]

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.nom)[:120]
        super().save(*args, **kwargs)

    @transition("etat", E.MONTAGE, E.DEPOSEE, custom={"verbe": "Déposer le dossier"})
    def deposer(self) -> None:
        """Dossier déposé."""

    @transition("etat", E.DEPOSEE, E.CONVENTIONNEE, custom={"verbe": "Consigner la convention"})
    def conventionner(self) -> None:
        """Convention signée avec le financeur."""

    @transition("etat", E.DEPOSEE, E.NON_RETENUE, custom={"verbe": "Consigner le refus", "motif_requis": True})
    def ne_pas_retenir(self) -> None:
        """Dossier non retenu."""

    @transition("etat", E.CONVENTIONNEE, E.CONSULTATION, custom={"verbe": "Ouvrir la consultation"})
    def consulter(self) -> None:
        """Consultation des éditeurs."""

    @transition(
        "etat",
        [E.CONVENTIONNEE, E.CONSULTATION],
        E.MODELE_COMMUN,
        custom={"verbe": "Bâtir le modèle commun", "motif_requis_depuis": (E.CONVENTIONNEE,)},
    )
    def modeliser(self) -> None:
        """Modèle commun ; depuis la convention, la consultation est « sans objet » et le motif le dit."""

    @transition("etat", E.MODELE_COMMUN, E.PILOTE, custom={"verbe": "Lancer le pilote"})
    def piloter(self) -> None:
        """Phase pilote."""

    @transition(
        "etat",
        [E.MODELE_COMMUN, E.PILOTE],
        E.DEPLOIEMENT,
        custom={"verbe": "Lancer le déploiement", "motif_requis_depuis": (E.MODELE_COMMUN,)},
    )
    def deployer(self) -> None:
        """Déploiement ; depuis le modèle commun, le pilote est « sans objet » et le motif le dit."""

    @transition("etat", E.DEPLOIEMENT, E.MESURE_DES_USAGES, custom={"verbe": "Mesurer les usages"})
    def mesurer(self) -> None:
        """Mesure des usages."""

    @transition("etat", E.MESURE_DES_USAGES, E.SOLDEE, custom={"verbe": "Solder la grappe"})
    def solder(self) -> None:
        """Convention soldée."""

    @transition("etat", _ACTIFS, E.SUSPENDUE, custom={"verbe": "Suspendre", "motif_requis": True, "de_cote": True})
    def suspendre(self) -> None:
        """Suspension : se souvient d'où."""
        self.etat_suspendu = self.etat

    @transition(
        "etat",
        E.SUSPENDUE,
        GET_STATE(lambda self, **_: self.etat_suspendu, states=_ACTIFS),
        custom={"verbe": "Reprendre", "de_cote": True},
    )
    def reprendre(self) -> None:
        """Reprise là où l'on s'était arrêté."""

    @transition(
        "etat",
        [e for e in FRISE_GRAPPE if e not in (E.MONTAGE, E.DEPOSEE, E.SOLDEE)] + [E.SUSPENDUE],
        E.RESILIEE,
        custom={"verbe": "Résilier la convention", "motif_requis": True, "de_cote": True, "alerte": True},
    )
    def resilier(self) -> None:
        """Convention résiliée."""

    @transition(
        "etat",
        E.MONTAGE,
        GET_STATE(lambda self, vers, **_: vers, states=list(FRISE_GRAPPE[1:])),
        custom={"verbe": "Constater la situation", "de_cote": True},
    )
    def constater(self, vers: str = "", **_: Any) -> None:
        """Reprise de l'existant : situation constatée, non rejouée."""
        exiger_choix("vers", vers, FRISE_GRAPPE[1:], "Choisissez l'état où en est la grappe.")

    def consequence(self, transition: str) -> str:
        """Résilier arrête tout le monde : le dire avant, en nombre d'ESMS."""
        if transition != "resilier":
            return ""
        nombre = self.parcours.dans_le_projet().count()
        return f"La convention s'arrête pour {'les ' if nombre > 1 else ''}{accorde(nombre, 'ESMS,ESMS')} de la grappe."


class VagueQuerySet(models.QuerySet):
    """Vagues de déploiement."""

    def avec_places(self) -> "VagueQuerySet":
        """Ajoute `prises` : ESMS qui y sont accompagnés, ou le seront."""
        return self.annotate(prises=models.Count("parcours", filter=Q(parcours__etat__in=A_ACCOMPAGNER)))


class Vague(models.Model):
    """Vague de déploiement : un numéro, une fenêtre, une capacité d'ouvertures simultanées."""

    grappe = models.ForeignKey(Grappe, models.CASCADE, related_name="vagues")
    numero = models.PositiveSmallIntegerField("numéro")
    nom = TexteCourtField("nom", max_length=80, blank=True)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField("fin", null=True, blank=True)
    capacite = models.PositiveSmallIntegerField("ESMS accompagnés à la fois", null=True, blank=True)

    objects = VagueQuerySet.as_manager()

    class Meta:
        verbose_name = "vague de déploiement"
        verbose_name_plural = "vagues de déploiement"
        ordering = ["grappe", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["grappe", "numero"], name="vague_numero_unique"),
            models.CheckConstraint(
                condition=Q(debut__isnull=True) | Q(fin__isnull=True) | Q(fin__gte=models.F("debut")),
                name="vague_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"vague de déploiement {self.numero}"


class VerificationQuerySet(models.QuerySet):
    """Vérifications."""

    def acquises(self, type_verification: str) -> "VerificationQuerySet":
        """Prononcées, réserves comprises, de ce type."""
        return self.filter(
            type=type_verification, issue__in=[IssueVerification.PRONONCEE, IssueVerification.AVEC_RESERVES]
        )

    def visibles_par(self, utilisateur: Any) -> "VerificationQuerySet":
        """Celles de toute la grappe, et celles qui portent sur des ESMS qu'on voit."""
        grappes = Grappe.objects.visibles_par(utilisateur)
        parcours = apps.get_model("programme", "Parcours").objects.visibles_par(utilisateur)
        des_og = parcours.filter(grappe=OuterRef("grappe"), esms__og=OuterRef("og"))
        return self.filter(grappe__in=grappes).filter(
            Q(og__isnull=True, parcours__isnull=True) | Q(parcours__in=parcours) | Exists(des_og)
        )


class Verification(models.Model):
    """VA ou VSR. Objet : toute la grappe (marché), les ESMS d'un OG (lot), ou un seul parcours."""

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="verifications")
    type = models.CharField("type", max_length=3, choices=TypeVerification.choices)
    og = models.ForeignKey(OrganismeGestionnaire, models.PROTECT, null=True, blank=True, verbose_name="OG (lot)")
    parcours = models.ForeignKey(
        "programme.Parcours", models.PROTECT, null=True, blank=True, related_name="verifications"
    )
    debut = models.DateField("début", null=True, blank=True)
    prononcee_le = models.DateField("date du procès-verbal")
    issue = models.CharField("issue", max_length=14, choices=IssueVerification.choices)
    reference = TexteCourtField("référence du procès-verbal", max_length=120, blank=True)
    reserves = TexteLibreField("réserves")

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = "vérification"
        ordering = ["-prononcee_le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(og__isnull=True) | Q(parcours__isnull=True), name="verification_objet"),
            models.CheckConstraint(
                condition=Q(debut__isnull=True) | Q(prononcee_le__gte=models.F("debut")), name="verification_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} : {self.get_issue_display().lower()}"
