"""Le moment d'un ESMS : sa vague proposée, demandée, retenue ; ce qui occupe son calendrier (ANAP 3.5)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django_fsm import GET_STATE, transition
from simple_history.models import HistoricalRecords

from programme.calculs.capacite import Places
from programme.enums import A_ACCOMPAGNER, EtatMoment, EtatParcours, NatureConflit
from programme.models.grappes import Vague
from programme.models.parcours import Parcours
from programme.models.ressources import LigneDeParcoursQuerySet
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.dates import date_courte
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus

E = EtatMoment
EN_COURS = (E.A_DIRE, E.PROPOSE, E.DEMANDE, E.PORTE)
CONCLUS = (E.ACCEPTE, E.ARBITRE)


class MomentQuerySet(ModeleAEtatsQuerySet):
    """Échanges sur le moment d'un ESMS."""

    def visibles_par(self, utilisateur: Any) -> "MomentQuerySet":
        """Ceux des ESMS dont il lit la préparation."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))

    def en_cours(self) -> "MomentQuerySet":
        """Sans réponse encore, pour un ESMS toujours dans le projet."""
        return self.filter(etat__in=EN_COURS).exclude(parcours__etat=EtatParcours.SORTI)

    def attendent_la_direction(self) -> "MomentQuerySet":
        """Proposés par le chef de projet, sans réponse."""
        return self.en_cours().filter(etat=E.PROPOSE)

    def attendent_la_conduite(self) -> "MomentQuerySet":
        """Demandés par la direction, sans réponse."""
        return self.en_cours().filter(etat=E.DEMANDE)

    def portes_au_comop(self) -> "MomentQuerySet":
        """Les désaccords que le COMOP a à trancher, les plus anciens d'abord."""
        return self.en_cours().filter(etat=E.PORTE).order_by("ouvert_le", "pk")

    def pour_lecture(self) -> "MomentQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related(
            "parcours__esms__departement", "parcours__esms__og", "parcours__grappe", "parcours__vague"
        ).select_related("proposee", "demandee", "retenue", "ouvert_par")


