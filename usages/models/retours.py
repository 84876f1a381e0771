"""Un retour de terrain : ce qui a gêné, ce qu'on en fait, la réponse qui revient à qui l'a dit (metier §9)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_fsm import transition

from programme.models import Grappe, Metier, Module, Parcours, Unite
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus, exiger_choix, retour_a
from programme.socle.models import Passage
from programme.socle.recherche import mots_contenus
from programme.socle.texte import normaliser
from usages.enums import CanalRetour, EtatRetour, GraviteRetour, NiveauRetour, ThemeRetour, VoieRetour
from usages.models.communs import JoursEntre
from usages.models.liens_de_retour import LienDeRetour
from usages.models.relais import ReglageRetours, en_retard_avant, jour_limite

E = EtatRetour
A_TRAITER = (E.NOUVEAU, E.QUALIFIE, E.EN_COURS, E.RESOLU)
"""Ceux qui attendent encore quelqu'un."""
REPONDUS = (E.PUBLIE, E.NON_RETENU)
EN_VUE = (E.QUALIFIE, E.EN_COURS, E.RESOLU)
"""Ceux que l'équipe lit déjà, par leur résumé, et auxquels une autre peut joindre sa voix."""
QUEL_THEME = "Dites de quoi il s'agit."
QUELLE_VOIE = "Dites qui s'en occupe."
QUELLE_REPONSE = "Écrivez la réponse : c'est elle que l'équipe lira."
QUEL_TITRE = "Résumez-le en une ligne : c'est elle que tous liront, jamais le texte d'origine."
SOUS_LEQUEL = "Choisissez le retour qui dit la même chose."
SES_RELAIS = "ses relais"
TITRE_PAR_DEFAUT = 80


