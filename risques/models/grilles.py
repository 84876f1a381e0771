"""Une grille de réponses : d'une personne, d'une réunion ou du consensus ; ce qu'elle fige quand on la transmet."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from programme.models import Grappe, Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus
from risques.calculs.notation import Resultat, noter
from risques.calculs.reponses import Note, Reponses, SectionNotee, questions_posees, reduire
from risques.enums import EtatCampagne, EtatGrille, NatureGrille, Regard
from risques.models.campagnes import Evaluation
from risques.models.partages import confiees
from risques.models.questionnaires import Question, Section

E = EtatGrille
A_REMPLIR = (E.A_REPONDRE, E.COMMENCEE, E.PRECISION)
TRANSMISES = (E.TRANSMISE, E.VALIDEE)
LA_PERSONNE = "la personne désignée"


class GrilleQuerySet(ModeleAEtatsQuerySet):
    """Grilles de réponses."""

    def visibles_par(self, utilisateur: Any) -> "GrilleQuerySet":
        """Celles des ESMS et des grappes dont il est ; jamais en financeur. Les réponses : `lisibles_par`."""
        return self.filter(confiees(utilisateur, "evaluation__parcours", "evaluation__campagne__grappe"))

    def lisibles_par(self, utilisateur: Any) -> "GrilleQuerySet":
        """Celles dont il lit les réponses : la sienne ; s'il l'a transmise, celles des autres, transmises aussi.

        On ne lit pas la réponse d'un autre, ni d'une réunion dont on tient la plume, avant d'avoir donné la sienne :
        elle en serait l'écho.
        """
        attendues = Grille.objects.attendues_de(utilisateur).order_by().values("evaluation")
        tenue = Q(evaluateur=utilisateur)
        en_personne = tenue & Q(nature=NatureGrille.INDIVIDUELLE)
        des_autres = (Q(etat__in=TRANSMISES) | tenue) & ~Q(evaluation__in=attendues)
        return self.visibles_par(utilisateur).filter(en_personne | des_autres)

    def attendues_de(self, utilisateur: Any) -> "GrilleQuerySet":
        """Les siennes, en personne, pas encore transmises : d'ici là, celles des autres lui restent fermées.

        La seule écriture de l'embargo. Clore la campagne ne le lève pas : rouverte, sa réponse serait l'écho.
        """
        return self.filter(evaluateur=utilisateur, etat__in=A_REMPLIR, nature=NatureGrille.INDIVIDUELLE)

    def a_remplir(self) -> "GrilleQuerySet":
        """Ni transmises, ni validées, d'une campagne ouverte."""
        return self.filter(etat__in=A_REMPLIR, evaluation__campagne__etat=EtatCampagne.OUVERTE)

    def transmises(self) -> "GrilleQuerySet":
        """Transmises, validées ou non."""
        return self.filter(etat__in=TRANSMISES)

    def demandees(self) -> "GrilleQuerySet":
        """Celles qu'on attend de quelqu'un : d'une personne ou d'une réunion ; le consensus vient après."""
        return self.exclude(nature=NatureGrille.CONSENSUS)

    def deja_lues(self) -> "GrilleQuerySet":
        """Celles que quelqu'un d'autre a pu lire : transmises un jour, ou remplies à plusieurs."""
        en_personne = Q(nature=NatureGrille.INDIVIDUELLE)
        return self.exclude(etat=E.A_REPONDRE).exclude(en_personne & Q(etat=E.COMMENCEE))

    def pour_lecture(self) -> "GrilleQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related(
            "evaluateur",
            "evaluation__parcours__esms__departement",
            "evaluation__campagne__grappe",
            "evaluation__campagne__version_posee__questionnaire",
        )


