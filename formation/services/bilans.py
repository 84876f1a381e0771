"""Les objectifs de départ, et le bilan qui les met face aux faits : arrêté, il se fige et ne change plus."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from formation.calculs.changement import EN_MOTS, Mesure, atteinte
from formation.enums import MesureObjectif
from formation.models import BilanChangement, Objectif
from formation.permissions import peut_saisir_formation
from formation.services.mesures_d_objectifs import RIEN, SANS_MESURE, UNITES, mesurer
from programme.enums import NatureFait
from programme.models import Fait, Grappe, Parcours, Utilisateur
from programme.services.actions import Cible
from programme.services.controles import exiger, signer, valider
from programme.services.parcours import dater_fait
from programme.socle.empreintes import empreinte_de
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange

CHAMPS = ("intitule", "mesure", "part_visee", "resultat")
"""Ce qu'on saisit d'un objectif."""

SANS_PART = "Donnez la part visée, en % : c'est elle qu'on mettra face au fait."
PART_DE_TROP = "Rien ne mesure cet objectif : laissez la part visée vide, ou choisissez le fait qui le mesure."
SANS_OBJECTIF = "Posez d'abord au moins un objectif de départ : le bilan se fait au regard de ce qu'on voulait."


def _refus(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


# --- les objectifs -------------------------------------------------------------------------------------------------


def faute_de_part(mesure: str, part_visee: int | None) -> str:
    """Ce qui ne va pas entre la part visée et le fait ; vide si rien."""
    if mesure == MesureObjectif.A_DIRE:
        return PART_DE_TROP if part_visee is not None else ""
    return SANS_PART if part_visee is None else ""


def _ecrire(objectif: Objectif, valeurs: dict[str, Any], par: Utilisateur) -> Objectif:
    for nom, valeur in valeurs.items():
        setattr(objectif, nom, valeur)
    if phrase := faute_de_part(objectif.mesure, objectif.part_visee):
        raise _refus("part_visee", phrase)
    valider(objectif)
    signer(objectif, par)
    objectif.save()
    return objectif


@transaction.atomic
def creer_objectif(*, cible: Cible, par: Utilisateur, **valeurs: Any) -> Objectif:
    """Pose un objectif pour un ESMS, ou pour toute sa grappe (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, champ)."""
    exiger(peut_saisir_formation(par, cible))
    parcours = cible if isinstance(cible, Parcours) else None
    objectif = Objectif(grappe=cible.grappe if isinstance(cible, Parcours) else cible, parcours=parcours)
    return _ecrire(objectif, valeurs, par)


@transaction.atomic
def modifier_objectif(*, objectif: Objectif, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Objectif:
    """Corrige un objectif, ou dit ce qu'il est devenu. Lève `Refus` (droit, champ, concurrence)."""
    exiger(peut_saisir_formation(par, objectif))
    relu = Objectif.objects.select_for_update(of=("self",)).get(pk=objectif.pk)
    exiger_inchange(Objectif.history.filter(id=relu.pk), vu, valeurs.keys())
    return _ecrire(relu, valeurs, par)


@transaction.atomic
def retirer_objectif(*, objectif: Objectif, par: Utilisateur) -> None:
    """Retire un objectif posé par erreur ; les bilans déjà arrêtés gardent ce qu'ils en disaient. Lève `Refus`."""
    exiger(peut_saisir_formation(par, objectif))
    signer(objectif, par)
    objectif.delete()


# --- face aux faits ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ObjectifLu:
    """Un objectif face au fait qui le mesure. `objectif` : None dans un bilan figé, qui ne garde que les mots."""

    intitule: str
    mesure: str
    part_visee: int | None
    atteinte: str
    faits: int | None
    total: int | None
    resultat: str
    de_la_grappe: bool
    objectif: Objectif | None = None

    @property
    def en_mots(self) -> str:
        """« atteint », « pas encore », « à dire »."""
        return EN_MOTS[self.atteinte]

    @property
    def mesure_en_mots(self) -> str:
        """« 12 sur 15 formés… », ou pourquoi il n'y a pas de mesure."""
        if self.mesure == MesureObjectif.A_DIRE:
            return "rien dans Treille ne le mesure : l'équipe le dit"
        if self.total is None:
            return SANS_MESURE.get(self.mesure, RIEN)
        return f"{self.faits} sur {self.total} : {UNITES[self.mesure]}" if self.total else RIEN

    @property
    def part(self) -> float | None:
        """La part mesurée, de 0 à 1."""
        return Mesure(self.faits or 0, self.total).part if self.total else None

    def figer(self) -> dict[str, Any]:
        """Ce qu'un bilan en garde."""
        noms = ("intitule", "mesure", "part_visee", "atteinte", "faits", "total", "resultat", "de_la_grappe")
        return {nom: getattr(self, nom) for nom in noms}


