"""Annuaire : organismes gestionnaires, ESMS, groupes. Ouvert à tout connecté."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q, Subquery

from programme.enums import EtatParcours, MotifSortie, NatureEvenement, Role
from programme.models.referentiel import Categorie, Departement
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.finess.secteurs import CATEGORIES_ADRESSE_MASQUEE
from programme.socle.recherche import chercher_en_memoire, compte_par, mots_contenus
from programme.socle.texte import normaliser


def formes_de_recherche(nom: str, *autres: str) -> tuple[str, str]:
    """Ce qu'on cherche (nom, puis le reste) et ce qui trie, sans accents ; la même chose à l'unité et par lot."""
    cle = normaliser(nom)
    return f"{cle} {normaliser(' '.join(autres))}".strip(), cle[:200]


class AnnuaireQuerySet(models.QuerySet):
    """Recherche sans accents, sur une seule colonne normalisée."""

    def visibles_par(self, utilisateur: Any) -> Self:
        """L'annuaire FINESS est public : tout connecté le voit."""
        return self if utilisateur.is_authenticated else self.none()

    def chercher(self, texte: str) -> Self:
        """Lignes dont nom, ville ou numéro contiennent tous les mots, accents ignorés."""
        return self.filter(mots_contenus("recherche", texte))


class OgQuerySet(AnnuaireQuerySet):
    """Organismes gestionnaires."""

    def de_pres(self, utilisateur: Any) -> Self:
        """Ceux dont on est : un rôle sur l'organisme ou sur un de ses ESMS, pas en financeur."""
        confie = utilisateur.perimetre.sauf(Role.ARS)
        siens = Esms.objects.filter(pk__in=confie.esms, og=OuterRef("pk"))
        return self.filter(Q(pk__in=confie.ogs) | Exists(siens))

    def avec_comptes(self, utilisateur: Any) -> Self:
        """Ajoute `nb_esms` (ouverts, dans l'annuaire) et `nb_projet` (ESMS du projet que voit l'utilisateur)."""
        parcours = apps.get_model("programme", "Parcours")
        vus = parcours.objects.visibles_par(utilisateur).exclude(etat=EtatParcours.SORTI)
        return self.annotate(
            nb_esms=compte_par("og", Esms.objects.en_activite()), nb_projet=compte_par("esms__og", vus)
        )


class EsmsQuerySet(AnnuaireQuerySet):
    """ESMS de l'annuaire."""

    def en_activite(self) -> Self:
        """Ouverts, non fermés, non remplacés."""
        return self.filter(est_actif=True)

    def du_champ(self) -> Self:
        """De catégorie rattachée à un secteur : ce que les listes montrent par défaut."""
        return self.exclude(categorie__secteur="")

    def sans_direction(self, au: date) -> Self:
        """ESMS que personne ne dirige ce jour-là (`AffectationQuerySet.dirigeant`) ; une vacance avertit seulement."""
        affectations = apps.get_model("programme", "Affectation").objects
        return self.exclude(affectations.en_cours(au).dirige("pk"))

    def direction_a_pourvoir(self, au: date, avant: date) -> Self:
        """Sans direction à la date `au`, ou dont plus personne ne tiendra la direction à la date `avant`.

        Ajoute `est_dirige`, `derniere_fin` (dernier jour de la direction précédente) et `fin_prochaine`.
        """
        affectations = apps.get_model("programme", "Affectation").objects
        tenues, directions = affectations.en_cours(au), affectations.filter(au__lt=au)
        ici = OuterRef("pk")
        return self.annotate(
            est_dirige=ExpressionWrapper(tenues.dirige("pk"), models.BooleanField()),
            sera_dirige=ExpressionWrapper(affectations.en_cours(avant).dirige("pk"), models.BooleanField()),
            derniere_fin=Subquery(directions.dirigeant(ici).order_by("-au").values("au")[:1]),
            fin_prochaine=Subquery(tenues.dirigeant(ici).filter(au__isnull=False).order_by("-au").values("au")[:1]),
        ).exclude(est_dirige=True, sera_dirige=True)


