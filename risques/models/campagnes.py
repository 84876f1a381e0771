"""Une campagne : une version posée à une grappe ou à chacun de ses ESMS, jusqu'à une échéance."""

from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_create_with_history

from programme.enums import Role, Titre
from programme.models import Affectation, Grappe, Parcours
from programme.socle.champs import TexteCourtField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.nombres import accorde
from programme.socle.recherche import compte_par, mots_contenus
from programme.socle.texte import normaliser
from risques.calculs.avancement import RENDUES
from risques.calculs.reponses import SectionNotee
from risques.enums import EtatCampagne, EtatVersion, NatureGrille, PhaseCampagne, PorteeCampagne, Regard
from risques.models.partages import confiees, partagees
from risques.models.questionnaires import VersionQuestionnaire

E = EtatCampagne
EN_COURS = (E.PREPAREE, E.OUVERTE)
_RANG_DU_TITRE = {titre: rang for rang, titre in enumerate(Titre.values)}


def avancement_de(transmises: int, attendues: int) -> str:
    """« 12 transmises sur 18 » ; vide si l'on n'attend personne, ou si le lecteur n'en voit rien."""
    return f"{accorde(transmises, 'transmise')} sur {attendues}" if attendues else ""


class CampagneQuerySet(ModeleAEtatsQuerySet):
    """Campagnes."""

    def visibles_par(self, utilisateur: Any) -> "CampagneQuerySet":
        """Celles d'une grappe dont il est, et celles où il voit une évaluation."""
        return self._ou_il_est(utilisateur, Evaluation.objects.visibles_par(utilisateur))

    def de_pres(self, utilisateur: Any) -> "CampagneQuerySet":
        """Les mêmes, sans ce qu'un partage lui ouvre : il en lit l'histoire, et où en est chacun."""
        return self._ou_il_est(utilisateur, Evaluation.objects.confiees_a(utilisateur))

    def _ou_il_est(self, utilisateur: Any, evaluations: "EvaluationQuerySet") -> "CampagneQuerySet":
        if utilisateur.perimetre.sauf(Role.ARS).est_national:
            return self
        siennes = Grappe.objects.de_pres(utilisateur).order_by().values("pk")
        return self.filter(Q(grappe__in=siennes) | Q(pk__in=evaluations.order_by().values("campagne")))

    def ouvertes(self) -> "CampagneQuerySet":
        """Celles où l'on répond."""
        return self.filter(etat=E.OUVERTE)

    def en_cours(self) -> "CampagneQuerySet":
        """Préparées ou ouvertes : elles demandent, ou vont demander."""
        return self.filter(etat__in=EN_COURS)

    def en_retard(self, au: date) -> "CampagneQuerySet":
        """Ouvertes, l'échéance passée."""
        return self.ouvertes().filter(echeance__lt=au)

    def avec_avancement(self, utilisateur: Any) -> "CampagneQuerySet":
        """Ajoute `nb_transmises`, `nb_attendues` : les grilles qu'il voit, consensus à part, et qui n'en a pas."""
        grilles = apps.get_model("risques", "Grille").objects.visibles_par(utilisateur)
        demandees = grilles.exclude(nature=NatureGrille.CONSENSUS)
        evaluations = Evaluation.objects.confiees_a(utilisateur)
        sans = evaluations.exclude(Exists(demandees.filter(evaluation=OuterRef("pk"))))
        return self.annotate(
            nb_transmises=compte_par("evaluation__campagne", demandees.transmises()),
            nb_attendues=compte_par("evaluation__campagne", demandees) + compte_par("campagne", sans),
        )

    def avec_questions(self) -> "CampagneQuerySet":
        """Ajoute `nb_questions`, `nb_etoilees` : celles de la version posée."""
        question = apps.get_model("risques", "Question")
        posees = question.objects.filter(section__version=OuterRef("version_posee")).order_by()
        nombre = models.Count("pk")
        lues = posees.values("section__version")
        return self.annotate(
            nb_questions=models.Subquery(lues.annotate(n=nombre).values("n")),
            nb_etoilees=models.Subquery(lues.filter(etoilee=True).annotate(n=nombre).values("n")),
        )

    def chercher(self, texte: str) -> "CampagneQuerySet":
        """Campagnes dont le nom porte tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def pour_lecture(self) -> "CampagneQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related("grappe", "version_posee__questionnaire", "version_posee__grappe")


class Campagne(ModeleAEtats):
    """Une version de questionnaire, posée à une population connue : la grappe une fois, ou chacun de ses ESMS.

    `etoilees` : seules les questions étoilées se posent (fin de phase).
    """

    grappe = models.ForeignKey(Grappe, models.PROTECT, related_name="campagnes")
    version_posee = models.ForeignKey(
        VersionQuestionnaire, models.PROTECT, related_name="campagnes", verbose_name="version du questionnaire"
    )
    nom = TexteCourtField("nom", max_length=120)
    phase = models.CharField("phase", max_length=14, choices=PhaseCampagne.choices, default=PhaseCampagne.DEMARRAGE)
    portee = models.CharField("portée", max_length=8, choices=PorteeCampagne.choices)
    etoilees = models.BooleanField("les questions étoilées seulement", default=False)
    echeance = models.DateField("échéance", null=True, blank=True)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="campagnes_creees", verbose_name="créée par"
    )
    creee_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    etat = champ_etat(EtatCampagne, E.PREPAREE)
    tri = models.CharField("tri", max_length=120, editable=False, default="", db_index=True)

    chemin_grappe: ClassVar[str | None] = "grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("grappe", "version_posee__questionnaire")

    objects = CampagneQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["tri"])

    class Meta:
        base_manager_name = "objects"
        verbose_name = "campagne"
        ordering = ["-creee_le", "-pk"]
        constraints = [
            etats_connus(EtatCampagne, "campagne_etat_connu"),
            models.CheckConstraint(condition=Q(portee__in=PorteeCampagne.values), name="campagne_portee_connue"),
            models.CheckConstraint(condition=Q(phase__in=PhaseCampagne.values), name="campagne_phase_connue"),
        ]
        indexes = [models.Index(fields=["grappe", "etat"], name="campagne_grappe")]

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche et de tri à jour."""
        self.tri = normaliser(self.nom)[:120]
        super().save(*args, **kwargs)

    @property
    def rattache_a(self) -> Grappe:
        """Ce qui dit son périmètre."""
        return self.grappe

    @property
    def avancement(self) -> str:
        """Ce qu'ont rendu ceux à qui l'on demande ; lit ce que pose `avec_avancement()`."""
        return avancement_de(getattr(self, "nb_transmises", 0), getattr(self, "nb_attendues", 0))

    @property
    def est_preparee(self) -> bool:
        """Vrai tant que tout se corrige : personne ne répond encore."""
        return self.etat == E.PREPAREE

    def sections_posees(self) -> list[SectionNotee]:
        """Les sections et les questions qu'elle pose."""
        return self.version_posee.sections_notees(etoilees=self.etoilees)

    def est_en_retard(self, au: date) -> bool:
        """Vrai si elle est ouverte et son échéance passée."""
        return self.etat == E.OUVERTE and self.echeance is not None and self.echeance < au

    def consequence(self, transition: str) -> str:
        """Qui est prévenu, ce qui reste."""
        if transition == "ouvrir":
            d_office = (
                " La direction de chaque ESMS est désignée d'office." if self.portee == PorteeCampagne.ESMS else ""
            )
            if not d_office and self._sans_personne():
                return "Personne n'est désigné : ouverte ainsi, elle ne demande rien à personne."
            return f"Chaque évaluateur désigné la trouve dans son « À faire ».{d_office}"
        if transition == "clore":
            return "Plus personne ne répond, même qui avait commencé ; ce qui est écrit reste lisible."
        return ""

    def _sans_personne(self) -> bool:
        grilles = apps.get_model("risques", "Grille").objects.demandees()
        return not grilles.filter(evaluation__campagne=self.pk).exists()

    @transition("etat", E.PREPAREE, E.OUVERTE, custom={"verbe": "Ouvrir la campagne"})
    def ouvrir(self) -> None:
        """Les évaluateurs désignés peuvent répondre ; l'accueil le leur dit."""

    @transition("etat", E.OUVERTE, E.CLOSE, custom={"verbe": "Clore la campagne"})
    def clore(self) -> None:
        """Plus personne ne répond ; les réponses restent."""

    @transition(
        "etat",
        E.CLOSE,
        retour_a(E.OUVERTE),
        custom={"verbe": "Rouvrir la campagne", "motif_requis": True, "de_cote": True},
    )
    def rouvrir(self) -> None:
        """Close trop tôt."""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On n'ouvre que sur une version publiée, si l'on sait à qui l'on demande, et sans dépasser leur temps."""
        if transition != "ouvrir":
            return []
        manques = []
        if self.version_posee.etat != EtatVersion.PUBLIEE:
            etat = self.version_posee.get_etat_display().lower()
            manques.append(Manque("version", "Une version publiée", f"{self.version_posee} : {etat}"))
        if not self.evaluations.exists():
            manques.append(Manque("population", "Une population à interroger", "aucun ESMS choisi"))
        # Le budget lit la checklist et les autres campagnes : ce module-là connaît celui-ci.
        from risques.budget import refus_de

        if trop := refus_de(self):
            manques.append(Manque("budget", "Un temps de saisie qui tient par ESMS", trop))
        return manques

    def apres_passage(self, passage: Any) -> None:
        """À l'ouverture, la direction de chaque ESMS est désignée d'office."""
        if passage.transition == "ouvrir" and self.portee == PorteeCampagne.ESMS:
            self._designer_les_directions(passage)

    def _designer_les_directions(self, passage: Any) -> None:
        """Désigne la direction en fonction de chaque ESMS, là où aucune direction ne l'est ; en titre d'abord.

        Un poste vacant reste sans évaluateur. Nombre constant de requêtes, l'historique compris.
        """
        # Ici et non dans un service : la campagne s'ouvre par la page de passage, qui ne connaît que le modèle, et
        # ouvrir sans désigner n'a pas de sens.
        grille = apps.get_model("risques", "Grille")
        deja = grille.objects.filter(evaluation__campagne=self, nature=NatureGrille.INDIVIDUELLE)
        servies = set(deja.filter(regard=Regard.DIRECTION).values_list("evaluation", flat=True))
        connues = set(deja.values_list("evaluation", "evaluateur"))
        esms = dict(self.evaluations.filter(parcours__isnull=False).values_list("pk", "parcours__esms"))
        attendent = {cle: de for cle, de in esms.items() if cle not in servies}
        tenues = Affectation.objects.en_cours(timezone.localdate()).de_direction()
        actives = tenues.filter(utilisateur__is_active=True).select_related("utilisateur")
        par_esms = actives.par_esms(set(attendent.values()))
        grilles = []
        for cle, de in attendent.items():
            tenants = sorted(par_esms[de], key=lambda a: (_RANG_DU_TITRE[a.titre], a.du, a.pk))
            if tenants and (cle, tenants[0].utilisateur_id) not in connues:
                qui = tenants[0].utilisateur
                grilles.append(
                    grille(evaluation_id=cle, regard=Regard.DIRECTION, evaluateur=qui, designee_par=passage.par)
                )
        bulk_create_with_history(grilles, grille, default_user=passage.par)


