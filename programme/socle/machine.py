"""Base des objets à états : l'état ne change que par la porte, et la base le sait."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, F, IntegerField, OuterRef, ProtectedError, Subquery, Value, When
from django.db.models.functions import Coalesce
from django_fsm import GET_STATE, FSMField, Transition
from django_fsm.signals import pre_transition

from programme.socle.erreurs import Manque, Refus

_ouverte_pour: ContextVar[int | None] = ContextVar("porte_ouverte_pour", default=None)
_LE_LOT = 0
"""Porte ouverte pour un lot : aucun objet n'a cet identifiant, aucune transition ne s'y glisse."""


class HorsPorte(Exception):
    """Une transition, un état ou une suppression a été tenté sans passer par la porte."""


@contextmanager
def porte_ouverte(objet: models.Model) -> Iterator[None]:
    """Autorise, le temps du bloc, les transitions de cet objet-là. Réservé à `porte.py`."""
    jeton = _ouverte_pour.set(id(objet))
    try:
        yield
    finally:
        _ouverte_pour.reset(jeton)


@contextmanager
def porte_du_lot() -> Iterator[None]:
    """Autorise, le temps du bloc, le journal et l'écriture groupée des états. Réservé à `porte_lot.py`."""
    jeton = _ouverte_pour.set(_LE_LOT)
    try:
        yield
    finally:
        _ouverte_pour.reset(jeton)


def exiger_porte(quoi: str) -> None:
    """Lève `HorsPorte` si aucune porte n'est ouverte."""
    if _ouverte_pour.get() is None:
        raise HorsPorte(f"{quoi} : passer par changer_etat().")


def _refuser_hors_porte(instance: models.Model, name: str, **_: Any) -> None:
    if isinstance(instance, ModeleAEtats) and _ouverte_pour.get() != id(instance):
        raise HorsPorte(f"{instance._meta.label}.{name} : passer par changer_etat().")


