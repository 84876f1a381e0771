"""Les sessions de formation : leurs inscriptions, leurs présences, les avis qu'on en donne."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.dispatch import Signal
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from formation.calculs.avis import fenetre
from formation.calculs.code_presence import tirer
from formation.enums import EtatSession, MomentAvis, Pointage, StatutInscription
from formation.models.communs import parcours_geres, touchent
from formation.models.plan import DELAI_A_FROID, Formateur, ModuleFormation, PlanFormation
from formation.models.professionnels import Poste, Professionnel
from programme.models import Grappe, Parcours
from programme.models.actions import TOUTE_LA_GRAPPE
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.dates import heure
from programme.socle.erreurs import Manque, Refus
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.nombres import accorde

E = EtatSession
A_VENIR = (E.PLANIFIEE, E.OUVERTE)
TENUES = (E.TENUE, E.EVALUEE)
AVANT_LE_JOUR = "La session se tient le {:%d/%m/%Y} : elle n'a pas pu être tenue avant."

session_passee = Signal()
"""Émis dans la transaction du passage : `session`, `passage`. Les services y tiennent les acquis, y préviennent."""


def _a_minuit(jour: date) -> datetime:
    """Le début de ce jour, à Paris."""
    return timezone.make_aware(datetime.combine(jour, time.min))


class SessionFormationQuerySet(ModeleAEtatsQuerySet):
    """Sessions."""

    def visibles_par(self, utilisateur: Any) -> "SessionFormationQuerySet":
        """Celles de ses ESMS, et celles de toute une grappe dont il est ; pas le financeur."""
        return self.filter(touchent(utilisateur))

    def a_venir(self) -> "SessionFormationQuerySet":
        """Ni tenues, ni annulées."""
        return self.filter(etat__in=A_VENIR)

    def tenues(self) -> "SessionFormationQuerySet":
        """Tenues, évaluées ou non."""
        return self.filter(etat__in=TENUES)

    def avec_places(self) -> "SessionFormationQuerySet":
        """Avec `nb_inscrits`, `nb_attente` et `nb_libres`, comptés par la base."""
        pris = Count("inscriptions", filter=Q(inscriptions__statut=StatutInscription.INSCRIT))
        attente = Count("inscriptions", filter=Q(inscriptions__statut=StatutInscription.EN_ATTENTE))
        return self.annotate(nb_inscrits=pris, nb_attente=attente, nb_libres=Greatest(F("capacite") - pris, 0))

    def a_evaluer(self, au: date) -> "SessionFormationQuerySet":
        """Tenues, l'avis à chaud clos à cette date, et dont personne n'a encore clos l'évaluation."""
        _, fin = fenetre(MomentAvis.A_CHAUD, au, 0)
        return self.filter(etat=E.TENUE, debut__lt=_a_minuit(au - (fin - au)))

    def avis_a_froid_a_demander(self, au: date) -> "SessionFormationQuerySet":
        """Tenues, l'avis à froid ouvert à cette date, et que personne n'a encore donné. Une requête de plus.

        Sans présent pointé, il n'y a personne à qui le demander.
        """
        regles = set(PlanFormation.objects.values_list("delai_a_froid", flat=True).order_by().distinct())
        sans_plan = Q(grappe__plan_formation__isnull=True)
        ouvertes = Q(pk__in=[])
        for delai in regles | {DELAI_A_FROID}:
            debut, fin = fenetre(MomentAvis.A_FROID, au, delai)
            # Ouvert ce jour pour une session tenue entre ces deux jours : la fenêtre, retournée.
            premier, dernier = au - (fin - au), au - (debut - au)
            bornes = Q(debut__gte=_a_minuit(premier), debut__lt=_a_minuit(dernier + timedelta(days=1)))
            grappes = Q(grappe__plan_formation__delai_a_froid=delai)
            ouvertes |= bornes & (grappes | sans_plan if delai == DELAI_A_FROID else grappes)
        donnes = AvisFormation.objects.filter(session=OuterRef("pk"), moment=MomentAvis.A_FROID)
        presents = Inscription.objects.presentes().filter(session=OuterRef("pk"))
        return self.tenues().filter(ouvertes).filter(Exists(presents)).exclude(Exists(donnes))

    def pour_lecture(self) -> "SessionFormationQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "parcours__esms", "module", "formateur")