class Grille(ModeleAEtats):
    """Les réponses d'une personne (ou d'une réunion, ou du consensus) sur un objet.

    `evaluateur` : qui la remplit ; en réunion et pour un consensus, qui tient la plume. `sections` : celles qu'on lui
    confie, toutes s'il n'y en a aucune. `participants`, `tenue_le` : pour une réunion ou un consensus ; `pourquoi` :
    un consensus qui ne confronte pas deux réponses le justifie.
    """

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="grilles", verbose_name="évaluation")
    nature = models.CharField("nature", max_length=12, choices=NatureGrille.choices, default=NatureGrille.INDIVIDUELLE)
    regard = models.CharField("regard", max_length=10, choices=Regard.choices, default=Regard.AUTRE)
    evaluateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="grilles", verbose_name="évaluateur"
    )
    sections = models.ManyToManyField(Section, blank=True, related_name="grilles", verbose_name="sections confiées")
    participants = TexteCourtField("participants", max_length=300, blank=True)
    pourquoi = TexteCourtField("pourquoi sans deux réponses", max_length=200, blank=True)
    tenue_le = models.DateField("tenue le", null=True, blank=True)
    designee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="désignée par"
    )
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatGrille, E.A_REPONDRE)

    chemin_parcours: ClassVar[str | None] = "evaluation__parcours_id"
    chemin_grappe: ClassVar[str | None] = "evaluation__campagne__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = (
        "evaluateur",
        "evaluation__parcours__esms__departement",
        "evaluation__campagne__grappe",
    )

    objects = GrilleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "grille de réponses"
        verbose_name_plural = "grilles de réponses"
        ordering = ["evaluation", "nature", "pk"]
        constraints = [
            etats_connus(EtatGrille, "grille_etat_connu"),
            models.CheckConstraint(condition=Q(nature__in=NatureGrille.values), name="grille_nature_connue"),
            models.CheckConstraint(condition=Q(regard__in=Regard.values), name="grille_regard_connu"),
            models.UniqueConstraint(
                fields=["evaluation", "evaluateur"],
                condition=Q(nature=NatureGrille.INDIVIDUELLE),
                name="grille_une_par_personne",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "nature"],
                condition=~Q(nature=NatureGrille.INDIVIDUELLE),
                name="grille_une_par_nature",
            ),
        ]
        indexes = [models.Index(fields=["evaluateur", "etat"], name="grille_evaluateur")]

    def __str__(self) -> str:
        qui = str(self.evaluateur) if self.nature == NatureGrille.INDIVIDUELLE else self.get_nature_display()
        return f"{self.evaluation}, {qui}"

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.evaluation.objet

    @property
    def est_a_remplir(self) -> bool:
        """Vrai tant qu'on peut y écrire : campagne ouverte, pas encore transmise."""
        return self.etat in A_REMPLIR and self.evaluation.campagne.etat == EtatCampagne.OUVERTE

    @property
    def est_partielle(self) -> bool:
        """Vrai si on ne lui a confié que certaines sections : elle n'a pas de total à elle seule."""
        return bool(self.sections.all())

    def sections_posees(self) -> list[SectionNotee]:
        """Les sections que pose la campagne, réduites à celles qui lui sont confiées."""
        posees = self.evaluation.campagne.sections_posees()
        confiees_ici = {s.code for s in self.sections.all()}
        if not confiees_ici:
            return posees
        return reduire(posees, [q.code for s in posees if s.code in confiees_ici for q in s.questions])

    def notes(self) -> Reponses:
        """Ses réponses, par code de question."""
        return {r.question.code: Note(r.valeur, r.sans_objet) for r in self.reponses.select_related("question")}

    def resultat(self) -> Resultat:
        """Ce qu'elle dit, en maîtrise."""
        return noter(self.sections_posees(), self.notes(), self.evaluation.campagne.version_posee.total)

    @transition("etat", E.A_REPONDRE, E.COMMENCEE, custom={"verbe": "Commencer", "aussi": LA_PERSONNE})
    def commencer(self) -> None:
        """Une première réponse est enregistrée."""

    @transition(
        "etat",
        [E.A_REPONDRE, E.COMMENCEE, E.PRECISION],
        E.TRANSMISE,
        custom={"verbe": "Transmettre", "aussi": LA_PERSONNE, "annonce": "Vos réponses sont transmises."},
    )
    def transmettre(self) -> None:
        """« Enregistré » n'est pas « transmis » : les réponses se figent et se lisent."""

    @transition(
        "etat",
        [E.TRANSMISE, E.VALIDEE],
        E.PRECISION,
        custom={
            "verbe": "Demander une précision",
            "motif_requis": True,
            "de_cote": True,
            "annonce": "Votre question est posée : la grille se rouvre, ce qui était transmis reste.",
        },
    )
    def demander_precision(self) -> None:
        """Une réponse n'est pas claire : la grille se rouvre, ce qui était transmis reste."""

    @transition("etat", E.TRANSMISE, E.VALIDEE, custom={"verbe": "Valider", "annonce": "Ces réponses sont validées."})
    def valider(self) -> None:
        """Lue, et tenue pour bonne."""

    def consequence(self, transition: str) -> str:
        """Qui lira."""
        if transition == "transmettre":
            return (
                "Vos réponses se figent. Les liront : le chef de projet, la direction concernée, et les autres "
                "évaluateurs qui ont transmis les leurs. Le financeur ne les lit pas."
            )
        return ""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """Rien ne bouge d'une campagne qui n'est pas ouverte ; on ne transmet ni grille vide, ni réunion sans qui.

        Close, valider ou rouvrir une grille changerait un résultat passé, et elle ne se remplirait plus.
        """
        manques = []
        if self.evaluation.campagne.etat != EtatCampagne.OUVERTE:
            etat = self.evaluation.campagne.get_etat_display().lower()
            manques.append(Manque("campagne", "Une campagne ouverte", f"la campagne est {etat}"))
        if transition == "transmettre" and not self.reponses.dites().exists():
            manques.append(Manque("reponses", "Au moins une réponse", "aucune réponse"))
        collective = self.nature != NatureGrille.INDIVIDUELLE
        if transition == "transmettre" and collective and not (self.participants and self.tenue_le):
            manques.append(Manque("participants", "Qui était là, et quand", "participants ou date absents"))
        return manques

    def apres_passage(self, passage: Any) -> None:
        """Transmettre fige : l'instantané dit les réponses et leur total, tels que lus ce jour."""
        if passage.transition == "transmettre":
            Instantane.figer(self, passage)


