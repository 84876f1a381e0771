"""Compter des postes sans nommer personne : « quatre éducateurs de jour dans cette unité »."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef
from django.utils import timezone

from formation.enums import OriginePoste, Rythme
from formation.models import Acquis, Inscription, Poste, Professionnel
from formation.permissions import peut_saisir_formation
from formation.services.couverture import rafraichir
from formation.services.professionnels import SANS_OG, UNITE_D_AILLEURS
from programme.models import Esms, Metier, Parcours, Unite, Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde

PLAFOND = 500
AU_DELA = (
    "Un ESMS compte au plus {} postes sans nom, tous métiers réunis ; avec ce nombre, il en aurait {}. Au-delà, "
    "importez le fichier des ressources humaines."
)
PAS_D_AVANCE = "Une équipe se compte à partir d'aujourd'hui ou d'un jour passé : corrigez la date."


@dataclass(frozen=True, slots=True)
class Compte:
    """Des postes sans nom, tenus aujourd'hui, d'un métier, d'une unité et d'un rythme."""

    metier: int
    metier_nom: str
    unite: int | None
    unite_nom: str
    rythme: str
    nombre: int
    depuis: date

    @property
    def rythme_nom(self) -> str:
        """« De jour »."""
        return Rythme(self.rythme).label


@dataclass(frozen=True, slots=True)
class Change:
    """Ce que le geste a fait : combien il y en avait, combien il y en a."""

    avant: int
    apres: int

    def en_mots(self, metier: Any) -> str:
        """« 4 postes sans nom, éducateur spécialisé : il y en avait 2. »"""
        tete = f"{accorde(self.apres, 'poste')} sans nom, {str(metier).lower()}"
        return f"{tete} : rien n'a changé." if self.avant == self.apres else f"{tete} : il y en avait {self.avant}."


def _sans_nom(parcours: Parcours, au: date) -> Any:
    """Les postes sans nom tenus ce jour-là : comptés, non effacés."""
    anonymes = Professionnel.objects.sans_nom().order_by().values("pk")
    return Poste.objects.filter(parcours=parcours, professionnel__in=anonymes).en_poste(au)


def lire(parcours: Parcours, *, au: date) -> list[Compte]:
    """Les comptes sans nom de l'ESMS, par métier, unité, rythme. Une requête."""
    lignes = (
        _sans_nom(parcours, au)
        .order_by("metier__ordre", "metier__nom", F("unite__ordre").asc(nulls_first=True), "unite__nom", "rythme")
        .values_list("metier", "metier__nom", "unite", "unite__nom", "rythme")
        .annotate(nombre=Count("pk"), depuis=Min("debut"))
    )
    return [Compte(m, nom, u, u_nom or "", r, n, depuis) for m, nom, u, u_nom, r, n, depuis in lignes]


@transaction.atomic
def compter(
    *,
    parcours: Parcours,
    par: Utilisateur,
    metier: Metier,
    rythme: str,
    nombre: int,
    unite: Unite | None = None,
    depuis: date | None = None,
) -> Change:
    """Porte à `nombre` les postes sans nom de ce métier, de cette unité et de ce rythme.

    En plus, il en crée, entrés `depuis`. En moins, il retire d'abord ceux qui n'ont servi à rien ; ceux qu'on a
    inscrits ou formés finissent la veille. Refaire le même compte ne change rien. Lève `Refus` (droit, etat, champ).
    """
    exiger(peut_saisir_formation(par, parcours))
    au = timezone.localdate()
    # Deux envois du même compte se suivent : le second ne trouve plus rien à faire.
    Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    _verifier(parcours, unite=unite, depuis=depuis, nombre=nombre, au=au)
    tous = _sans_nom(parcours, au)
    groupe = tous.filter(metier=metier, unite=unite, rythme=rythme)
    avant = groupe.count()
    if (total := tous.count() - avant + nombre) > PLAFOND:
        phrase = AU_DELA.format(PLAFOND, total)
        raise Refus("champ", phrase, champs={"nombre": [phrase]})
    if nombre > avant:
        entree = {"metier": metier, "unite": unite, "rythme": rythme, "debut": depuis or au}
        _creer(parcours, nombre - avant, par, entree)
    elif nombre < avant:
        _oter(groupe, avant - nombre, au)
    rafraichir([parcours.pk])
    return Change(avant, nombre)


def _verifier(parcours: Parcours, *, unite: Unite | None, depuis: date | None, nombre: int, au: date) -> None:
    fautes: dict[str, list[str]] = {}
    if unite and unite.parcours_id != parcours.pk:
        fautes["unite"] = [UNITE_D_AILLEURS]
    if depuis and depuis > au:
        fautes["depuis"] = [PAS_D_AVANCE]
    if nombre < 0:
        fautes["nombre"] = ["Écrivez un nombre, zéro compris."]
    if fautes:
        raise Refus("champ", "à corriger", champs=fautes)


def _creer(parcours: Parcours, combien: int, par: Utilisateur, entree: dict[str, Any]) -> None:
    og = Esms.objects.values_list("og", flat=True).get(pk=parcours.esms_id)
    if og is None:
        raise Refus("etat", SANS_OG)
    sans_nom = [Professionnel(og_id=og, origine=OriginePoste.PAIE) for _ in range(combien)]
    crees = Professionnel.objects.bulk_create(sans_nom)
    Poste.objects.bulk_create([Poste(professionnel=p, parcours=parcours, saisi_par=par, **entree) for p in crees])


def _oter(groupe: Any, combien: int, au: date) -> None:
    """Les derniers comptés d'abord ; on ne défait pas une inscription ou un acquis."""
    ont_servi = Exists(Inscription.objects.filter(professionnel=OuterRef("professionnel"))) | Exists(
        Acquis.objects.filter(professionnel=OuterRef("professionnel"))
    )
    choisis = list(groupe.annotate(a_servi=ont_servi).order_by("a_servi", "-debut", "-pk")[:combien])
    Professionnel.objects.filter(pk__in=[p.professionnel_id for p in choisis if not p.a_servi]).delete()
    for poste in choisis:
        if poste.a_servi:
            poste.fin = max(poste.debut, au - timedelta(days=1))
            poste.save(update_fields=["fin"])