class SessionFormation(ModeleAEtats):
    """Une session d'un module : quand, où, combien de places. Sans `parcours`, elle est ouverte à toute la grappe.

    `code_presence` : ce qu'on lit au tableau et qu'on écrit sur la feuille, pour pointer sans liste. `jeton_a_chaud`,
    `jeton_a_froid` : les adresses, sans compte, où l'on donne son avis.
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="sessions_formation")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="sessions_formation", verbose_name="ESMS"
    )
    module = models.ForeignKey(ModuleFormation, models.PROTECT, related_name="sessions", verbose_name="module")
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    lieu = TexteCourtField("lieu", max_length=160, blank=True)
    capacite = models.PositiveSmallIntegerField("places")
    formateur = models.ForeignKey(
        Formateur, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name="formateur"
    )
    note = TexteLibreField("à savoir avant de venir", max_length=600)
    code_presence = models.CharField("code de présence", max_length=8, blank=True, editable=False)
    jeton_a_chaud = models.UUIDField("adresse de l'avis à chaud", default=uuid.uuid4, unique=True, editable=False)
    jeton_a_froid = models.UUIDField("adresse de l'avis à froid", default=uuid.uuid4, unique=True, editable=False)
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="créée par")
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatSession, E.PLANIFIEE)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "module", "parcours__esms__departement")

    nb_inscrits: int
    nb_attente: int
    nb_libres: int
    a_pointer: bool
    """Posés par `avec_places`, et par qui lit s'il reste des présences à pointer."""

    objects = SessionFormationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["jeton_a_chaud", "jeton_a_froid", "code_presence"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "session de formation"
        verbose_name_plural = "sessions de formation"
        ordering = ["debut", "pk"]
        constraints = [
            etats_connus(EtatSession, "session_etat_connu"),
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="session_dates",
                violation_error_message="La session finit avant de commencer : corrigez l'une des deux heures.",
            ),
            models.CheckConstraint(
                condition=Q(capacite__gt=0),
                name="session_places",
                violation_error_message="Une session a au moins une place.",
            ),
        ]
        indexes = [models.Index(fields=["grappe", "etat", "debut"], name="session_grappe")]

    def __str__(self) -> str:
        return f"{self.module}, {timezone.localtime(self.debut):%d/%m/%Y}"

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.parcours or self.grappe

    @property
    def pour(self) -> str:
        """L'ESMS, ou « toute la grappe »."""
        return str(self.parcours) if self.parcours else TOUTE_LA_GRAPPE

    @property
    def est_a_venir(self) -> bool:
        """Ni tenue, ni annulée."""
        return self.etat in A_VENIR

    @property
    def est_tenue(self) -> bool:
        """Vrai si elle s'est tenue, évaluée ou non."""
        return self.etat in TENUES

    @property
    def jour(self) -> date:
        """Le jour où elle se tient, à Paris."""
        return timezone.localtime(self.debut).date()

    @property
    def duree_heures(self) -> float:
        """Sa durée, en heures."""
        return (self.fin - self.debut).total_seconds() / 3600

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne dit pas « tenue » avant l'heure ; on n'évalue pas une session dont la feuille n'est pas saisie."""
        if transition == "tenir" and timezone.now() < self.debut:
            debut = timezone.localtime(self.debut)
            mesure = f"elle commence le {debut:%d/%m/%Y} à {heure(debut)}"
            return [Manque("pas_commencee", "Session commencée", mesure, 0, 1)]
        if transition == "evaluer":
            reste = self.inscriptions.inscrites().filter(pointage=Pointage.NON_POINTE).count()
            if reste:
                mesure = f"{accorde(reste, 'personne reste,personnes restent')} à pointer"
                return [Manque("a_pointer", "Présences pointées", mesure, 0, 1)]
        return []

    def consequence(self, transition: str) -> str:
        """Ce que le passage entraîne."""
        return {
            "annuler": "Les personnes convoquées l'apprennent par courriel, ou par leur référent local.",
            "revenir": "Les personnes pointées présentes ne comptent plus comme formées par cette session.",
        }.get(transition, "")

    def apres_passage(self, passage: Any) -> None:
        """Les acquis s'écrivent ou s'ôtent, les convoqués sont prévenus : voir les services, qui écoutent."""
        if passage.transition == "tenir" and passage.date_effet < self.jour:
            faute = AVANT_LE_JOUR.format(self.jour)
            raise Refus("champ", "date d'effet", champs={"date_effet": [faute]})
        session_passee.send(sender=SessionFormation, session=self, passage=passage)

    @transition("etat", E.PLANIFIEE, E.OUVERTE, custom={"verbe": "Ouvrir aux inscriptions"})
    def ouvrir(self) -> None:
        """Les ESMS inscrivent leurs équipes."""
        self.code_presence = self.code_presence or tirer()

    @transition("etat", [E.PLANIFIEE, E.OUVERTE], E.TENUE, custom={"verbe": "Dire qu'elle s'est tenue"})
    def tenir(self) -> None:
        """Les présences s'y pointent, l'avis à chaud s'y donne."""
        self.code_presence = self.code_presence or tirer()

    @transition("etat", E.TENUE, E.EVALUEE, custom={"verbe": "Clore l'évaluation"})
    def evaluer(self) -> None:
        """Les avis sont lus ; sous le seuil, une reprise est proposée."""

    @transition(
        "etat", list(A_VENIR), E.ANNULEE, custom={"verbe": "Annuler la session", "motif_requis": True, "de_cote": True}
    )
    def annuler(self) -> None:
        """Elle n'aura pas lieu ; les inscrits sont prévenus."""

    @transition(
        "etat", E.ANNULEE, retour_a(E.PLANIFIEE), custom={"verbe": "Replanifier", "motif_requis": True, "de_cote": True}
    )
    def replanifier(self) -> None:
        """Annulée trop vite."""

    @transition(
        "etat",
        [E.TENUE, E.EVALUEE],
        retour_a(E.OUVERTE),
        custom={"verbe": "Revenir aux inscriptions", "motif_requis": True, "de_cote": True},
    )
    def revenir(self) -> None:
        """Dite tenue trop tôt."""


class InscriptionQuerySet(models.QuerySet):
    """Inscriptions."""

    def visibles_par(self, utilisateur: Any) -> "InscriptionQuerySet":
        """Celles des personnes d'un ESMS qu'il gère : elles portent des noms."""
        return self.filter(poste__parcours__in=parcours_geres(utilisateur).order_by().values("pk"))

    def inscrites(self) -> "InscriptionQuerySet":
        """Qui prennent une place."""
        return self.filter(statut=StatutInscription.INSCRIT)

    def en_attente(self) -> "InscriptionQuerySet":
        """En liste d'attente, dans l'ordre d'arrivée."""
        return self.filter(statut=StatutInscription.EN_ATTENTE).order_by("inscrite_le", "pk")

    def presentes(self) -> "InscriptionQuerySet":
        """Pointées présentes."""
        return self.filter(pointage=Pointage.PRESENT)

    def pour_lecture(self) -> "InscriptionQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("professionnel", "poste__metier", "poste__unite", "poste__parcours__esms")


class Inscription(models.Model):
    """Une personne à une session, au titre d'un de ses postes ; puis sa présence."""

    session = models.ForeignKey(SessionFormation, models.CASCADE, related_name="inscriptions")
    professionnel = models.ForeignKey(Professionnel, models.CASCADE, related_name="inscriptions")
    poste = models.ForeignKey(Poste, models.CASCADE, related_name="inscriptions")
    statut = models.CharField(
        "statut", max_length=10, choices=StatutInscription.choices, default=StatutInscription.INSCRIT
    )
    pointage = models.CharField("présence", max_length=10, choices=Pointage.choices, default=Pointage.NON_POINTE)
    inscrite_le = models.DateTimeField("inscrite le", default=timezone.now, editable=False)
    inscrite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="inscrite par"
    )
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True, editable=False)

    objects = InscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        ordering = ["session", "professionnel__tri", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(statut__in=StatutInscription.values), name="inscription_statut_connu"),
            models.CheckConstraint(condition=Q(pointage__in=Pointage.values), name="inscription_pointage_connu"),
            models.UniqueConstraint(
                fields=["session", "professionnel"],
                name="inscription_unique",
                violation_error_message="Cette personne est déjà inscrite à cette session.",
            ),
        ]
        indexes = [models.Index(fields=["session", "statut"], name="inscription_session")]

    def __str__(self) -> str:
        return f"{self.professionnel}, {self.session}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.poste.parcours


class AvisFormation(models.Model):
    """Un avis anonyme sur une session : ni compte, ni nom, ni heure. Notes de 1 à 5.

    `satisfaction` : « cette formation m'a été utile » ; `acquis` : « je saurais le faire demain ».
    """

    session = models.ForeignKey(SessionFormation, models.CASCADE, related_name="avis")
    moment = models.CharField("moment", max_length=8, choices=MomentAvis.choices)
    satisfaction = models.PositiveSmallIntegerField("satisfaction")
    acquis = models.PositiveSmallIntegerField("acquis")
    remarque = TexteLibreField("à revoir, à garder", max_length=600)
    depose_le = models.DateField("déposé le", default=timezone.localdate, editable=False)

    class Meta:
        verbose_name = "avis sur une formation"
        verbose_name_plural = "avis sur les formations"
        # Par contenu, jamais par ordre d'arrivée : le premier arrivé se reconnaîtrait.
        ordering = ["session", "moment", "satisfaction", "acquis", "remarque"]
        constraints = [
            models.CheckConstraint(condition=Q(moment__in=MomentAvis.values), name="avis_moment_connu"),
            models.CheckConstraint(
                condition=Q(satisfaction__range=(1, 5)) & Q(acquis__range=(1, 5)), name="avis_notes_de_1_a_5"
            ),
        ]
        indexes = [models.Index(fields=["session", "moment"], name="avis_session")]

    def __str__(self) -> str:
        return f"avis {self.get_moment_display().lower()}, {self.session}"
