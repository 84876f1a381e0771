"""Une monographie : des sections que l'outil et l'équipe remplissent, que l'ESMS relit, qu'on publie figées."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.dispatch import Signal
from django.utils import timezone
from django_fsm import transition
from simple_history.models import HistoricalRecords

from programme.models import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, retour_a
from programme.socle.nombres import accorde, liste
from programme.socle.recherche import compte_par, mots_contenus
from programme.socle.texte import normaliser
from usages.calculs.propos_cites import Interdits, est_redit, redits, references
from usages.enums import SANS_PROSE, CodeFait, CodeSection, EtatMonographie
from usages.models.verbatims import Verbatim
from usages.models.visites import Visite, des_siennes

E = EtatMonographie
MONTREES_A_L_ESMS = (E.RELECTURE, E.VALIDEE, E.PUBLIEE)
"""États où l'ESMS lit le travail en cours ; un brouillon n'est qu'à l'équipe."""
PROSE_MAXIMALE = 200_000
"""Signes d'une section : soixante pages, et de la marge."""
monographie_passee = Signal()
"""Émis dans la transaction d'un passage : `monographie`, `passage`."""


class MonographieQuerySet(ModeleAEtatsQuerySet):
    """Monographies."""

    def visibles_par(self, utilisateur: Any) -> "MonographieQuerySet":
        """Le travail en cours : celles de ses études ; celles de ses ESMS, une fois envoyées en relecture."""
        pres = Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")
        return self.filter(
            des_siennes(utilisateur, "visite__etude") | Q(visite__parcours__in=pres, etat__in=MONTREES_A_L_ESMS)
        )

    def lisibles_par(self, utilisateur: Any) -> "MonographieQuerySet":
        """Celles qu'il voit, et toutes celles qui ont une édition publiée : d'elles, chacun lit l'édition."""
        publiee = Exists(Edition.objects.filter(monographie=OuterRef("pk")))
        siennes = Monographie.objects.visibles_par(utilisateur).order_by().values("pk")
        return self.filter(Q(pk__in=siennes) | publiee)

    def pour_lecture(self) -> "MonographieQuerySet":
        """Avec ce que toute page nomme."""
        return self.select_related(
            "visite__etude",
            "visite__parcours__esms__departement__region",
            "visite__parcours__esms__categorie",
            "visite__parcours__esms__og",
            "visite__parcours__grappe",
        ).defer("valide")

    def chercher(self, texte: str) -> "MonographieQuerySet":
        """Celles dont le titre, ou l'ESMS, porte tous les mots, accents ignorés."""
        return self.filter(
            mots_contenus("tri", texte) | mots_contenus("visite__parcours__esms__recherche", texte),
        )

    def selon_le_lecteur(self, utilisateur: Any) -> "MonographieQuerySet":
        """Ajoute `est_sienne`, `etat_lu`, `rang_etat` : qui n'en lit que l'édition la voit publiée, rien d'autre."""
        siennes = Monographie.objects.visibles_par(utilisateur).order_by().values("pk")
        lues = self.annotate(
            est_sienne=Case(When(pk__in=siennes, then=Value(True)), default=Value(False)),
            etat_lu=Case(
                When(pk__in=siennes, then=F("etat")), default=Value(E.PUBLIEE.value), output_field=CharField()
            ),
        )
        ordre = [When(etat_lu=etat.value, then=Value(rang)) for rang, etat in enumerate(E)]
        return lues.annotate(rang_etat=Case(*ordre, output_field=IntegerField()))

    def avec_avancement(self) -> "MonographieQuerySet":
        """Ajoute `nb_ecrites` (sections où il y a du texte), `nb_ouvertes` (remarques à régler), `derniere_edition`."""
        sections = SectionMonographie.objects.exclude(texte="").exclude(code__in=SANS_PROSE)
        remarques = Commentaire.objects.filter(section__monographie=OuterRef("pk"), resolu_le__isnull=True)
        ouvertes = remarques.order_by().values("section__monographie").annotate(n=Count("pk")).values("n")
        editions = Edition.objects.filter(monographie=OuterRef("pk")).order_by("-numero")
        return self.annotate(
            nb_ecrites=compte_par("monographie", sections),
            nb_ouvertes=Coalesce(Subquery(ouvertes), 0),
            derniere_edition=Subquery(editions.values("publiee_le")[:1]),
        )


