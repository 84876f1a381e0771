"""Recevoir un retour : une fois, quoi qu'il arrive à l'envoi ; et ne garder de son auteur que ce qu'il a choisi."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from formation.models import Poste
from programme.models import Metier, Module, Parcours, Unite, Utilisateur
from programme.services.controles import valider
from programme.socle.erreurs import Refus
from usages.enums import CanalRetour, GraviteRetour, NiveauRetour
from usages.models import LienDeRetour, Retour
from usages.models.retours import semaine_de

PETITE_EQUIPE = 8
"""En dessous, on peut deviner qui parle : on le dit, et l'on ne garde que la semaine."""
DEJA_AILLEURS = "Cette clé d'envoi a déjà servi pour un autre ESMS : tirez-en une autre."
AUTRE_UNITE = "Cette unité n'est pas de cet ESMS."


@dataclass(frozen=True, slots=True)
class Depot:
    """Ce qu'on reçoit. `cle` : tirée par l'appareil, elle rend l'envoi rejouable. `suivi` : l'empreinte du code."""

    probleme: str
    cle: UUID
    amelioration: str = ""
    gravite: str = GraviteRetour.GENANTE
    module: Module | None = None
    unite: Unite | None = None
    metier: Metier | None = None
    niveau: str = NiveauRetour.UNITE
    canal: str = CanalRetour.AUCUN
    suivi: str = ""
    courriel: str = ""


def effectif(parcours: Parcours, unite: Unite | None, au: date) -> int | None:
    """Personnes en poste dans l'unité, ou dans l'ESMS ; None si l'on n'en connaît aucune. Une requête."""
    postes = Poste.objects.filter(parcours=parcours)
    if unite is not None:
        postes = postes.filter(unite=unite)
    return postes.en_poste(au).values("professionnel").distinct().count() or None


def est_petite(nombre: int | None) -> bool:
    """Vrai si l'on peut deviner qui parle ; une équipe qu'on ne connaît pas compte comme petite."""
    return nombre is None or nombre < PETITE_EQUIPE


def recevoir(
    *, parcours: Parcours, depot: Depot, par: Utilisateur | None = None, lien: LienDeRetour | None = None
) -> tuple[Retour, bool]:
    """Garde ce retour, une seule fois par clé ; rend aussi s'il est neuf. Lève `Refus("champ")`. Sans droit à juger.

    Sans nom, le jour reçu est le lundi de la semaine, quelle que soit l'équipe.
    """
    deja = _deja(parcours, depot.cle)
    if deja is not None:
        return deja, False
    if depot.unite is not None and depot.unite.parcours_id != parcours.pk:
        raise Refus("champ", AUTRE_UNITE, champs={"unite": [AUTRE_UNITE]})
    retour = _batir(parcours, depot, par, lien)
    valider(retour)
    try:
        with transaction.atomic():
            retour.save(force_insert=True)
    except IntegrityError:
        # Deux onglets au même instant : le premier l'a écrit.
        deja = _deja(parcours, depot.cle)
        if deja is None:
            raise
        return deja, False
    return retour, True


def _batir(parcours: Parcours, depot: Depot, par: Utilisateur | None, lien: LienDeRetour | None) -> Retour:
    au = timezone.localdate()
    unite = depot.unite if depot.niveau == NiveauRetour.UNITE else None
    signe = par is not None and depot.canal == CanalRetour.COMPTE
    return Retour(
        parcours=parcours,
        unite=unite,
        niveau=depot.niveau if unite else NiveauRetour.ESMS,
        module=depot.module,
        metier=depot.metier,
        gravite=depot.gravite,
        probleme=depot.probleme,
        amelioration=depot.amelioration,
        # Sans nom, le jour dirait qui : les comptes d'un ESMS ouverts ce jour-là se comptent sur une main.
        recu_le=au if signe else semaine_de(au),
        cle=depot.cle,
        lien=_sans_dire_l_unite(lien, unite),
        auteur=par if signe else None,
        canal=depot.canal,
        suivi=depot.suivi if depot.canal == CanalRetour.CODE else "",
        courriel=depot.courriel if depot.canal == CanalRetour.COURRIEL else "",
    )


def _sans_dire_l_unite(lien: LienDeRetour | None, unite: Unite | None) -> LienDeRetour | None:
    """Au nom de l'établissement, le lien d'une unité ne se garde pas : il dirait d'où l'on parle."""
    return None if lien is not None and lien.unite_id and unite is None else lien


def _deja(parcours: Parcours, cle: UUID) -> Retour | None:
    deja = Retour.objects.filter(cle=cle).first()
    if deja is not None and deja.parcours_id != parcours.pk:
        raise Refus("champ", DEJA_AILLEURS, champs={"cle": [DEJA_AILLEURS]})
    return deja