class RetourQuerySet(ModeleAEtatsQuerySet):
    """Retours de terrain."""

    def visibles_par(self, utilisateur: Any) -> "RetourQuerySet":
        """Ceux des ESMS dont il lit la préparation ; le financeur n'en lit aucun."""
        return self.filter(parcours__in=Parcours.objects.lisibles_par(utilisateur).order_by().values("pk"))

    def de_la_grappe(self, grappe: int) -> "RetourQuerySet":
        """Ceux des ESMS de cette grappe, désignés par leurs clés : une jointure par ligne coûterait trois fois plus."""
        return self.filter(parcours__in=Parcours.objects.filter(grappe=grappe).order_by().values("pk"))

    def principaux(self) -> "RetourQuerySet":
        """Sans ceux qu'un autre porte : eux comptent parmi ses voix."""
        return self.filter(porte_par__isnull=True)

    def a_traiter(self) -> "RetourQuerySet":
        """Ni répondus, ni regroupés."""
        return self.filter(etat__in=A_TRAITER)

    def repondus(self) -> "RetourQuerySet":
        """Une réponse publiée, ou la raison dite."""
        return self.filter(etat__in=REPONDUS)

    def publics(self, au: date) -> "RetourQuerySet":
        """Ceux dont tous lisent le résumé et la réponse : qualifiés, et reçus avant la semaine qui court."""
        lus = self.principaux().filter(etat__in=(*EN_VUE, *REPONDUS), recu_le__lt=semaine_de(au))
        return lus.exclude(titre="")

    def de_l_esms(self, parcours: Parcours) -> "RetourQuerySet":
        """Ceux que cet ESMS a dits, ceux qui portent les siens, ceux auxquels il a joint sa voix."""
        siens = Q(parcours=parcours) | Q(soutiens__parcours=parcours)
        portes = Retour.objects.filter(siens, porte_par__isnull=False).order_by().values("porte_par")
        soutenus = Soutien.objects.filter(parcours=parcours).order_by().values("retour")
        return self.filter(Q(parcours=parcours) | Q(pk__in=portes) | Q(pk__in=soutenus))

    def repondus_depuis(self, jour: date) -> "RetourQuerySet":
        """Répondus ce jour-là ou après."""
        return self.repondus().filter(repondu_le__gte=jour)

    def avec_voix(self, avant: date | None = None) -> "RetourQuerySet":
        """Ajoute `nb_voix` : lui, ceux qu'il porte, et tous les « nous aussi » des uns et des autres.

        `avant` : sans ce qui a été reçu depuis ce jour ; ce qui est public ne compte pas la semaine qui court.
        """
        recus = Q(recu_le__lt=avant) if avant else Q()
        # Trois comptes plutôt qu'un « ou » entre deux tables, que nul index ne sert.
        portes = _compte(Retour.objects.filter(recus, porte_par=OuterRef("pk")), "porte_par")
        siens = _compte(Soutien.objects.filter(recus, retour=OuterRef("pk")), "retour")
        leurs = _compte(Soutien.objects.filter(recus, retour__porte_par=OuterRef("pk")), "retour__porte_par")
        return self.annotate(nb_voix=Value(1) + portes + siens + leurs)

    def avec_rangs(self) -> "RetourQuerySet":
        """Ajoute `rang_etat` et `rang_gravite` (le plus grave a le plus haut rang), de quoi trier."""
        etats = [When(etat=etat, then=Value(rang)) for rang, etat in enumerate(E)]
        graves = [When(gravite=gravite, then=Value(rang)) for rang, gravite in enumerate(GraviteRetour)]
        return self.annotate(
            rang_etat=Case(*etats, output_field=IntegerField()), rang_gravite=Case(*graves, output_field=IntegerField())
        )

    def avec_ce_que_dit_le_groupe(self) -> "RetourQuerySet":
        """Ajoute `theme_dit` et `reponse_le` : les siens, à défaut ceux du retour qui le porte."""
        sien = When(~Q(theme=""), then=F("theme"))
        return self.annotate(
            theme_dit=Case(sien, default=Coalesce("porte_par__theme", Value(""))),
            reponse_le=Coalesce("repondu_le", "porte_par__repondu_le"),
        )

    def avec_lu_le(self) -> "RetourQuerySet":
        """Ajoute `lu_le` : le jour de son premier passage, qui le sort de « nouveau » ; nul tant qu'il attend."""
        ici = Passage.objects.filter(objet_type=ContentType.objects.get_for_model(Retour), objet_id=OuterRef("pk"))
        return self.annotate(lu_le=Subquery(ici.filter(rang=1).values("date_effet")))

    def attentes(self, champ: str, au: date) -> list[tuple[int, bool, int]]:
        """Combien ont attendu tant de jours ce qui est daté par ce champ, et si c'est venu ; sinon, jusqu'à ce jour.

        Une requête, une ligne par durée.
        """
        jours = JoursEntre(Coalesce(champ, Value(au, output_field=models.DateField())), "recu_le")
        venu = Case(When(Q(**{f"{champ}__isnull": False}), then=Value(True)), default=Value(False))
        comptes = self.order_by().values_list(jours, venu).annotate(nombre=Count("pk"))
        return list(comptes)

    def avec_echeance(self) -> "RetourQuerySet":
        """Ajoute `a_qualifier_avant`, `a_repondre_avant`, et `echeance`, celle des deux qui court (vide si répondu)."""
        delais = self.annotate(
            a_qualifier_avant=jour_limite("jours_qualifier", ReglageRetours.QUALIFIER),
            a_repondre_avant=jour_limite("jours_repondre", ReglageRetours.REPONDRE),
        )
        courent = (
            When(etat=E.NOUVEAU, then=F("a_qualifier_avant")),
            When(etat__in=A_TRAITER, then=F("a_repondre_avant")),
        )
        return delais.annotate(echeance=Case(*courent, output_field=DateField()))

    def en_retard(self, au: date) -> "RetourQuerySet":
        """Encore à traiter, `echeance` passée à cette date. Lit d'abord les délais des grappes."""
        # Deux dates se comparent vite ; ajouter des jours à chaque ligne coûterait dix fois plus sur SQLite.
        delais = list(ReglageRetours.objects.order_by().values_list("jours_qualifier", "jours_repondre").distinct())
        tard_lu = en_retard_avant(au, "jours_qualifier", {lire for lire, _ in delais}, ReglageRetours.QUALIFIER)
        tard_dit = en_retard_avant(au, "jours_repondre", {dire for _, dire in delais}, ReglageRetours.REPONDRE)
        # Nommés avant de filtrer : comparés sur place, ils écarteraient les grappes sans réglage.
        lus = self.a_traiter().alias(tard_lu=tard_lu, tard_dit=tard_dit)
        nouveau = Q(etat=E.NOUVEAU)
        return lus.filter(nouveau & Q(recu_le__lt=F("tard_lu")) | ~nouveau & Q(recu_le__lt=F("tard_dit")))

    def chercher(self, texte: str) -> "RetourQuerySet":
        """Ceux dont le résumé ou le texte portent tous les mots, accents ignorés."""
        return self.filter(mots_contenus("tri", texte))

    def pour_lecture(self) -> "RetourQuerySet":
        """Avec ce que toute ligne nomme, et ce que lisent les droits."""
        return self.select_related(
            "parcours__esms__departement", "parcours__grappe", "unite", "module", "metier", "confie_a"
        )