class Monographie(ModeleAEtats):
    """Le document d'une visite. Ses sections naissent avec elle (`services.monographies.commencer`)."""

    visite = models.OneToOneField(Visite, models.PROTECT, related_name="monographie")
    titre = TexteCourtField("titre", max_length=200)
    sous_titre = TexteCourtField("sous-titre", max_length=240, blank=True)
    commencee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    commencee_le = models.DateField("commencée le", default=timezone.localdate, editable=False)
    valide = models.JSONField("contenu validé", null=True, blank=True, editable=False)
    """Le document tel que la direction l'a validé ; vide tant qu'elle ne l'a pas fait. C'est lui qui se publie."""
    etat = champ_etat(EtatMonographie, E.BROUILLON)
    tri = models.CharField("tri", max_length=200, editable=False, default="", db_index=True)

    chemin_parcours: ClassVar[str | None] = "visite__parcours_id"
    relations_lues: ClassVar[tuple[str, ...]] = (
        "visite__etude",
        "visite__parcours__esms__departement",
        "visite__parcours__grappe",
    )

    objects = MonographieQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "monographie"
        ordering = ["-commencee_le", "-pk"]
        constraints = [etats_connus(EtatMonographie, "monographie_etat_connu")]

    def __str__(self) -> str:
        return self.titre

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche à jour."""
        self.tri = normaliser(self.titre)[:200]
        super().save(*args, **kwargs)

    @property
    def parcours(self) -> Parcours:
        """L'ESMS visité."""
        return self.visite.parcours

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.visite.parcours

    @property
    def prochaine(self) -> str:
        """Le passage qui la fait avancer ; vide quand elle est publiée."""
        avance = {E.BROUILLON: "envoyer_en_relecture", E.RELECTURE: "valider", E.VALIDEE: "publier"}
        return avance.get(EtatMonographie(self.etat), "")

    @property
    def se_modifie(self) -> bool:
        """Vrai tant que l'équipe peut écrire : en brouillon, ou pendant la relecture."""
        return self.etat in (E.BROUILLON, E.RELECTURE)

    @transition("etat", E.BROUILLON, E.RELECTURE, custom={"verbe": "Envoyer en relecture", "continue": True})
    def envoyer_en_relecture(self) -> None:
        """L'ESMS la lit, commente, valide ou demande des corrections."""

    @transition(
        "etat",
        [E.RELECTURE, E.VALIDEE],
        retour_a(E.BROUILLON),
        custom={"verbe": "Demander des corrections", "motif_requis": True, "de_cote": True, "continue": True},
    )
    def corriger(self) -> None:
        """La direction n'est pas d'accord avec ce qui est écrit : l'équipe reprend."""

    @transition("etat", E.RELECTURE, E.VALIDEE, custom={"verbe": "Valider", "continue": True})
    def valider(self) -> None:
        """La direction accepte que ce texte soit publié."""

    @transition("etat", E.VALIDEE, E.PUBLIEE, custom={"verbe": "Publier"})
    def publier(self) -> None:
        """Une édition se fige : c'est elle que tous lisent."""

    @transition(
        "etat",
        E.PUBLIEE,
        retour_a(E.BROUILLON),
        custom={"verbe": "Préparer une nouvelle édition", "de_cote": True, "continue": True},
    )
    def reprendre(self) -> None:
        """L'édition publiée reste lue jusqu'à la suivante."""

    def apres_passage(self, passage: Any) -> None:
        """Fige ce que la direction valide, puis l'édition : voir `services.monographies.editions`, qui écoute."""
        monographie_passee.send(sender=Monographie, monographie=self, passage=passage)

    @property
    def nb_remarques_ouvertes(self) -> int:
        """Les remarques de relecture qui ne sont pas réglées. Une requête."""
        return Commentaire.objects.filter(section__monographie=self, resolu_le__isnull=True).count()

    def consequence(self, transition: str) -> str:
        """Qui lit quoi, qui écrit encore, ce qui se fige."""
        return {
            "envoyer_en_relecture": "L'ESMS lit le texte et le commente ; l'équipe écrit encore pendant ce temps.",
            "corriger": "L'équipe reprend le texte ; l'ESMS ne le lit plus jusqu'au prochain envoi.",
            "valider": self._ce_qui_reste_ouvert()
            + "Le document se fige ainsi ; qui pilote l'étude pourra le publier.",
            "publier": "Une édition se fige, que tous les comptes de Treille peuvent lire.",
            "reprendre": "Le texte s'ouvre de nouveau ; l'édition publiée reste lue jusqu'à la suivante.",
        }.get(transition, "")

    def _ce_qui_reste_ouvert(self) -> str:
        nombre = self.nb_remarques_ouvertes
        if not nombre:
            return ""
        return f"{accorde(nombre, 'remarque reste ouverte,remarques restent ouvertes')}. "

    def motif_propre(self, transition: str, effet: date, details: dict[str, Any]) -> str:
        """Valider avec des remarques ouvertes se peut, en disant pourquoi.

        Un obstacle ferait cocher « réglé » partout pour passer ; et une remarque peut n'être qu'un merci.
        """
        nombre = self.nb_remarques_ouvertes if transition == "valider" else 0
        if not nombre:
            return ""
        restent = accorde(nombre, "remarque reste ouverte,remarques restent ouvertes")
        return f"{restent} : dites en une ligne pourquoi vous validez quand même."

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On n'envoie pas des pages blanches ; on ne publie pas les mots de qui n'a pas dit oui."""
        if transition == "envoyer_en_relecture":
            ecrite = self.sections.exclude(texte="").exclude(code__in=SANS_PROSE).exists()
            return [] if ecrite else [Manque("prose", "Une section écrite, au moins", "rien n'est encore écrit", 0, 1)]
        return self._propos_interdits() if transition == "publier" else []

    def _annexes_qui_redisent(self, interdits: Interdits) -> list[Manque]:
        """Le titre, les faits, les documents, les sigles qui redisent un verbatim sans accord. Trois requêtes."""
        dits = [("Le titre", self.titre), ("Le sous-titre", self.sous_titre)]
        dits += [(f"Le fait « {f.get_code_display()} »", f.valeur) for f in self.faits.all()]
        dits += [(f"Le document consulté n° {rang}", d.titre) for rang, d in enumerate(self.documents.all(), 1)]
        dits += [(f"Le sens du sigle {s.sigle}", s.sens) for s in self.sigles.all()]
        libelle = "Rien qui redise un verbatim sans accord"
        return [
            Manque("verbatim", libelle, f"{ou} redit un verbatim qui ne peut pas sortir : changez ces mots")
            for ou, mots in dits
            if est_redit(mots, interdits)
        ]

    def _propos_interdits(self) -> list[Manque]:
        """Un verbatim cité, ou redit mot pour mot, qui ne peut pas sortir : une ligne par section. Six requêtes."""
        autour = Verbatim.objects.autour_de(self.visite_id)
        accordes = list(autour.citables().order_by("pk"))
        interdits = list(autour.exclude(pk__in=[v.pk for v in accordes]).values_list("texte", flat=True))
        citables = {v.pk for v in accordes if v.visite_id == self.visite_id}
        manques = self._annexes_qui_redisent(Interdits.lire(interdits))
        for section in self.sections.exclude(texte=""):
            cites = [cle for cle in references(section.texte) if cle not in citables]
            dits = [f"verbatim {cle}" for cle in cites]
            if nombre := len(redits(section.texte, interdits)):
                dits.append(accorde(nombre, "passage qui redit un verbatim,passages qui redisent un verbatim"))
            if dits:
                mesure = f"« {section} » : {liste(dits)}. Sans accord, ces mots ne sortent pas : retirez-les"
                manques.append(Manque("verbatim", "Des verbatims qui peuvent être cités", mesure))
        return manques


class SectionMonographie(models.Model):
    """Le texte d'une section, tel qu'on l'a tapé (`calculs.prose`) ; son histoire garde qui a écrit quoi."""

    monographie = models.ForeignKey(Monographie, models.CASCADE, related_name="sections")
    code = models.CharField("section", max_length=17, choices=CodeSection.choices)
    texte = TexteLibreField("texte", max_length=PROSE_MAXIMALE)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "section d'une monographie"
        verbose_name_plural = "sections des monographies"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["monographie", "code"], name="section_unique"),
            models.CheckConstraint(condition=Q(code__in=CodeSection.values), name="section_code_connu"),
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())

    @property
    def a_de_la_prose(self) -> bool:
        """Faux pour ce que l'outil écrit seul."""
        return self.code not in SANS_PROSE


