"""Les demandes de paramétrage : possibles à tout état du parcours (métier §3, PEP 76)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, DateField, DurationField, ExpressionWrapper, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from programme.calculs.delais import jours
from programme.enums import AttenteDemande, EtatDemande, EtatParcours, IssueDemande
from programme.models.parcours import Parcours
from programme.models.referentiel import Module
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.dates import date_courte
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, exiger_choix, retour_a
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser

E = EtatDemande
OUVERTES = (E.OUVERTE, E.INSTRUITE)
CLOSES = (E.CLOSE, E.RETIREE)
EN_ATTENTE = {
    AttenteDemande.PROJET: "en attente du chef de projet",
    AttenteDemande.DIRECTION: "en attente de la direction",
    AttenteDemande.EDITEUR: "en attente de l'éditeur",
}
A_QUI = "Dites de qui la suite est attendue."
QUELLE_ISSUE = "Dites ce qui a été décidé."


def suite_de(etat: str, attente: str, issue: str) -> str:
    """« en attente de l'éditeur », ou l'issue ; vide si elle est retirée."""
    if etat in OUVERTES:
        return EN_ATTENTE[AttenteDemande(attente)]
    return str(IssueDemande(issue).label) if issue else ""


class DemandeParametrageQuerySet(ModeleAEtatsQuerySet):
    """Demandes de paramétrage."""

    def visibles_par(self, utilisateur: Any) -> "DemandeParametrageQuerySet":
        """Celles des ESMS dont il lit la préparation ; le financeur n'en lit aucune."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))

    def ouvertes(self) -> "DemandeParametrageQuerySet":
        """Ni closes, ni retirées."""
        return self.filter(etat__in=OUVERTES)

    def chercher(self, texte: str) -> "DemandeParametrageQuerySet":
        """Demandes dont l'intitulé porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def avec_rang(self) -> "DemandeParametrageQuerySet":
        """Ajoute `rang_etat`, l'ordre de la frise."""
        ordre = [When(etat=etat, then=Value(rang)) for rang, etat in enumerate(E)]
        return self.annotate(rang_etat=Case(*ordre, output_field=IntegerField()))

    def avec_duree(self, au: date) -> "DemandeParametrageQuerySet":
        """Ajoute `duree`, de l'ouverture à la clôture ou jusqu'à ce jour : de quoi trier par délai."""
        fin = Coalesce("close_le", Value(au, output_field=DateField()))
        return self.annotate(duree=ExpressionWrapper(fin - F("ouverte_le"), output_field=DurationField()))

    def pour_lecture(self) -> "DemandeParametrageQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("parcours__grappe", "parcours__esms", "module")