def _grilles() -> Any:
    return apps.get_model("risques", "Grille").objects.order_by()


def _collectives() -> Any:
    """Une réunion ou un consensus transmis, pour l'évaluation qu'on filtre."""
    transmises = _grilles().transmises().filter(evaluation=OuterRef("pk"))
    return transmises.exclude(nature=NatureGrille.INDIVIDUELLE)


def _deux_entieres() -> Any:
    """Deux réponses individuelles transmises, sur toutes les sections : une part confiée ne dit que la sienne."""
    entieres = _grilles().transmises().filter(nature=NatureGrille.INDIVIDUELLE, sections__isnull=True)
    autre = entieres.filter(evaluation=OuterRef("evaluation"), pk__gt=OuterRef("pk"))
    return entieres.filter(Exists(autre), evaluation=OuterRef("pk"))


class EvaluationQuerySet(models.QuerySet):
    """Évaluations."""

    def visibles_par(self, utilisateur: Any) -> "EvaluationQuerySet":
        """De grappe : à qui en est ; d'ESMS : à qui lit sa préparation. Le financeur : ce qu'un partage lui ouvre."""
        return self.filter(
            confiees(utilisateur, "parcours", "campagne__grappe")
            | partagees(
                utilisateur, "parcours", "campagne__grappe", objet="campagne__version_posee__questionnaire__objet"
            )
        )

    def confiees_a(self, utilisateur: Any) -> "EvaluationQuerySet":
        """Les mêmes, sans ce qu'un partage lui ouvre."""
        return self.filter(confiees(utilisateur, "parcours", "campagne__grappe"))

    def a_rendre_par(self, utilisateur: Any) -> "EvaluationQuerySet":
        """Celles où l'on attend encore sa propre réponse : le résultat des autres en serait l'écho."""
        return self.filter(Exists(_grilles().attendues_de(utilisateur).filter(evaluation=OuterRef("pk"))))

    def concertees(self) -> "EvaluationQuerySet":
        """Celles dont le résultat n'est la réponse de personne : retenu à plusieurs, ou fait de deux au moins."""
        return self.filter(Exists(_collectives()) | Exists(_deux_entieres()))

    def detaillees_a(self, utilisateur: Any) -> "EvaluationQuerySet":
        """Celles où il lit la réponse de chacun : il y conduit ou y répond, et n'a plus la sienne à rendre."""
        p = utilisateur.perimetre
        conduit = Q(campagne__grappe__in=p.seul(Role.CHEF_PROJET).grappes)
        dirige = Q(parcours__esms__in=p.seul(Role.DIRECTEUR).esms)
        repond = Exists(_grilles().filter(evaluation=OuterRef("pk"), evaluateur=utilisateur))
        siennes = self.confiees_a(utilisateur).filter(conduit | dirige | repond)
        return siennes.exclude(pk__in=Evaluation.objects.a_rendre_par(utilisateur).order_by().values("pk"))

    def rendues_a(self, utilisateur: Any) -> "EvaluationQuerySet":
        """Celles dont il lit le résultat : une réponse suffit à qui les lit une à une, il en faut plusieurs aux autres.

        Par un partage, une moyenne attend en plus que tous aient transmis.
        """
        detaillees = Q(pk__in=Evaluation.objects.detaillees_a(utilisateur).order_by().values("pk"))
        confiee = confiees(utilisateur, "parcours", "campagne__grappe")
        manquent = _grilles().filter(evaluation=OuterRef("pk"), nature=NatureGrille.INDIVIDUELLE)
        entiere = Exists(_collectives()) | ~Exists(manquent.exclude(etat__in=RENDUES))
        seul = Q(pk__in=Evaluation.objects.concertees().order_by().values("pk")) & (confiee | entiere)
        transmises = _grilles().transmises().filter(evaluation=OuterRef("pk"))
        lues = self.visibles_par(utilisateur).filter(Exists(transmises)).filter(detaillees | seul)
        return lues.exclude(pk__in=Evaluation.objects.a_rendre_par(utilisateur).order_by().values("pk"))

    def pour_lecture(self) -> "EvaluationQuerySet":
        """Avec ce que toute ligne nomme."""
        return self.select_related(
            "parcours__esms__departement",
            "parcours__grappe",
            "campagne__grappe",
            "campagne__version_posee__questionnaire",
        )


class Evaluation(models.Model):
    """Ce qu'on évalue dans une campagne : la grappe (sans `parcours`), ou un de ses ESMS."""

    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="evaluations")
    parcours = models.ForeignKey(
        Parcours, models.PROTECT, null=True, blank=True, related_name="evaluations", verbose_name="ESMS"
    )

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation"
        # La grappe d'abord, sur les deux bases.
        ordering = ["campagne", F("parcours__esms__tri").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campagne", "parcours"], name="evaluation_unique"),
            models.UniqueConstraint(
                fields=["campagne"], condition=Q(parcours__isnull=True), name="evaluation_de_grappe_unique"
            ),
        ]
        indexes = [models.Index(fields=["parcours", "campagne"], name="evaluation_parcours")]

    def __str__(self) -> str:
        return f"{self.campagne}, {self.objet}"

    @property
    def objet(self) -> Parcours | Grappe:
        """L'ESMS ou la grappe qu'on évalue."""
        return self.parcours or self.campagne.grappe

    @property
    def rattache_a(self) -> Parcours | Grappe:
        """Ce qui dit son périmètre."""
        return self.objet