class FaitMonographie(models.Model):
    """Un fait écrit par l'équipe, qui remplace celui que l'outil connaît. Plusieurs lignes font une liste."""

    monographie = models.ForeignKey(Monographie, models.CASCADE, related_name="faits")
    code = models.CharField("fait", max_length=24, choices=CodeFait.choices)
    valeur = TexteLibreField("valeur", max_length=1000, blank=False)
    source = TexteCourtField("source", max_length=160, blank=True)

    class Meta:
        verbose_name = "fait d'une monographie"
        verbose_name_plural = "faits des monographies"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["monographie", "code"], name="fait_monographie_unique"),
            models.CheckConstraint(condition=Q(code__in=CodeFait.values), name="fait_monographie_code_connu"),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} : {self.valeur}"


class DocumentConsulte(models.Model):
    """Un document que l'équipe a lu : « Projet d'établissement 2014-2019 »."""

    monographie = models.ForeignKey(Monographie, models.CASCADE, related_name="documents")
    titre = TexteCourtField("titre", max_length=240)

    class Meta:
        verbose_name = "document consulté"
        verbose_name_plural = "documents consultés"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.titre


class Sigle(models.Model):
    """Le sens d'un sigle, dit pour cette monographie quand le glossaire du produit ne le connaît pas."""

    monographie = models.ForeignKey(Monographie, models.CASCADE, related_name="sigles")
    sigle = TexteCourtField("sigle", max_length=20)
    sens = TexteCourtField("sens", max_length=200)

    class Meta:
        verbose_name = "sigle"
        ordering = ["sigle"]
        constraints = [models.UniqueConstraint(fields=["monographie", "sigle"], name="sigle_unique")]

    def __str__(self) -> str:
        return f"{self.sigle} : {self.sens}"