class OrganismeGestionnaire(models.Model):
    """Organisme gestionnaire (OG). Le FINESS juridique peut manquer ; il est unique s'il est là."""

    finess = models.CharField("FINESS juridique", max_length=9, unique=True, null=True, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    nom = models.CharField("nom", max_length=200)
    nom_long = models.CharField("raison sociale", max_length=300, blank=True)
    statut_juridique = models.CharField("statut juridique", max_length=10, blank=True)
    ferme_le = models.DateField("fermé le", null=True, blank=True)
    recherche = models.TextField("recherche", editable=False, default="")
    tri = models.CharField("tri", max_length=200, editable=False, default="", db_index=True)

    objects = OgQuerySet.as_manager()

    class Meta:
        verbose_name = "organisme gestionnaire"
        verbose_name_plural = "organismes gestionnaires"
        ordering = ["tri", "pk"]

    def __str__(self) -> str:
        return self.nom

    def preparer_recherche(self) -> None:
        """Entretient les colonnes normalisées ; à appeler avant une écriture par lot."""
        self.recherche, self.tri = formes_de_recherche(self.nom, self.nom_long, self.finess or "", self.siren)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche à jour."""
        self.preparer_recherche()
        super().save(*args, **kwargs)


class Esms(models.Model):
    """Établissement ou service (social ou) médico-social ; clé publique : FINESS géographique."""

    finess = models.CharField("FINESS géographique", max_length=9, unique=True)
    og = models.ForeignKey(
        OrganismeGestionnaire, models.PROTECT, null=True, blank=True, related_name="esms", verbose_name="OG"
    )
    nom = models.CharField("nom", max_length=200)
    nom_long = models.CharField("raison sociale", max_length=300, blank=True)
    categorie = models.ForeignKey(Categorie, models.PROTECT, related_name="esms", verbose_name="catégorie")
    siret = models.CharField("SIRET", max_length=14, blank=True)
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, related_name="esms", verbose_name="département"
    )
    commune_cog = models.CharField("code commune", max_length=5, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    ville = models.CharField("ville", max_length=100, blank=True)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    ouvert_le = models.DateField("ouvert le", null=True, blank=True)
    ferme_le = models.DateField("fermé le", null=True, blank=True)
    est_actif = models.BooleanField("en activité", default=True, db_index=True)
    remplace_par = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="remplace", verbose_name="remplacé par"
    )
    millesime = models.DateField("millésime FINESS", null=True, blank=True)
    recherche = models.TextField("recherche", editable=False, default="")
    tri = models.CharField("tri", max_length=200, editable=False, default="", db_index=True)

    objects = EsmsQuerySet.as_manager()

    class Meta:
        verbose_name = "ESMS"
        verbose_name_plural = "ESMS"
        ordering = ["tri", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(remplace_par=models.F("id")), name="esms_pas_remplace_par_soi")
        ]
        # Le tri « ville » d'une page ne lit que la page, à 34 000 comme à 340 000 ESMS.
        indexes = [models.Index(fields=["ville", "code_postal", "tri", "id"], name="esms_ville")]

    def __str__(self) -> str:
        return self.nom

    @property
    def directions(self) -> list[Any]:
        """Ses directions, passées et à venir, lues par les relations qu'une liste charge d'avance pour sa page.

        La règle est celle d'`AffectationQuerySet.dirigeant`.
        """
        tenues = [*self.affectations.all(), *(a for g in self.groupes.all() for a in g.affectations.all())]
        return [a for a in tenues if a.role == Role.DIRECTEUR]

    @property
    def adresse_masquee(self) -> bool:
        """Catégories où l'adresse peut être un domicile privé."""
        return self.categorie_id in CATEGORIES_ADRESSE_MASQUEE

    @property
    def adresse_publique(self) -> str:
        """L'adresse que l'on peut montrer."""
        return "" if self.adresse_masquee else self.adresse

    def preparer_recherche(self) -> None:
        """Entretient les colonnes normalisées ; à appeler avant une écriture par lot."""
        self.recherche, self.tri = formes_de_recherche(
            self.nom, self.nom_long, self.ville, self.code_postal, self.finess
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche à jour."""
        self.preparer_recherche()
        super().save(*args, **kwargs)


class EvenementQuerySet(models.QuerySet):
    """Événements de l'annuaire."""

    def visibles_par(self, utilisateur: Any) -> Self:
        """Ceux d'un ESMS dont on lit la préparation ; un financeur n'en apprend rien ici."""
        parcours = apps.get_model("programme", "Parcours").objects.lisibles_par(utilisateur)
        return self.filter(Exists(parcours.filter(esms=OuterRef("esms"))))

    def a_traiter(self) -> Self:
        """Sans suite, alors que l'ESMS était déjà du projet et y est encore, ou qu'il rouvre après en être sorti.

        Une fermeture que FINESS a démentie depuis n'attend plus rien.
        """
        parcours = apps.get_model("programme", "Parcours").objects.filter(esms=OuterRef("esms"))
        presents = parcours.filter(cree_le__lte=OuterRef("enregistre_le")).exclude(etat=EtatParcours.SORTI)
        fermes = parcours.filter(etat=EtatParcours.SORTI, motif_sortie=MotifSortie.FERMETURE)
        rouvre = Q(nature=NatureEvenement.REOUVERTURE)
        dementi = Q(nature=NatureEvenement.FERMETURE, esms__est_actif=True)
        return self.filter(traite_le__isnull=True).filter(
            ~rouvre & ~dementi & Q(Exists(presents)) | rouvre & Q(Exists(fermes))
        )

    def chercher(self, texte: str) -> Self:
        """Événements d'un ESMS qui porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("esms__recherche", texte))


class EvenementEsms(models.Model):
    """Changement d'OG, fermeture, réouverture, fusion : lu dans un fichier FINESS ou déclaré à la main."""

    esms = models.ForeignKey(Esms, models.PROTECT, related_name="evenements", verbose_name="ESMS")
    nature = models.CharField("nature", max_length=12, choices=NatureEvenement.choices)
    date_effet = models.DateField("date", null=True, blank=True)
    avant = models.CharField("numéro avant", max_length=9, blank=True)
    apres = models.CharField("numéro après", max_length=9, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )
    enregistre_le = models.DateTimeField("enregistré le", auto_now_add=True)
    traite_le = models.DateTimeField("suite donnée le", null=True, blank=True)
    traite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suite donnée par",
    )
    suite = TexteLibreField("suite donnée", max_length=300)

    objects = EvenementQuerySet.as_manager()

    class Meta:
        verbose_name = "événement d'un ESMS"
        verbose_name_plural = "événements des ESMS"
        ordering = ["esms", "pk"]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.esms}"