def objectifs_de(cible: Cible, par: Utilisateur) -> list[Objectif]:
    """Ceux de l'ESMS, puis ceux de toute sa grappe ; d'une grappe, les siens. Une requête."""
    siens = Q(parcours__isnull=True, grappe=cible.grappe_id if isinstance(cible, Parcours) else cible.pk)
    if isinstance(cible, Parcours):
        siens |= Q(parcours=cible)
    lus = Objectif.objects.visibles_par(par).filter(siens).select_related("grappe", "parcours__esms")
    return sorted(lus, key=lambda o: (o.parcours_id is None, o.ordre, o.pk))


def face_aux_faits(parcours: Parcours, objectifs: Iterable[Objectif], au: date) -> list[ObjectifLu]:
    """Ces objectifs, mesurés sur cet ESMS : ceux de la grappe aussi, chacun chez soi."""
    lus = list(objectifs)
    mesures = mesurer(parcours, {o.mesure for o in lus}, au)
    return [_lire(o, mesures.get(o.mesure)) for o in lus]


def _lire(objectif: Objectif, mesure: Mesure | None) -> ObjectifLu:
    return ObjectifLu(
        intitule=objectif.intitule,
        mesure=objectif.mesure,
        part_visee=objectif.part_visee,
        atteinte=atteinte(objectif.part_visee, mesure),
        faits=mesure.faits if mesure else None,
        total=mesure.total if mesure else None,
        resultat=objectif.resultat,
        de_la_grappe=objectif.parcours_id is None,
        objectif=objectif,
    )


# --- le bilan ------------------------------------------------------------------------------------------------------


@transaction.atomic
def arreter(*, parcours: Parcours, par: Utilisateur, texte: str = "") -> BilanChangement:
    """Fige les objectifs face aux faits du jour, et date le fait « bilan ». Lève `Refus` (droit, etat, champ).

    Un bilan arrêté ne change plus ; un autre peut le suivre.
    """
    exiger(peut_saisir_formation(par, parcours))
    relu = Parcours.objects.select_for_update(of=("self",)).get(pk=parcours.pk)
    au = timezone.localdate()
    lus = face_aux_faits(relu, objectifs_de(relu, par), au)
    if not lus:
        raise Refus("etat", SANS_OBJECTIF)
    contenu = {"au": au.isoformat(), "objectifs": [lu.figer() for lu in lus]}
    bilan = BilanChangement(parcours=relu, texte=texte, contenu=contenu, arrete_le=au, arrete_par=par)
    bilan.empreinte = _empreinte(bilan)
    valider(bilan)
    # Validé, le texte est nettoyé : c'est lui qu'on garde, et lui qu'on scelle.
    bilan.empreinte = _empreinte(bilan)
    bilan.save()
    fait = Fait.objects.filter(parcours=relu, nature=NatureFait.BILAN).first()
    dater_fait(
        parcours=[relu],
        nature=NatureFait.BILAN,
        date=au,
        par=par,
        reference=fait.reference if fait else "",
        note=fait.note if fait else "",
    )
    return bilan


def _empreinte(bilan: BilanChangement) -> str:
    return empreinte_de({"contenu": bilan.contenu, "texte": bilan.texte})


def est_intact(bilan: BilanChangement) -> bool:
    """Vrai si le bilan dit encore ce qu'il disait le jour où on l'a arrêté."""
    return bilan.empreinte == _empreinte(bilan)


def relire(bilan: BilanChangement) -> list[ObjectifLu]:
    """Les objectifs tels que le bilan les a figés."""
    return [ObjectifLu(**ligne) for ligne in bilan.contenu.get("objectifs", [])]


def bilans_de(parcours: Parcours) -> list[BilanChangement]:
    """Les bilans arrêtés, le dernier d'abord. Une requête."""
    return list(parcours.bilans.select_related("arrete_par"))


@dataclass(frozen=True, slots=True)
class AvanceeGrappe:
    """Combien d'ESMS, parmi ceux que le lecteur lit, ont tenu leur annonce et arrêté leur bilan."""

    esms: int
    annonces: int
    bilans: int


def avancee_de(grappe: Grappe, par: Utilisateur) -> AvanceeGrappe:
    """Où en sont les ESMS de la grappe. Une requête."""
    lus = Parcours.objects.lisibles_par(par).dans_le_projet().filter(grappe=grappe).order_by()
    compte = lus.aggregate(
        esms=Count("pk", distinct=True),
        annonces=Count("pk", filter=Q(faits__nature=NatureFait.ANNONCE), distinct=True),
        bilans=Count("pk", filter=Q(bilans__isnull=False), distinct=True),
    )
    return AvanceeGrappe(**compte)