class ReponseQuerySet(models.QuerySet):
    """Réponses."""

    def dites(self) -> "ReponseQuerySet":
        """Celles qui disent quelque chose : une note ou « sans objet »."""
        return self.filter(Q(valeur__isnull=False) | Q(sans_objet=True))


class Reponse(models.Model):
    """Une réponse : une note de l'échelle, ou « sans objet », et un mot. `version` : de quoi ne rien écraser."""

    grille = models.ForeignKey(Grille, models.CASCADE, related_name="reponses")
    question = models.ForeignKey(Question, models.PROTECT, related_name="reponses")
    valeur = models.SmallIntegerField("note", null=True, blank=True)
    sans_objet = models.BooleanField("sans objet", default=False)
    mot = TexteLibreField("commentaire", max_length=500)
    version = models.PositiveIntegerField("version", default=1)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    le = models.DateTimeField("enregistrée le", default=timezone.now)

    objects = ReponseQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse"
        ordering = ["grille", "question"]
        constraints = [
            models.UniqueConstraint(fields=["grille", "question"], name="reponse_unique"),
            models.CheckConstraint(condition=Q(sans_objet=False) | Q(valeur__isnull=True), name="reponse_note_ou_rien"),
        ]

    def __str__(self) -> str:
        if self.sans_objet:
            return "sans objet"
        return "" if self.valeur is None else str(self.valeur)


class Instantane(models.Model):
    """Ce qu'une grille disait le jour où on l'a transmise : figé, un par transmission.

    `contenu` : textes, réponses et résultat, lisibles sans rien d'autre ; `total` : à l'écran, en maîtrise.
    """

    grille = models.ForeignKey(Grille, models.PROTECT, related_name="instantanes")
    rang = models.PositiveSmallIntegerField("rang")
    le = models.DateField("transmis le")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    contenu = models.JSONField("contenu")
    total = models.DecimalField("total", max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "instantané d'une grille"
        verbose_name_plural = "instantanés des grilles"
        ordering = ["grille", "rang"]
        constraints = [models.UniqueConstraint(fields=["grille", "rang"], name="instantane_rang_unique")]

    def __str__(self) -> str:
        return f"{self.grille}, transmise le {self.le:%d/%m/%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """S'écrit une fois ; lève `ValueError` si l'on veut le réécrire."""
        if not self._state.adding:
            raise ValueError("Un instantané ne se réécrit pas.")
        super().save(*args, **kwargs)

    @classmethod
    def figer(cls, grille: Grille, passage: Any) -> "Instantane":
        """Écrit ce que dit la grille à ce passage : textes, réponses, résultat, lisibles sans rien d'autre."""
        resultat = grille.resultat()
        total = None if grille.est_partielle else resultat.total
        return cls.objects.create(
            grille=grille,
            rang=grille.instantanes.count() + 1,
            le=passage.date_effet,
            par=passage.par,
            contenu=_contenu(grille, resultat),
            total=None if total is None else round(total, 2),
        )


def _contenu(grille: Grille, resultat: Resultat) -> dict[str, Any]:
    campagne = grille.evaluation.campagne
    posees = questions_posees(grille.sections_posees(), grille.notes())
    reponses = [
        {
            "code": r.question.code,
            "section": r.question.section.code,
            "enonce": r.question.enonce,
            "valeur": r.valeur,
            "sans_objet": r.sans_objet,
            "mot": r.mot,
        }
        for r in grille.reponses.dites()
        .select_related("question__section")
        .order_by("question__section__rang", "question")
        if r.question.code in posees
    ]
    return {
        "questionnaire": campagne.version_posee.questionnaire.code,
        "version": campagne.version_posee.numero,
        "regard": grille.regard,
        "participants": grille.participants,
        "tenue_le": grille.tenue_le.isoformat() if grille.tenue_le else None,
        "sections": [
            {"code": s.code, "nom": s.nom, "valeur": s.affiche, "sur": float(s.sur), "n": s.n}
            for s in resultat.sections
        ],
        "reponses": reponses,
    }
