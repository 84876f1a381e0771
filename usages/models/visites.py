"""Une visite d'étude : son programme, qui l'on rencontre, ses trames, ses notes, ses photos (metier §10)."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_fsm import transition

from programme.enums import EtatParcours
from programme.models import Parcours
from programme.socle.champs import TexteCourtField, TexteLibreField
from programme.socle.erreurs import Manque
from programme.socle.machine import ModeleAEtats, ModeleAEtatsQuerySet, champ_etat, etats_connus
from usages.enums import CodeSection, DroitPhoto, EtatVisite, FormeDeTemps, ThemeEffet
from usages.models.etudes import Equipier, Etude

E = EtatVisite


def des_siennes(utilisateur: Any, etude: str = "etude") -> Exists:
    """Ce qui est d'une étude dont il est de l'équipe. `etude` : chemin depuis la ligne vers l'étude."""
    return Exists(Equipier.objects.filter(etude=OuterRef(etude), compte=utilisateur.pk))


def hors_du_projet(parcours: Parcours) -> str:
    """Pourquoi cet ESMS ne reçoit plus de visite, en mots ; vide s'il en reçoit."""
    if not parcours.esms.est_actif:
        return "cet ESMS est fermé"
    return "cet ESMS est sorti du projet" if parcours.etat == EtatParcours.SORTI else ""


class VisiteQuerySet(ModeleAEtatsQuerySet):
    """Visites."""

    def visibles_par(self, utilisateur: Any) -> "VisiteQuerySet":
        """Celles de ses études ; celles des ESMS dont il lit la préparation, qui doivent savoir qui vient."""
        pres = Parcours.objects.lisibles_par(utilisateur).order_by().values("pk")
        return self.filter(des_siennes(utilisateur) | Q(parcours__in=pres))

    def a_venir(self) -> "VisiteQuerySet":
        """Ni faites, ni refusées, ni annulées."""
        return self.filter(etat__in=(E.PROPOSEE, E.ACCEPTEE))

    def pour_lecture(self) -> "VisiteQuerySet":
        """Avec ce que toute page nomme."""
        return self.select_related("etude", "parcours__esms__departement", "parcours__esms__og", "parcours__grappe")


class Visite(ModeleAEtats):
    """Deux jours, d'ordinaire, dans un ESMS : la direction l'accepte ou la refuse avant qu'on y aille."""

    etude = models.ForeignKey(Etude, models.PROTECT, related_name="visites", verbose_name="étude")
    parcours = models.ForeignKey(Parcours, models.PROTECT, related_name="visites_d_etude", verbose_name="ESMS")
    objet = TexteLibreField("ce qu'on vient voir, et ce qu'on en fera", max_length=1000)
    contraste = TexteCourtField("cas de contraste, gardé parce que", max_length=240, blank=True)
    proposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposee_le = models.DateField("proposée le", default=timezone.localdate, editable=False)
    etat = champ_etat(EtatVisite, E.PROPOSEE)

    chemin_parcours: ClassVar[str | None] = "parcours_id"
    relations_lues: ClassVar[tuple[str, ...]] = ("etude", "parcours__esms__departement", "parcours__grappe")

    objects = VisiteQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "visite d'étude"
        verbose_name_plural = "visites d'étude"
        ordering = ["-proposee_le", "-pk"]
        constraints = [
            etats_connus(EtatVisite, "visite_etat_connu"),
            models.UniqueConstraint(
                fields=["etude", "parcours"],
                condition=Q(etat__in=(E.PROPOSEE, E.ACCEPTEE, E.FAITE)),
                name="visite_une_par_esms",
            ),
        ]

    def __str__(self) -> str:
        return f"Visite de {self.parcours.esms}"

    @property
    def rattache_a(self) -> Parcours:
        """Ce qui dit son périmètre."""
        return self.parcours

    @property
    def se_prepare(self) -> bool:
        """Vrai tant que son programme peut changer : ni refusée, ni annulée."""
        return self.etat not in (E.REFUSEE, E.ANNULEE)

    @property
    def se_note(self) -> bool:
        """Vrai si l'on y prend des notes : la direction l'a acceptée, ou l'on en revient."""
        return self.etat in (E.ACCEPTEE, E.FAITE)

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """On n'accepte pas une visite là où plus personne n'accueille ; on ne revient pas sans avoir vu personne."""
        if transition == "accepter" and (raison := hors_du_projet(self.parcours)):
            return [Manque("ferme", "Un ESMS ouvert, dans le projet", raison)]
        if transition == "dire_faite" and not self.rencontres.exists():
            libelle = "Au moins une rencontre notée"
            return [
                Manque("rencontres", libelle, "aucune personne rencontrée n'est notée : un rôle et un nombre suffisent")
            ]
        return []

    def consequence(self, transition: str) -> str:
        """Ce que chacun doit savoir avant de confirmer."""
        return {
            "accepter": "L'équipe de l'étude prépare sa venue ; vous lirez la monographie avant qu'elle ne sorte.",
            "refuser": "L'étude lit votre motif, et choisit l'ESMS suivant.",
            "dire_faite": "Les notes restent ouvertes : il reste à coder les constats, puis à écrire la monographie.",
            "annuler": "L'ESMS lit votre motif ; la visite n'attend plus personne.",
        }.get(transition, "")

    @transition("etat", E.PROPOSEE, E.ACCEPTEE, custom={"verbe": "Accepter la visite"})
    def accepter(self) -> None:
        """La direction ouvre ses portes."""

    @transition(
        "etat",
        [E.PROPOSEE, E.ACCEPTEE],
        E.REFUSEE,
        custom={"verbe": "Refuser la visite", "motif_requis": True, "de_cote": True},
    )
    def refuser(self) -> None:
        """L'étude choisit un autre ESMS."""

    @transition("etat", E.ACCEPTEE, E.FAITE, custom={"verbe": "La visite est faite"})
    def dire_faite(self) -> None:
        """Les notes sont prises ; reste à coder, puis à écrire."""

    @transition(
        "etat",
        [E.PROPOSEE, E.ACCEPTEE],
        E.ANNULEE,
        custom={"verbe": "Annuler la visite", "motif_requis": True, "de_cote": True},
    )
    def annuler(self) -> None:
        """L'ESMS a fermé, ou l'étude y renonce."""