def _refuser_suppression(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    if isinstance(instance, ModeleAEtats) and instance.version > 0:
        raise ProtectedError("Un objet qui a une histoire ne se supprime pas : faites-le sortir.", {instance})


def brancher() -> None:
    """Pose les deux gardes pour toutes les machines."""
    pre_transition.connect(_refuser_hors_porte, dispatch_uid="socle.hors_porte")
    models.signals.pre_delete.connect(_refuser_suppression, dispatch_uid="socle.suppression")


class ModeleAEtatsQuerySet(models.QuerySet):
    """Refuse d'écrire un état par lot."""

    GARDES = frozenset({"etat", "version"})

    def update(self, **kwargs: Any) -> int:
        """Mise à jour par lot, sans l'état."""
        if self.GARDES & kwargs.keys():
            raise HorsPorte("Un état ne s'écrit pas par update() : passer par changer_etat().")
        return super().update(**kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Mise à jour par lot, sans l'état."""
        if self.GARDES & set(fields):
            raise HorsPorte("Un état ne s'écrit pas par bulk_update() : passer par changer_etat().")
        return super().bulk_update(objs, fields, batch_size)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Création par lot, à l'état de départ seulement."""
        objs = list(objs)
        for objet in objs:
            objet.exiger_etat_de_depart()
        if self.GARDES & set(kwargs.get("update_fields") or ()):
            raise HorsPorte("Un état ne s'écrit pas par bulk_create() : passer par changer_etat().")
        return super().bulk_create(objs, *args, **kwargs)

    def avec_rang_etat(self) -> Self:
        """Ajoute `rang_etat` : l'ordre de leur vie, pour trier par état."""
        ordre = [When(etat=etat, then=Value(rang)) for rang, (etat, _) in enumerate(champ_de(self.model).flatchoices)]
        return self.annotate(rang_etat=Case(*ordre, output_field=IntegerField()))

    def avec_etat_au(self, jour: date) -> Self:
        """Ajoute `etat_au` : où chacun en était à la fin de ce jour, d'après le journal ; à défaut, où il en est."""
        type_objet = apps.get_model("contenttypes", "ContentType").objects.get_for_model(self.model)
        passages = apps.get_model("socle", "Passage").objects.filter(objet_type=type_objet.pk, objet_id=OuterRef("pk"))
        dernier = passages.filter(date_effet__lte=jour).order_by("-rang").values("vers")[:1]
        suivant = passages.filter(date_effet__gt=jour).order_by("rang").values("de")[:1]
        return self.annotate(
            etat_au=Coalesce(Subquery(dernier), Subquery(suivant), F("etat"), output_field=models.CharField())
        )

    def ecrire_depuis_la_porte(self, **champs: Any) -> int:
        """Écrit ce qu'un lot de passages a changé, état et version compris ; lève `HorsPorte` hors de la porte."""
        exiger_porte("écriture groupée d'états")
        return super().update(**champs)


class ModeleAEtats(models.Model):
    """Objet à états : champ `etat` gardé, `version` incrémentée à chaque passage.

    Les sous-classes déclarent `etat = champ_etat(Enum)`, leurs `@transition`, et où trouver leur parcours et leur
    grappe (`chemin_parcours`, `chemin_grappe`), que lisent les conditions et les dérogations.
    """

    chemin_parcours: ClassVar[str | None] = None
    chemin_grappe: ClassVar[str | None] = None
    relations_lues: ClassVar[tuple[str, ...]] = ()
    """Relations que lisent les droits et les obstacles : un lot les charge d'une seule requête."""
    relations_usuelles: ClassVar[tuple[str, ...]] = ()
    """Relations facultatives que le cas ordinaire remplit : l'exemplaire de la documentation les a aussi."""

    if TYPE_CHECKING:
        etat: str

        def get_etat_display(self) -> str: ...

    version = models.PositiveIntegerField("version", default=0, editable=False)

    class Meta:
        abstract = True

    def exiger_etat_de_depart(self) -> None:
        """Lève `HorsPorte` si un objet neuf prétend naître ailleurs qu'à son état de départ."""
        depart = champ_de(type(self)).default
        if self._state.adding and (self.etat != depart or self.version):
            raise HorsPorte(f"{self._meta.label} naît à l'état « {depart} » ; le reste passe par la porte.")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Enregistre sans jamais toucher à l'état, sauf depuis la porte."""
        if _ouverte_pour.get() != id(self):
            self.exiger_etat_de_depart()
            if not self._state.adding:
                demandes = kwargs.get("update_fields")
                noms = set(demandes) if demandes is not None else {f.name for f in self._meta.concrete_fields}
                kwargs["update_fields"] = sorted(noms - {"etat", "version", self._meta.pk.name})
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        """Un champ d'état protégé ferait lever `full_clean` : on l'exclut ici, une fois."""
        super().clean_fields(exclude={*(exclude or ()), "etat"})

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Relit l'état sans déprotéger le champ pour tout le processus."""
        if fields is None:
            # Un champ absent de __dict__ passe pour différé : on nomme donc ce qu'il faut relire.
            differes = self.get_deferred_fields()
            fields = [f.attname for f in self._meta.concrete_fields if f.attname not in differes]
            self._prefetched_objects_cache: dict[str, Any] = {}
        if "etat" in fields:
            self.__dict__.pop("etat", None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)

    @classmethod
    def transitions(cls) -> dict[str, Transition]:
        """Transitions par nom, dans l'ordre où la classe les déclare."""
        trouvees = {t.name: t for t in champ_de(cls).get_all_transitions(cls)}
        return dict(sorted(trouvees.items(), key=lambda couple: couple[1].method.__code__.co_firstlineno))

    @classmethod
    def departs(cls, transition: str) -> frozenset[str]:
        """États d'où part cette transition."""
        return frozenset(str(t.source) for t in champ_de(cls).get_all_transitions(cls) if t.name == transition)

    @property
    def possibles(self) -> list[str]:
        """Transitions qui partent de l'état actuel, dans l'ordre de déclaration."""
        return [nom for nom in type(self).transitions() if self.etat in self.departs(nom)]

    def consequence(self, transition: str) -> str:
        """Ce que le passage entraîne au-delà de l'état, à dire avant qu'on confirme ; vide par défaut."""
        return ""

    def obstacles(self, transition: str, details: dict[str, Any]) -> list[Manque]:
        """Ce qui rend la transition impossible en soi (et non faute de conditions) ; vide par défaut.

        `details` : ses arguments propres, et `par`, qui la demande.
        """
        return []

    @classmethod
    def obstacles_du_lot(cls, transition: str, lot: Collection[tuple[Any, dict[str, Any]]]) -> dict[Any, list[Manque]]:
        """`obstacles` de plusieurs objets (avec leurs détails), par clé ; à redéfinir si chacun coûte une requête."""
        return {objet.pk: objet.obstacles(transition, details) for objet, details in lot}

    def motif_propre(self, transition: str, effet: date, details: dict[str, Any]) -> str:
        """Pourquoi ce qui est saisi (date, détails) demande un motif, en une phrase ; vide par défaut."""
        return ""

    def faute_de_date(self, effet: date) -> str:
        """Pourquoi rien n'a pu arriver à cet objet ce jour-là, en une phrase ; vide par défaut."""
        return ""

    def apres_passage(self, passage: Any) -> None:
        """Ce que l'objet entretient à chaque passage (dates d'étapes) ; rien par défaut."""

    @classmethod
    def apres_passages(cls, transition: str, couples: Collection[tuple[Any, Any]]) -> None:
        """`apres_passage` d'un lot de (objet, passage) d'une même transition ; à redéfinir pour l'écrire d'un coup."""
        for objet, passage in couples:
            objet.apres_passage(passage)


def champ_de(modele: type[models.Model]) -> Any:
    """Le champ d'état d'un modèle."""
    meta: Any = modele._meta
    return meta.get_field("etat")


class EtatField(FSMField):
    """Champ d'état : une machine dans le produit, un simple texte dans une migration."""

    def deconstruct(self) -> Any:
        """Ce qu'une migration en écrit : la base n'y voit qu'un texte, et n'a que faire des transitions.

        Sans cela, chaque modèle qu'une migration rebâtit laisse au signal `class_prepared` un abonné de plus.
        """
        nom, _, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return nom, "django.db.models.CharField", args, kwargs


def champ_etat(enum: type[models.TextChoices], depart: str) -> FSMField:
    """Champ d'état protégé, borné aux valeurs connues ; la contrainte en base s'ajoute dans `Meta`."""
    return EtatField("état", max_length=20, choices=enum.choices, default=depart, protected=True, db_index=True)


def etats_connus(enum: type[models.TextChoices], nom: str) -> models.CheckConstraint:
    """Contrainte de base : l'état est l'un de ceux de l'énumération."""
    return models.CheckConstraint(condition=models.Q(etat__in=enum.values), name=nom)


def retour_a(etat: str) -> GET_STATE:
    """Un retour vers un état : déclaré ainsi, le dessin d'une machine ne le prend pas pour une avance."""
    return GET_STATE(lambda self, **_: etat, states=[etat])


def machines() -> dict[str, type[ModeleAEtats]]:
    """Toutes les machines, par le nom que portent leurs adresses (« parcours », « grappe »…)."""
    return {str(m._meta.model_name): m for m in apps.get_models() if issubclass(m, ModeleAEtats)}


def exiger_choix(champ: str, valeur: str, permis: Collection[str], message: str) -> None:
    """Refuse une valeur hors liste, au champ qui la porte."""
    if valeur not in permis:
        raise Refus("champ", message, champs={champ: [message]})