class Retour(ModeleAEtats):
    """Deux réponses d'une équipe : ce qui a posé problème, comment faire mieux.

    Sans nom, rien ne dit qui : ni compte, ni adresse, ni heure, et `recu_le` est le lundi de la semaine.
    `titre` : le résumé que tous liront, écrit par qui qualifie. `porte_par` : le retour qui dit la même chose.
    `suivi` : l'empreinte du code que son auteur garde. `courriel` s'efface quand la réponse est partie. `lue_le` : le
    jour où son auteur, qui a un compte, a dit avoir lu la réponse.
    """

    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="retours", verbose_name="ESMS")
    unite = models.ForeignKey(
        Unite, models.SET_NULL, null=True, blank=True, related_name="retours", verbose_name="unité"
    )
    niveau = models.CharField(
        "au nom de", max_length=10, choices=NiveauRetour.choices, default=NiveauRetour.UNITE, editable=False
    )
    module = models.ForeignKey(Module, models.PROTECT, null=True, blank=True, related_name="retours")
    metier = models.ForeignKey(
        Metier, models.PROTECT, null=True, blank=True, related_name="retours", verbose_name="métier"
    )
    gravite = models.CharField("gravité", max_length=10, choices=GraviteRetour.choices, default=GraviteRetour.GENANTE)
    probleme = TexteLibreField("ce qui a posé problème", max_length=2000, blank=False)
    amelioration = TexteLibreField("comment l'améliorer", max_length=2000)
    recu_le = models.DateField("reçu le", default=timezone.localdate, editable=False)
    cle = models.UUIDField("clé d'envoi", unique=True, editable=False)
    lien = models.ForeignKey(LienDeRetour, models.SET_NULL, null=True, blank=True, related_name="retours")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="retours", editable=False
    )
    canal = models.CharField(
        "réponse attendue", max_length=10, choices=CanalRetour.choices, default=CanalRetour.AUCUN, editable=False
    )
    suivi = models.CharField("empreinte du code", max_length=64, blank=True, default="", editable=False, db_index=True)
    courriel = models.EmailField("courriel", blank=True, default="", editable=False)
    titre = TexteCourtField("résumé", max_length=120, blank=True)
    theme = models.CharField("thème", max_length=14, choices=ThemeRetour.choices, blank=True, default="")
    voie = models.CharField("qui s'en occupe", max_length=10, choices=VoieRetour.choices, blank=True, default="")
    confie_a = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="retours_confies",
        verbose_name="confié à",
    )
    reponse = TexteLibreField("réponse publiée", max_length=1000)
    repondu_le = models.DateField("répondu le", null=True, blank=True, editable=False)
    lue_le = models.DateField("réponse lue le", null=True, blank=True, editable=False)
    porte_par = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="portes",
        editable=False,
        verbose_name="regroupé sous",
    )
    etat = champ_etat(EtatRetour, E.NOUVEAU)
    tri = models.CharField("tri", max_length=4200, editable=False, default="")

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    chemin_grappe: ClassVar[str | None] = "parcours__grappe_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("parcours__esms__departement", "parcours__grappe", "unite")

    objects = RetourQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "retour de terrain"
        verbose_name_plural = "retours de terrain"
        ordering = ["-recu_le", "-pk"]
        constraints = [
            etats_connus(EtatRetour, "retour_etat_connu"),
            models.CheckConstraint(condition=Q(gravite__in=GraviteRetour.values), name="retour_gravite_connue"),
            models.CheckConstraint(
                condition=Q(etat=E.REGROUPE, porte_par__isnull=False) | ~Q(etat=E.REGROUPE) & Q(porte_par__isnull=True),
                name="retour_regroupe_sous_un_autre",
            ),
            models.CheckConstraint(condition=~Q(etat=E.PUBLIE) | ~Q(reponse=""), name="retour_publie_avec_reponse"),
        ]
        indexes = [
            models.Index(fields=["parcours", "etat", "-recu_le"], name="retour_parcours"),
            models.Index(fields=["-recu_le", "-id"], name="retour_recent"),
        ]

    def __str__(self) -> str:
        return self.resume

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre avec la forme de recherche à jour."""
        self.tri = normaliser(f"{self.titre} {self.probleme} {self.amelioration}")[:4200]
        super().save(*args, **kwargs)

    @property
    def resume(self) -> str:
        """Ce qui le nomme, pour qui le lit : son résumé, ses premiers mots tant qu'il n'en a pas."""
        return self.titre or self.debut

    @property
    def debut(self) -> str:
        """Les premiers mots du problème, pour qui a le droit de le lire."""
        return debut_de(self.probleme)

    @property
    def semaine(self) -> date:
        """Le lundi de la semaine où il est reçu : le jour même ferait parfois deviner qui parle."""
        return semaine_de(self.recu_le)

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours

    @property
    def grappe(self) -> Grappe:
        """Sa grappe."""
        return self.parcours.grappe

    @property
    def est_a_traiter(self) -> bool:
        """Vrai tant qu'il attend quelqu'un."""
        return self.etat in A_TRAITER

    @property
    def d_ou(self) -> str:
        """D'où il parle : l'unité, ou l'ESMS si l'auteur l'a préféré."""
        return str(self.unite) if self.unite and self.niveau == NiveauRetour.UNITE else str(self.parcours)

    @transition("etat", E.NOUVEAU, E.QUALIFIE, custom={"verbe": "Qualifier", "aussi": SES_RELAIS, "continue": True})
    def qualifier(self, theme: str = "", titre: str = "", **_: Any) -> None:
        """Lu et compris : on dit de quoi il s'agit, et on le résume pour tous."""
        exiger_choix("theme", theme, ThemeRetour.values, QUEL_THEME)
        _exiger_texte("titre", titre, QUEL_TITRE)
        self.theme, self.titre = theme, titre.strip()[:120]

    @transition(
        "etat",
        [E.NOUVEAU, E.QUALIFIE],
        E.EN_COURS,
        custom={"verbe": "Prendre en charge", "aussi": SES_RELAIS, "continue": True},
    )
    def prendre_en_charge(self, voie: str = "", theme: str = "", titre: str = "", **_: Any) -> None:
        """Quelqu'un s'en occupe : ici, ou l'éditeur."""
        exiger_choix("voie", voie, VoieRetour.values, QUELLE_VOIE)
        if not self.titre:
            exiger_choix("theme", theme, ThemeRetour.values, QUEL_THEME)
            _exiger_texte("titre", titre, QUEL_TITRE)
            self.theme, self.titre = theme, titre.strip()[:120]
        self.voie = voie

    @transition("etat", [E.QUALIFIE, E.EN_COURS], E.RESOLU, custom={"verbe": "Dire résolu", "aussi": SES_RELAIS})
    def resoudre(self) -> None:
        """Le problème ne se pose plus ; reste à le dire."""

    @transition("etat", [E.QUALIFIE, E.EN_COURS, E.RESOLU], E.PUBLIE, custom={"verbe": "Publier la réponse"})
    def publier(self, reponse: str = "", **_: Any) -> None:
        """« Nous avons fait » : la réponse se lit par tous, et part à qui la voulait."""
        _exiger_texte("reponse", reponse or self.reponse, QUELLE_REPONSE)
        self.reponse = (reponse or self.reponse).strip()

    @transition(
        "etat",
        [E.NOUVEAU, E.QUALIFIE, E.EN_COURS],
        E.NON_RETENU,
        custom={"verbe": "Ne pas retenir", "motif_requis": True, "de_cote": True},
    )
    def ne_pas_retenir(self, titre: str = "", **_: Any) -> None:
        """On ne le fera pas, et on dit pourquoi : le motif est la réponse."""
        if not self.titre:
            _exiger_texte("titre", titre, QUEL_TITRE)
            self.titre = titre.strip()[:120]

    @transition(
        "etat",
        [E.NOUVEAU, E.QUALIFIE, E.EN_COURS],
        E.REGROUPE,
        custom={"verbe": "Regrouper avec un autre", "aussi": SES_RELAIS, "de_cote": True},
    )
    def regrouper(self, sous: int | None = None, **_: Any) -> None:
        """Un autre dit la même chose : sa voix s'y ajoute, son texte reste."""
        exiger_choix("sous", "dit" if sous else "", ("dit",), SOUS_LEQUEL)
        self.porte_par_id = sous

    @transition(
        "etat", E.REGROUPE, retour_a(E.NOUVEAU), custom={"verbe": "Séparer", "aussi": SES_RELAIS, "de_cote": True}
    )
    def separer(self) -> None:
        """Ce n'était pas la même chose : il reprend sa place."""
        self.porte_par = None

    @transition(
        "etat",
        [E.RESOLU, E.PUBLIE, E.NON_RETENU],
        retour_a(E.QUALIFIE),
        custom={"verbe": "Rouvrir", "aussi": SES_RELAIS, "motif_requis": True, "de_cote": True},
    )
    def rouvrir(self) -> None:
        """La réponse ne tient pas : on reprend."""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On ne regroupe que sous un autre retour de la grappe, que l'on voit et que nul autre ne porte déjà."""
        if transition != "regrouper" or details.get("sous") is None:
            return []
        if details["sous"] == self.pk:
            return [Manque("soi", "Un autre retour que lui", "c'est le même retour")]
        vus = Retour.objects.visibles_par(details["par"]) if details.get("par") else Retour.objects.all()
        porteur = vus.filter(pk=details["sous"], parcours__grappe=self.parcours.grappe_id).only("etat").first()
        if porteur is None:
            return [Manque("ailleurs", "Un retour de la même grappe, que vous lisez", "aucun de ce numéro")]
        if porteur.etat == E.REGROUPE:
            return [Manque("deja_porte", "Un retour qu'aucun autre ne porte", "il est lui-même regroupé sous un autre")]
        return []

    def apres_passage(self, passage: Any) -> None:
        """Tient le jour de la réponse ; rouvrir l'efface. Une réponse neuve est à lire, aussi par qui il porte."""
        repondu_le = passage.date_effet if passage.vers in REPONDUS else None
        # Par update() : ce jour se déduit du journal.
        Retour.objects.filter(pk=self.pk).update(repondu_le=repondu_le)
        if repondu_le:
            Retour.objects.filter(Q(pk=self.pk) | Q(porte_par=self.pk)).update(lue_le=None)
        if passage.transition == "regrouper":
            self._confier_ses_voix()

    def _confier_ses_voix(self) -> None:
        porteur = Retour.objects.select_for_update(of=("self",)).get(portes=self.pk)
        # Regroupé par un autre depuis qu'on l'a choisi : c'est le porteur de son porteur qui répond, jamais une chaîne.
        tete = porteur.porte_par_id or porteur.pk
        Retour.objects.filter(Q(pk=self.pk) | Q(porte_par=self.pk)).update(porte_par=tete)