class DeVisiteQuerySet(models.QuerySet):
    """Ce qui tient à une visite : temps, notes, photos."""

    def visibles_par(self, utilisateur: Any) -> "DeVisiteQuerySet":
        """Celles des études dont il est de l'équipe : l'ESMS lit le programme, jamais les notes."""
        return self.filter(des_siennes(utilisateur, "visite__etude"))

    def pour_lecture(self) -> "DeVisiteQuerySet":
        """Avec la visite, son étude, son ESMS."""
        return self.select_related("visite__etude", "visite__parcours__esms__departement", "visite__parcours__grappe")


class TempsDeVisite(models.Model):
    """Un moment du programme : qui l'on voit, sur quoi, comment."""

    visite = models.ForeignKey(Visite, models.CASCADE, related_name="temps")
    jour = models.DateField("jour")
    debut = models.TimeField("début")
    fin = models.TimeField("fin")
    forme = models.CharField("forme", max_length=11, choices=FormeDeTemps.choices, default=FormeDeTemps.COLLECTIF)
    theme = models.CharField("thème", max_length=17, choices=ThemeEffet.choices, blank=True)
    avec = TexteCourtField("avec (des rôles, jamais des noms)", max_length=160, blank=True)
    lieu = TexteCourtField("lieu", max_length=120, blank=True)

    objects = DeVisiteQuerySet.as_manager()

    class Meta:
        verbose_name = "temps de visite"
        verbose_name_plural = "temps de visite"
        ordering = ["jour", "debut", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(fin__gt=models.F("debut")), name="temps_de_visite_fin_apres_debut"),
            models.CheckConstraint(condition=Q(forme__in=FormeDeTemps.values), name="temps_de_visite_forme_connue"),
            models.CheckConstraint(condition=Q(theme__in=["", *ThemeEffet.values]), name="temps_de_visite_theme_connu"),
        ]

    def __str__(self) -> str:
        return f"{self.jour:%d/%m/%Y}, {self.debut:%H:%M} : {self.avec or self.get_forme_display()}"