class GroupeQuerySet(models.QuerySet):
    """Groupes d'ESMS."""

    def visibles_par(self, utilisateur: Any) -> Self:
        """Ceux de son périmètre, et ceux qui contiennent un ESMS du projet que l'on voit."""
        p = utilisateur.perimetre.sauf(Role.ARS)
        if p.est_national:
            return self
        parcours = apps.get_model("programme", "Parcours").objects.visibles_par(utilisateur)
        vus = parcours.filter(esms__groupes=OuterRef("pk"))
        return self.filter(Q(pk__in=p.esms_des_groupes) | Q(og__in=p.ogs) | Exists(vus))

    def chercher(self, texte: str) -> Any:
        """Ceux dont le nom ou l'organisme portent tous les mots, accents ignorés."""
        return chercher_en_memoire(self, texte, "nom", "og__nom")


class Groupe(models.Model):
    """Pôle ou dispositif : plusieurs FINESS, une équipe ; on y répond une fois."""

    nom = TexteCourtField("nom", max_length=120)
    og = models.ForeignKey(OrganismeGestionnaire, models.PROTECT, related_name="groupes", verbose_name="OG")
    esms = models.ManyToManyField(Esms, related_name="groupes", verbose_name="ESMS", blank=True)

    objects = GroupeQuerySet.as_manager()

    class Meta:
        verbose_name = "groupe"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom
