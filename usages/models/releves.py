"""Les relevés : les chiffres d'un ESMS pour une période, leurs états, ce qui s'y lit."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django_fsm import transition

from programme.enums import Role, Secteur
from programme.models import Grappe, OrganismeGestionnaire, Parcours, Region
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque, Refus
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.nombres import accorde
from usages.calculs import parts
from usages.calculs.periodes import Periode
from usages.enums import Absence, CadenceReleve, EtatPrecision, EtatReleve, Forme, Origine, Taille
from usages.models.communs import TRANSMIS, lisibles
from usages.models.cumuls import MESURE, CumulIndicateur
from usages.models.indicateurs import Indicateur

E = EtatReleve
CORRIGE_ENTRE_TEMPS = (
    "Un chiffre de ce relevé a été corrigé depuis que cette page est ouverte : rien n'est validé. Relisez-le, puis "
    "validez."
)
PENDANTES = (EtatPrecision.DEMANDEE, EtatPrecision.REPONDUE)
"""États d'une précision qui n'est pas close."""


class ReleveQuerySet(ModeleAEtatsQuerySet):
    """Relevés."""

    def visibles_par(self, utilisateur: Any) -> "ReleveQuerySet":
        """Ceux des ESMS dont il lit la préparation ; pour le financeur, ceux qui sont transmis."""
        return self.filter(lisibles(utilisateur))

    def de_la_periode(self, periode: Periode) -> "ReleveQuerySet":
        """Ceux de cette période."""
        return self.filter(debut=periode.debut, cadence=periode.cadence)

    def comptes(self) -> "ReleveQuerySet":
        """Transmis ou au-delà : ceux dont les chiffres entrent dans les agrégats."""
        return self.filter(etat__in=TRANSMIS)

    def en_retard(self, au: date) -> "ReleveQuerySet":
        """Encore en saisie, l'échéance passée."""
        return self.filter(etat=E.SAISI, echeance__lt=au)

    def avec_completude(self) -> "ReleveQuerySet":
        """Ajoute `nb_chiffres` attendus et `nb_repondus` (un nombre, un texte, ou pourquoi il manque)."""
        attendus = Q(valeurs__cle="")
        repondu = attendus & (Q(valeurs__numerateur__isnull=False) | ~Q(valeurs__motif="") | ~Q(valeurs__texte=""))
        return self.annotate(
            nb_chiffres=Count("valeurs", filter=attendus), nb_repondus=Count("valeurs", filter=repondu)
        )

    def pour_lecture(self) -> "ReleveQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("parcours__esms__categorie", "parcours__esms__departement", "parcours__grappe")


class Releve(ModeleAEtats):
    """Les chiffres d'un ESMS pour une période. Ses territoires sont ceux du jour où il s'est ouvert, et le restent.

    `echeance` : le jour attendu. `calcule_le` : quand ce qui se calcule l'a été pour la dernière fois.
    """

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="releves", verbose_name="ESMS")
    debut = models.DateField("premier jour")
    cadence = models.CharField("cadence", max_length=10, choices=CadenceReleve.choices)
    echeance = models.DateField("attendu le")
    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="releves")
    og = models.ForeignKey(
        OrganismeGestionnaire, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="OG"
    )
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="région")
    secteur = models.CharField("secteur", max_length=10, choices=Secteur.choices, blank=True)
    taille = models.CharField("taille", max_length=8, choices=Taille.choices, blank=True, default="")
    etat = champ_etat(EtatReleve, E.SAISI)
    calcule_le = models.DateTimeField("calculé le", null=True, blank=True, editable=False)
    transmis_le = models.DateField("transmis le", null=True, blank=True, editable=False)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("parcours__esms__departement", "parcours__grappe", "grappe")

    nb_chiffres: int
    nb_repondus: int
    """Posés par `avec_completude`."""

    objects = ReleveQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "relevé"
        ordering = ["-debut", "cadence", "parcours", "pk"]
        constraints = [
            etats_connus(EtatReleve, "releve_etat_connu"),
            models.CheckConstraint(condition=Q(cadence__in=CadenceReleve.values), name="releve_cadence_connue"),
            models.UniqueConstraint(
                fields=["parcours", "debut", "cadence"],
                name="releve_unique",
                violation_error_message="Cet ESMS a déjà un relevé pour cette période.",
            ),
        ]
        indexes = [
            models.Index(fields=["grappe", "cadence", "debut"], name="releve_grappe"),
            models.Index(fields=["cadence", "debut", "etat"], name="releve_periode"),
        ]

    def __str__(self) -> str:
        return f"relevé {self.periode.complement}, {self.parcours}"

    @property
    def periode(self) -> Periode:
        """Sa période."""
        return Periode(self.debut, self.cadence)

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours

    @property
    def est_en_saisie(self) -> bool:
        """Vrai tant que l'ESMS n'a rien transmis."""
        return self.etat == E.SAISI

    @property
    def est_compte(self) -> bool:
        """Vrai si ses chiffres entrent dans les agrégats."""
        return self.etat in TRANSMIS

    @property
    def est_verrouille(self) -> bool:
        """Vrai si plus rien ne s'y écrit."""
        return self.etat == E.VERROUILLE

    @property
    def ecrit_le(self) -> str:
        """Quand un de ses chiffres s'est écrit pour la dernière fois ; « 0 » si personne n'en a écrit. Une requête."""
        dernier = self.valeurs.order_by().aggregate(le=Max("ecrite_le"))["le"]
        return dernier.isoformat() if dernier else "0"

    @property
    def geste(self) -> str:
        """Ce que l'ESMS y fait : le compléter, ou le transmettre s'il ne manque rien. Après `avec_completude`."""
        return "Transmettre" if self.nb_repondus >= self.nb_chiffres else "Compléter"

    def est_en_retard(self, au: date) -> bool:
        """Vrai s'il est encore en saisie après son échéance."""
        return self.est_en_saisie and self.echeance < au

    @transition("etat", E.SAISI, E.TRANSMIS, custom={"verbe": "Transmettre"})
    def transmettre(self) -> None:
        """L'ESMS dit : voici nos chiffres. Le chef de projet et le financeur les lisent."""

    @transition(
        "etat",
        E.TRANSMIS,
        retour_a(E.SAISI),
        custom={"verbe": "Reprendre la saisie", "motif_requis": True, "de_cote": True},
    )
    def reprendre(self) -> None:
        """Transmis trop tôt : l'ESMS y revient, et dit pourquoi."""

    @transition("etat", E.TRANSMIS, E.VALIDE, custom={"verbe": "Valider"})
    def valider(self, lus: str = "") -> None:
        """Le chef de projet l'a lu : rien à demander. `lus` : quand s'étaient écrits les chiffres qu'il a lus."""
        if lus and lus != self.ecrit_le:
            raise Refus("concurrence", CORRIGE_ENTRE_TEMPS)

    @transition("etat", E.VALIDE, E.VERROUILLE, custom={"verbe": "Verrouiller"})
    def verrouiller(self) -> None:
        """Ces chiffres ne bougent plus : ils ont servi à un compte rendu, à un versement."""

    @transition(
        "etat",
        [E.VALIDE, E.VERROUILLE],
        retour_a(E.TRANSMIS),
        custom={"verbe": "Rouvrir à la correction", "motif_requis": True, "de_cote": True},
    )
    def rouvrir(self) -> None:
        """Une erreur se découvre après coup."""

    def consequence(self, transition: str) -> str:
        """Qui lit quoi, ce qui ne s'écrit plus, ce qui part vide."""
        return {
            "transmettre": self._ce_qui_part_vide(transition)
            + "Le chef de projet et le financeur lisent ces chiffres ; ils entrent dans les totaux.",
            "reprendre": "Ces chiffres sortent des totaux jusqu'à la prochaine transmission.",
            "verrouiller": "Plus rien ne s'écrit sur cette période, même par un fichier.",
        }.get(transition, "")

    def _ce_qui_part_vide(self, transition: str) -> str:
        """« Il manque 6 chiffres… » ; rien si tout est dit. Deux requêtes, pour ce seul passage."""
        cases = self.valeurs.totaux()
        vides = cases.count() - cases.repondues().count() if transition == "transmettre" else 0
        if not vides:
            return ""
        partiraient = "il partirait vide" if vides == 1 else "ils partiraient vides"
        return f"Il manque {accorde(vides, 'chiffre')} : {partiraient}. « Non mesurable » est une réponse. "

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne transmet pas un chiffre qui demande un mot sans ce mot ; on ne valide pas une question sans réponse."""
        if transition == "transmettre":
            muets = self.valeurs.filter(mot_attendu=True, commentaire="").values_list("indicateur__libelle", flat=True)
            # Un numérateur seul fausserait tous les taux où il entre.
            seuls = self.valeurs.totaux().sans_denominateur().values_list("indicateur__libelle", flat=True)
            return [
                *(Manque("mot_attendu", "Un mot sur ce qui surprend", f"{nom} : dites pourquoi") for nom in muets),
                *(Manque("denominateur", "Le nombre auquel on rapporte", f"{nom} : sur combien ?") for nom in seuls),
            ]
        if transition == "valider":
            return self.obstacles_du_lot(transition, [(self, details)])[self.pk]
        return []

    @classmethod
    def obstacles_du_lot(cls, transition: str, lot: Collection[tuple[Any, dict[str, Any]]]) -> dict[Any, list[Manque]]:
        """Les précisions qui pendent, pour tous d'une requête."""
        if transition != "valider":
            return {releve.pk: releve.obstacles(transition, details) for releve, details in lot}
        restes = Valeur.objects.precisions_pendantes([releve.pk for releve, _ in lot])
        rendu: dict[Any, list[Manque]] = {releve.pk: [] for releve, _ in lot}
        for cle, reste in restes.items():
            mesure = f"{accorde(reste, 'précision attend,précisions attendent')} une réponse ou une clôture"
            rendu[cle] = [Manque("precisions", "Des précisions closes", mesure, 0, reste)]
        return rendu

    def apres_passage(self, passage: Any) -> None:
        """Les chiffres entrent dans les totaux, ou en sortent, dans la transaction du passage."""
        if passage.transition in ("transmettre", "reprendre"):
            entre = passage.transition == "transmettre"
            # Par update() : ce jour se déduit du journal.
            Releve.objects.filter(pk=self.pk).update(transmis_le=passage.date_effet if entre else None)
            CumulIndicateur.objects.porter_reponses(Releve.objects.filter(pk=self.pk), 1 if entre else -1)


def _lus_par(utilisateur: Any) -> Q:
    lus = lisibles(utilisateur, "releve__parcours", "releve__etat")
    if not utilisateur.perimetre.tient(Role.ARS):
        return lus
    pres = Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")
    return lus & (Q(releve__parcours__in=pres) | Q(indicateur__transmis_au_financeur=True))


class ValeurQuerySet(models.QuerySet):
    """Chiffres."""

    def visibles_par(self, utilisateur: Any) -> "ValeurQuerySet":
        """Ceux des relevés qu'il lit ; pour qui n'y est que financeur, ceux qu'on lui destine."""
        return self.filter(_lus_par(utilisateur))

    def cachees_a(self, utilisateur: Any) -> "ValeurQuerySet":
        """Tous les autres."""
        return self.filter(~_lus_par(utilisateur))

    def totaux(self) -> "ValeurQuerySet":
        """Un par indicateur : sans le détail des parts."""
        return self.filter(cle="")

    def comptees(self) -> "ValeurQuerySet":
        """Des nombres de relevés transmis : ce que comptent les agrégats."""
        return self.filter(MESURE, releve__etat__in=TRANSMIS)

    def repondues(self) -> "ValeurQuerySet":
        """Un nombre, un texte, ou pourquoi il manque."""
        return self.filter(Q(numerateur__isnull=False) | ~Q(motif="") | ~Q(texte=""))

    def sans_denominateur(self) -> "ValeurQuerySet":
        """Des rapports dont on a compté une partie sans dire sur combien."""
        return self.filter(indicateur__forme=Forme.RAPPORT, numerateur__isnull=False, denominateur__isnull=True)

    def precisions_pendantes(self, releves: Collection[int]) -> dict[int, int]:
        """Par relevé, combien de précisions y pendent encore ; sans ceux qui n'en ont pas. Une requête."""
        siens = self.filter(releve__in=releves, precisions__etat__in=PENDANTES).order_by()
        return dict(siens.values("releve").annotate(nombre=Count("precisions")).values_list("releve", "nombre"))

    def pour_lecture(self) -> "ValeurQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("indicateur", "releve__parcours__esms__departement", "releve__grappe")


class Valeur(models.Model):
    """Un chiffre : celui d'un indicateur dans un relevé. `cle` vide : le total ; sinon une part (profil, tranche).

    Vide et sans motif, il est attendu. `extraite_*` : ce que le calcul ou le fichier ont dit, quand `raison` explique
    qu'on en retient un autre. `mot_attendu` : hors bornes ou en chute, il demande un commentaire.
    """

    releve = models.ForeignKey(Releve, models.CASCADE, related_name="valeurs")
    # Sans index à lui : on part toujours du relevé, et cent millions de lignes en paieraient le poids.
    indicateur = models.ForeignKey(Indicateur, models.PROTECT, related_name="valeurs", db_index=False)
    cle = models.SlugField("part", max_length=40, blank=True, default="", db_index=False)
    numerateur = models.DecimalField("valeur", max_digits=14, decimal_places=2, null=True, blank=True)
    denominateur = models.DecimalField("sur", max_digits=14, decimal_places=2, null=True, blank=True)
    texte = TexteLibreField("texte", max_length=600)
    motif = models.CharField("pourquoi il manque", max_length=14, choices=Absence.choices, blank=True, default="")
    origine = models.CharField("origine", max_length=8, choices=Origine.choices, blank=True, default="")
    extraite_numerateur = models.DecimalField("valeur extraite", max_digits=14, decimal_places=2, null=True, blank=True)
    extraite_denominateur = models.DecimalField("extraite, sur", max_digits=14, decimal_places=2, null=True, blank=True)
    raison = TexteCourtField("raison de la correction", max_length=240, blank=True)
    commentaire = TexteCourtField("commentaire", max_length=300, blank=True)
    mot_attendu = models.BooleanField("un mot est attendu", default=False, editable=False)
    ecrite_le = models.DateTimeField("écrite le", null=True, blank=True)
    ecrite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="écrite par",
        db_index=False,
    )

    objects = ValeurQuerySet.as_manager()

    class Meta:
        verbose_name = "chiffre"
        ordering = ["releve", "indicateur__famille", "indicateur__rang", "cle", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["releve", "indicateur", "cle"], name="valeur_unique"),
            models.CheckConstraint(
                condition=Q(motif="") | Q(numerateur__isnull=True, denominateur__isnull=True),
                name="valeur_ou_motif",
                violation_error_message="Un chiffre non mesurable ou non concerné n'a pas de valeur.",
            ),
            models.CheckConstraint(condition=Q(motif="") | Q(motif__in=Absence.values), name="valeur_motif_connu"),
            models.CheckConstraint(
                condition=Q(origine="") | Q(origine__in=Origine.values), name="valeur_origine_connue"
            ),
            models.CheckConstraint(
                condition=(Q(numerateur__isnull=True) | Q(numerateur__gte=0))
                & (Q(denominateur__isnull=True) | Q(denominateur__gte=0)),
                name="valeur_positive",
                violation_error_message="Un chiffre ne descend pas sous zéro.",
            ),
            models.CheckConstraint(condition=Q(cle="") | Q(motif="", texte=""), name="valeur_part_sans_motif"),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur}, {self.releve}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.releve.parcours

    @property
    def est_repondue(self) -> bool:
        """Vrai si l'on a un nombre, un texte, ou pourquoi il manque."""
        return self.numerateur is not None or bool(self.motif) or bool(self.texte)

    @property
    def taux(self) -> float | None:
        """De 0 à 1 pour un rapport ; None sans dénominateur, ou s'il est nul."""
        if self.numerateur is None or not self.denominateur:
            return None
        return float(self.numerateur / self.denominateur)

    @property
    def nom_de_part(self) -> str:
        """« Accompagnement éducatif et social » : le nom que le catalogue donne à la part ; vide pour le total."""
        return parts.nommer(self.cle, self.indicateur.parts)

    @property
    def est_corrigee(self) -> bool:
        """Vrai si l'on retient autre chose que ce qui a été extrait."""
        extraite = (self.extraite_numerateur, self.extraite_denominateur)
        return extraite != (None, None) and extraite != (self.numerateur, self.denominateur)