class Rencontre(models.Model):
    """Combien de personnes d'un rôle on a rencontrées : « cinq éducateurs », jamais un nom."""

    visite = models.ForeignKey(Visite, models.CASCADE, related_name="rencontres")
    qui = TexteCourtField("rôle", max_length=80)
    nombre = models.PositiveSmallIntegerField("nombre", default=1)
    rang = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "rencontre"
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["visite", "qui"], name="rencontre_un_role"),
            models.CheckConstraint(condition=Q(nombre__gte=1), name="rencontre_au_moins_une"),
        ]

    def __str__(self) -> str:
        return f"{self.nombre} {self.qui}"


class Trame(models.Model):
    """Ce qu'on demande, ou qu'on regarde, sur un thème : une question par ligne."""

    etude = models.ForeignKey(Etude, models.CASCADE, related_name="trames", verbose_name="étude")
    theme = models.CharField("thème", max_length=17, choices=ThemeEffet.choices)
    forme = models.CharField("forme", max_length=11, choices=FormeDeTemps.choices)
    questions = TexteLibreField("questions, une par ligne", max_length=4000)

    class Meta:
        verbose_name = "trame"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["etude", "theme", "forme"], name="trame_unique"),
            models.CheckConstraint(condition=Q(theme__in=ThemeEffet.values), name="trame_theme_connu"),
            models.CheckConstraint(condition=Q(forme__in=FormeDeTemps.values), name="trame_forme_connue"),
        ]

    def __str__(self) -> str:
        return f"{self.get_theme_display()}, {self.get_forme_display().lower()}"

    @property
    def lignes(self) -> list[str]:
        """Les questions, sans les lignes vides."""
        return [ligne.strip() for ligne in self.questions.splitlines() if ligne.strip()]


class NoteDeVisite(models.Model):
    """Une note prise sur place, souvent sans réseau. `cle` : celle de l'appareil, qui empêche les doubles."""

    visite = models.ForeignKey(Visite, models.CASCADE, related_name="notes")
    temps = models.ForeignKey(TempsDeVisite, models.SET_NULL, null=True, blank=True, related_name="notes")
    theme = models.CharField("thème", max_length=17, choices=ThemeEffet.choices, blank=True)
    texte = TexteLibreField("note", max_length=8000, blank=False)
    cle = models.UUIDField("clé de l'appareil", default=uuid.uuid4, editable=False)
    prise_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="prise par")
    prise_le = models.DateField("prise le", default=timezone.localdate)

    objects = DeVisiteQuerySet.as_manager()

    class Meta:
        verbose_name = "note de visite"
        verbose_name_plural = "notes de visite"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["visite", "cle"], name="note_de_visite_cle_unique"),
            models.CheckConstraint(condition=Q(theme__in=["", *ThemeEffet.values]), name="note_de_visite_theme_connu"),
        ]

    def __str__(self) -> str:
        return self.texte if len(self.texte) < 80 else self.texte[:79] + "…"


class PhotoDeVisite(models.Model):
    """Une photo et son droit ; l'image est sa pièce, sans métadonnées. `section` : où la mettre."""

    visite = models.ForeignKey(Visite, models.CASCADE, related_name="photos")
    legende = TexteCourtField("légende", max_length=240)
    description = TexteCourtField("description, pour qui ne la voit pas", max_length=300)
    credit = TexteCourtField("crédit", max_length=120, blank=True)
    droit = models.CharField("droit", max_length=12, choices=DroitPhoto.choices, default=DroitPhoto.A_DEMANDER)
    droit_le = models.DateField("droit du", null=True, blank=True)
    section = models.CharField("section", max_length=17, choices=CodeSection.choices, blank=True)
    ajoutee_par = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ajoutee_le = models.DateField("ajoutée le", default=timezone.localdate, editable=False)

    objects = DeVisiteQuerySet.as_manager()

    class Meta:
        verbose_name = "photo de visite"
        verbose_name_plural = "photos de visite"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(droit__in=DroitPhoto.values), name="photo_de_visite_droit_connu"),
            models.CheckConstraint(
                condition=~Q(droit=DroitPhoto.ACCORDE) | Q(droit_le__isnull=False), name="photo_de_visite_droit_date"
            ),
            models.CheckConstraint(
                condition=Q(section__in=["", *CodeSection.values]), name="photo_de_visite_section_connue"
            ),
        ]

    def __str__(self) -> str:
        return self.legende

    @property
    def peut_sortir(self) -> bool:
        """Vrai si elle peut être dans un document."""
        return self.droit == DroitPhoto.ACCORDE