class DemandeParametrage(ModeleAEtats):
    """Ce qu'une équipe demande au paramétrage du DUI, et ce qu'on en a fait (PEP 76).

    `attente` : de qui vient la suite tant qu'elle est ouverte. `issue` et `close_le` se lisent quand elle est close.
    """

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="demandes", verbose_name="ESMS")
    libelle = TexteCourtField("demande", max_length=160)
    precision = TexteLibreField("précision", max_length=1000)
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="demandes")
    demandee_par = TexteCourtField("demandée par", max_length=120, blank=True)
    ouverte_le = models.DateField("ouverte le", default=timezone.localdate)
    creee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="demandes_creees")
    etat = champ_etat(EtatDemande, E.OUVERTE)
    attente = models.CharField(
        "en attente de", max_length=10, choices=AttenteDemande.choices, default=AttenteDemande.PROJET, editable=False
    )
    issue = models.CharField("issue", max_length=10, choices=IssueDemande.choices, blank=True, editable=False)
    close_le = models.DateField("close le", null=True, blank=True, editable=False)
    tri = models.CharField("tri", max_length=160, editable=False, default="", db_index=True)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "parcours__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("parcours__esms__departement", "parcours__grappe")

    objects = DemandeParametrageQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["close_le", "tri"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "demande de paramétrage"
        verbose_name_plural = "demandes de paramétrage"
        ordering = ["ouverte_le", "pk"]
        constraints = [
            etats_connus(EtatDemande, "demande_etat_connu"),
            models.CheckConstraint(condition=Q(attente__in=AttenteDemande.values), name="demande_attente_connue"),
            models.CheckConstraint(
                condition=Q(etat=E.CLOSE, issue__in=IssueDemande.values) | ~Q(etat=E.CLOSE) & Q(issue=""),
                name="demande_issue_si_close",
            ),
            models.CheckConstraint(
                condition=Q(close_le__isnull=True) | Q(close_le__gte=F("ouverte_le")), name="demande_delai"
            ),
        ]
        indexes = [models.Index(fields=["parcours", "etat"], name="demande_parcours")]

    def __str__(self) -> str:
        return self.libelle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.libelle)[:160]
        super().save(*args, **kwargs)

    @property
    def est_ouverte(self) -> bool:
        """Vrai tant qu'elle n'est ni close, ni retirée."""
        return self.etat in OUVERTES

    @property
    def suite(self) -> str:
        """De qui vient la suite, ou son issue."""
        return suite_de(self.etat, self.attente, self.issue)

    def delai(self, au: date) -> int:
        """Jours depuis son ouverture, jusqu'à sa clôture ou jusqu'à ce jour."""
        return jours(self.ouverte_le, self.close_le or au)

    @property
    def delai_a_ce_jour(self) -> int:
        """Jours depuis son ouverture, aujourd'hui."""
        return self.delai(timezone.localdate())

    @transition("etat", E.OUVERTE, E.INSTRUITE, custom={"verbe": "Instruire"})
    def instruire(self, attente: str = "", **_: Any) -> None:
        """Lue et comprise : on dit de qui vient la suite."""
        exiger_choix("attente", attente, AttenteDemande.values, A_QUI)
        self.attente = attente

    @transition("etat", list(OUVERTES), E.CLOSE, custom={"verbe": "Répondre et clore", "motif_requis": True})
    def conclure(self, issue: str = "", **_: Any) -> None:
        """Une réponse est donnée : la pratique, le réglage, l'éditeur ou le droit."""
        exiger_choix("issue", issue, IssueDemande.values, QUELLE_ISSUE)
        self.issue = issue

    @transition("etat", E.INSTRUITE, retour_a(E.OUVERTE), custom={"verbe": "Remettre à instruire", "de_cote": True})
    def revenir(self) -> None:
        """Instruite trop tôt."""
        self.attente = AttenteDemande.PROJET

    @transition(
        "etat", list(OUVERTES), E.RETIREE, custom={"verbe": "Retirer la demande", "motif_requis": True, "de_cote": True}
    )
    def retirer(self) -> None:
        """L'équipe n'en a plus besoin, et dit pourquoi."""

    @transition(
        "etat", list(CLOSES), retour_a(E.OUVERTE), custom={"verbe": "Rouvrir", "motif_requis": True, "de_cote": True}
    )
    def rouvrir(self) -> None:
        """La réponse ne tient pas : la demande reprend, et son délai avec elle."""
        self.issue, self.attente = "", AttenteDemande.PROJET

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """D'un ESMS sorti du projet, une demande se clôt ou se retire, mais ne se rouvre pas : on n'en écrit plus."""
        if transition == "rouvrir" and self.parcours.etat == EtatParcours.SORTI:
            return [Manque("sorti", "Un ESMS dans le projet", "cet ESMS est sorti du projet")]
        return []

    def faute_de_date(self, effet: date) -> str:
        """Rien ne lui arrive avant son ouverture."""
        if effet >= self.ouverte_le:
            return ""
        return f"Cette demande est ouverte depuis le {date_courte(self.ouverte_le)} : rien ne s'y est décidé avant."

    def apres_passage(self, passage: Any) -> None:
        """Tient le jour où elle a été close ou retirée ; la rouvrir l'efface."""
        # Par update() : cette date se déduit du journal, elle n'a pas d'histoire à elle.
        close_le = passage.date_effet if passage.vers in CLOSES else None
        DemandeParametrage.objects.filter(pk=self.pk).update(close_le=close_le)