class Moment(ModeleAEtats):
    """Un échange sur le moment d'un ESMS, d'une première proposition à la vague retenue ; le suivant en ouvre un autre.

    `proposee` : ce que propose le chef de projet. `demandee` : ce que demande la direction. `retenue` : ce qui vaut.
    """

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="moments", verbose_name="ESMS")
    proposee = models.ForeignKey(
        Vague, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="vague proposée"
    )
    demandee = models.ForeignKey(
        Vague, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="vague demandée"
    )
    retenue = models.ForeignKey(
        Vague, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="vague retenue", editable=False
    )
    mot = TexteLibreField("mot", max_length=300)
    reference = TexteCourtField("référence de la décision du COMOP", max_length=120, blank=True, editable=False)
    ouvert_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="moments_ouverts", verbose_name="ouvert par"
    )
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now, editable=False)
    etat = champ_etat(EtatMoment, E.A_DIRE)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "parcours__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("parcours__esms__departement", "parcours__grappe")

    objects = MomentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "moment d'un ESMS"
        verbose_name_plural = "moments des ESMS"
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            etats_connus(EtatMoment, "moment_etat_connu"),
            models.UniqueConstraint(fields=["parcours"], condition=Q(etat__in=EN_COURS), name="moment_un_a_la_fois"),
            models.CheckConstraint(
                condition=Q(proposee__isnull=False) | Q(demandee__isnull=False), name="moment_une_vague"
            ),
        ]
        indexes = [models.Index(fields=["etat", "parcours"], name="moment_par_etat")]

    def __str__(self) -> str:
        return f"{self.parcours}, {self.vague or 'moment à dire'}"

    @property
    def vague(self) -> Vague | None:
        """Celle dont on parle : retenue, à défaut demandée, à défaut proposée."""
        if self.retenue is not None:
            return self.retenue
        return self.proposee if self.etat == E.PROPOSE or self.demandee is None else self.demandee

    @property
    def prochaine(self) -> str:
        """Le geste qu'on attend ; les autres se montrent en second."""
        return {E.PROPOSE: "accepter", E.DEMANDE: "accorder", E.PORTE: "arbitrer"}.get(E(self.etat), "")

    @property
    def est_en_cours(self) -> bool:
        """Vrai tant que personne n'a tranché."""
        return self.etat in EN_COURS

    @transition("etat", [E.A_DIRE, E.DEMANDE], E.PROPOSE, custom={"verbe": "Proposer une autre vague"})
    def proposer(self, vague: Vague | None = None, **_: Any) -> None:
        """Le chef de projet propose ; la direction répondra."""
        self.proposee = vague or self.proposee or self.demandee

    @transition(
        "etat",
        [E.A_DIRE, E.PROPOSE],
        E.DEMANDE,
        custom={"verbe": "Demander une autre vague", "motif_requis_depuis": (E.PROPOSE,)},
    )
    def demander(self, vague: Vague | None = None, **_: Any) -> None:
        """La direction en demande une ; le chef de projet répondra."""
        self.demandee = vague or self.demandee or self.proposee

    @transition("etat", E.A_DIRE, E.ACCEPTE, custom={"verbe": "Choisir cette vague"})
    def choisir(self) -> None:
        """La direction choisit, il y a de la place."""
        self.retenue = self.demandee or self.proposee

    @transition("etat", E.PROPOSE, E.ACCEPTE, custom={"verbe": "Accepter cette vague"})
    def accepter(self) -> None:
        """La direction accepte ce qui lui est proposé."""
        self.retenue = self.proposee or self.demandee

    @transition("etat", E.DEMANDE, E.ACCEPTE, custom={"verbe": "Accorder la vague demandée"})
    def accorder(self) -> None:
        """Le chef de projet accorde ce qui lui est demandé."""
        self.retenue = self.demandee or self.proposee

    @transition("etat", E.DEMANDE, E.PORTE, custom={"verbe": "Porter au COMOP", "motif_requis": True})
    def porter(self) -> None:
        """Désaccord : le COMOP tranchera."""

    @transition("etat", E.PORTE, E.ARBITRE, custom={"verbe": "Consigner l'arbitrage", "motif_requis": True})
    def arbitrer(self, vague: Vague | None = None, reference: str = "", **_: Any) -> None:
        """Ce que le COMOP a retenu, et où c'est écrit."""
        self.retenue = vague or self.demandee or self.proposee
        self.reference = reference

    @transition(
        "etat",
        E.PORTE,
        GET_STATE(lambda self, **_: E.DEMANDE, states=[E.DEMANDE]),
        custom={"verbe": "Reprendre la discussion", "de_cote": True},
    )
    def revenir(self) -> None:
        """On s'est reparlé : le COMOP n'a plus à trancher."""

    @transition("etat", E.PROPOSE, E.RETIRE, custom={"verbe": "Retirer la proposition", "de_cote": True})
    def retirer(self) -> None:
        """Le chef de projet retire sa proposition."""

    @transition("etat", E.DEMANDE, E.RETIRE, custom={"verbe": "Renoncer à la demande", "de_cote": True})
    def renoncer(self) -> None:
        """La direction renonce à sa demande."""

    @transition(
        "etat",
        [E.A_DIRE, E.PROPOSE, E.DEMANDE, E.PORTE],
        E.CLASSE,
        custom={"verbe": "Classer sans suite", "motif_requis": True, "de_cote": True},
    )
    def classer(self) -> None:
        """La vague s'est décidée ailleurs, ou la question ne se pose plus."""

    def est_pleine(self, vague: Vague | None, *, promises: bool = False) -> bool:
        """Vrai si cette vague n'a plus de place pour cet ESMS, les autres comptés.

        `promises` : une place proposée à une autre direction, qui n'a pas encore répondu, est une place prise.
        """
        if vague is None:
            return False
        autres = Parcours.objects.exclude(pk=self.parcours_id)
        prises = set(autres.prenant_place(vague).order_by().values_list("pk", flat=True))
        if promises:
            sollicites = autres.filter(moments__etat=E.PROPOSE, moments__proposee=vague, etat__in=A_ACCOMPAGNER)
            prises |= set(sollicites.order_by().values_list("pk", flat=True))
        return Places(vague.capacite, len(prises)).pleine

    def consequence(self, transition: str) -> str:
        """Qui lira, et ce qui changera pour l'ESMS."""
        if transition == "porter":
            return "Les membres du COMOP liront votre motif."
        if transition in ("accepter", "accorder") and self.vague:
            return f"La {self.vague} devient celle de {self.parcours} ; une autre pourra se choisir ensuite."
        return ""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne choisit pas seul une vague pleine ; on ne choisit pas pour un ESMS sorti du projet."""
        if transition == "choisir" and self.est_pleine(self.vague):
            return [Manque("vague_pleine", "Une place dans la vague", f"la {self.vague} est pleine")]
        if transition not in ("classer", "retirer", "renoncer") and self.parcours.etat == EtatParcours.SORTI:
            return [Manque("sorti", "Un ESMS dans le projet", "cet ESMS est sorti du projet")]
        return []

    def motif_propre(self, transition: str, effet: date, details: dict[str, Any]) -> str:
        """Accorder, ou proposer, une place que la vague n'a pas se justifie."""
        vague = details.get("vague") or self.vague
        if vague is None or transition not in ("accorder", "proposer") or not self.est_pleine(vague, promises=True):
            return ""
        geste = "l'accordez" if transition == "accorder" else "la proposez"
        pleine = "est pleine" if self.est_pleine(vague) else "sera pleine si les directions déjà sollicitées acceptent"
        phrase = f"La {vague} {pleine} ({vague.capacite} ESMS à la fois)"
        return f"{phrase} : dites en une ligne pourquoi vous {geste} quand même."

    def apres_passage(self, passage: Any) -> None:
        """Une vague retenue devient celle de l'ESMS ; l'historique de sa fiche dit par qui."""
        if self.etat not in CONCLUS or self.retenue_id is None:
            return
        parcours = Parcours.objects.select_for_update(of=("self",)).get(pk=self.parcours_id)
        if parcours.vague_id != self.retenue_id:
            parcours.vague_id = self.retenue_id
            signe: Any = parcours
            signe._history_user = passage.par
            parcours.save(update_fields=["vague"])


class ConflitCalendrier(models.Model):
    """Ce qui occupe déjà l'ESMS : une période, dite par lui. Sans fin : un seul jour."""

    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="conflits", verbose_name="ESMS")
    nature = models.CharField("nature", max_length=12, choices=NatureConflit.choices)
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)
    note = TexteCourtField("précision", max_length=200, blank=True)

    objects = LigneDeParcoursQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "conflit de calendrier"
        verbose_name_plural = "conflits de calendrier"
        ordering = ["debut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="conflit_dates",
                violation_error_message="La fin précède le début : corrigez l'une des deux dates.",
            )
        ]
        indexes = [models.Index(fields=["parcours", "debut"], name="conflit_par_esms")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.quand}"

    @property
    def premier_jour(self) -> date:
        """Début."""
        return self.debut

    @property
    def dernier_jour(self) -> date:
        """Fin, ou le jour même."""
        return self.fin or self.debut

    @property
    def quand(self) -> str:
        """« le 3 févr. 2027 », « du 3 févr. au 5 févr. 2027 »."""
        if self.fin is None or self.fin == self.debut:
            return f"le {date_courte(self.debut)}"
        return f"du {date_courte(self.debut)} au {date_courte(self.fin)}"