class Commentaire(models.Model):
    """Une remarque sur un passage d'une section ; ses ancres survivent aux retouches (`calculs.passages_cites`)."""

    section = models.ForeignKey(SectionMonographie, models.CASCADE, related_name="commentaires")
    bloc = models.PositiveIntegerField("rang du bloc", default=0)
    extrait = TexteLibreField("passage", max_length=2000)
    avant = TexteCourtField("ce qui précède", max_length=80, blank=True)
    apres = TexteCourtField("ce qui suit", max_length=80, blank=True)
    texte = TexteLibreField("remarque", max_length=2000, blank=False)
    ecrit_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now, editable=False)
    reponse = TexteLibreField("réponse", max_length=1000)
    repondu_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolu_le = models.DateTimeField("réglé le", null=True, blank=True)

    class Meta:
        verbose_name = "commentaire de relecture"
        verbose_name_plural = "commentaires de relecture"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.texte if len(self.texte) < 80 else self.texte[:79] + "…"


class EditionQuerySet(models.QuerySet):
    """Éditions."""

    def visibles_par(self, utilisateur: Any) -> "EditionQuerySet":
        """Toutes, pour tout compte : une édition est faite pour être lue."""
        return self if utilisateur.is_authenticated else self.none()

    def sans_contenu(self) -> "EditionQuerySet":
        """Sans le contenu, qui pèse ; son titre, en `titre_publie`."""
        return self.defer("contenu").annotate(titre_publie=KT("contenu__titre"))

    def pour_lecture(self) -> "EditionQuerySet":
        """Avec ce que sa page nomme."""
        chemin = "monographie__visite__parcours"
        return self.select_related("monographie__visite__etude", f"{chemin}__esms__departement", f"{chemin}__grappe")


class Edition(models.Model):
    """Une monographie publiée, figée. `contenu` : `services.monographies.contenu.Contenu.en_donnees()`.

    Les verbatims et les photos y sont par leur clé : un accord retiré après la publication les efface aussi d'ici.
    """

    monographie = models.ForeignKey(Monographie, models.PROTECT, related_name="editions")
    numero = models.PositiveSmallIntegerField("édition")
    contenu = models.JSONField("contenu", default=dict)
    publiee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    publiee_le = models.DateField("publiée le", default=timezone.localdate)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        ordering = ["-numero"]
        constraints = [models.UniqueConstraint(fields=["monographie", "numero"], name="edition_numero_unique")]

    def __str__(self) -> str:
        return f"Édition {self.numero} du {self.publiee_le:%d/%m/%Y}"