def _compte(lignes: models.QuerySet, cle: str) -> Coalesce:
    nombre = lignes.order_by().values(cle).annotate(nombre=Count("pk")).values("nombre")
    return Coalesce(Subquery(nombre, output_field=IntegerField()), Value(0))


def _exiger_texte(champ: str, valeur: str, message: str) -> None:
    exiger_choix(champ, "dit" if valeur.strip() else "", ("dit",), message)


class Soutien(models.Model):
    """« Nous aussi » : une équipe de plus a le même problème. Rien ne dit qui l'a dit."""

    retour = models.ForeignKey(Retour, models.CASCADE, related_name="soutiens")
    parcours = models.ForeignKey(Parcours, models.CASCADE, related_name="soutiens", verbose_name="ESMS")
    unite = models.ForeignKey(Unite, models.SET_NULL, null=True, blank=True, related_name="soutiens")
    recu_le = models.DateField("reçu le", default=timezone.localdate, editable=False)
    cle = models.UUIDField("clé d'envoi", unique=True, editable=False)

    class Meta:
        verbose_name = "nous aussi"
        verbose_name_plural = "nous aussi"
        ordering = ["recu_le", "pk"]

    def __str__(self) -> str:
        return f"{self.parcours} aussi"


def debut_de(texte: str) -> str:
    """Ses premiers mots, en une ligne."""
    mots = " ".join(texte.split())
    return mots if len(mots) <= TITRE_PAR_DEFAUT else mots[: TITRE_PAR_DEFAUT - 1].rsplit(" ", 1)[0] + "…"


def semaine_de(jour: date) -> date:
    """Le lundi de sa semaine."""
    return date.fromordinal(jour.toordinal() - jour.weekday())
