"""Le financement d'une grappe : convention, jalons, avenants, pièces. Tout est vérifié avant la première écriture."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from programme.calculs.financement import repartir
from programme.enums import NatureAvenant
from programme.models import (
    Avenant,
    Convention,
    Grappe,
    Jalon,
    Parcours,
    Solution,
    Utilisateur,
    VersionInstruction,
)
from programme.permissions import peut_conduire
from programme.services.controles import exiger, signer, valider
from programme.socle import pieces
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.porte import PREMIERE_DATE
from programme.socle.versions import exiger_inchange

DEJA_PARTI = (
    "Ce jalon est transmis : il ne se corrige plus. Revenez d'abord en arrière, ou attendez une demande de précision."
)
AVANT_SIGNATURE = "L'échéance ne peut pas précéder la signature de la convention ({}) : corrigez-la."


def _refuser(champ: str, phrase: str) -> Refus:
    return Refus("champ", phrase, champs={champ: [phrase]})


def _exiger_passee(champ: str, jour: date, quoi: str) -> None:
    if jour > timezone.localdate():
        raise _refuser(champ, f"La signature {quoi} ne peut pas être à venir : enregistrez-la une fois signée.")
    if jour < PREMIERE_DATE:
        raise _refuser(champ, f"Cette date est trop ancienne : pas avant le {PREMIERE_DATE:%d/%m/%Y}.")


# --- convention ----------------------------------------------------------------------------------------------------


@transaction.atomic
def enregistrer_convention(
    *,
    grappe: Grappe,
    par: Utilisateur,
    reference: str,
    signee_le: date,
    fin: date | None = None,
    financeur: str = "",
    montant: Decimal | None = None,
    instruction: VersionInstruction | None = None,
    note: str = "",
    vu: int | None = None,
) -> Convention:
    """Crée la convention de la grappe, ou la modifie ; les tranches de l'instruction font les premiers jalons.

    Les jalons qui existent ne sont jamais refaits. `vu` : jeton de la version lue (0 : rien n'existait). Lève `Refus`
    (droit, champ, concurrence).
    """
    exiger(peut_conduire(par, grappe))
    # Deux enregistrements simultanés se suivent : le second voit la convention du premier.
    Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    convention = Convention.objects.filter(grappe=grappe).first() or Convention(grappe=grappe)
    champs = {
        "reference": reference,
        "financeur": financeur,
        "signee_le": signee_le,
        "fin": fin,
        "montant": montant,
        "instruction": instruction,
        "note": note,
    }
    exiger_inchange(Convention.history.filter(grappe=grappe), vu, champs.keys())
    _verifier_dates(convention, signee_le, fin)
    for nom, valeur in champs.items():
        setattr(convention, nom, valeur)
    valider(convention)
    signer(convention, par)
    convention.save()
    if instruction and not convention.jalons.exists():
        _creer_les_jalons(convention, instruction, par)
    return convention


def _verifier_dates(convention: Convention, signee_le: date, fin: date | None) -> None:
    _exiger_passee("signee_le", signee_le, "de la convention")
    if fin and fin < signee_le:
        raise _refuser("fin", "La fin de la convention ne peut pas précéder sa signature : corrigez l'une des dates.")
    if convention._state.adding:
        return
    if tot := convention.jalons.filter(echeance__lt=signee_le).first():
        phrase = f"Le jalon « {tot} » a une échéance plus ancienne ({date_courte(tot.echeance)}) : corrigez-la d'abord."
        raise _refuser("signee_le", phrase)
    if avant := convention.avenants.filter(signe_le__lt=signee_le).first():
        phrase = f"L'avenant {avant.numero} est signé avant ({date_courte(avant.signe_le)}) : vérifiez les deux dates."
        raise _refuser("signee_le", phrase)


def _creer_les_jalons(convention: Convention, instruction: VersionInstruction, par: Utilisateur) -> None:
    tranches = list(instruction.tranches.all())
    parts = repartir(convention.montant, [t.taux for t in tranches])
    for rang, (tranche, part) in enumerate(zip(tranches, parts, strict=True), 1):
        jalon = Jalon(
            convention=convention,
            rang=rang,
            libelle=tranche.libelle,
            piece_attendue=tranche.piece_attendue,
            preuve_usage=tranche.preuve_usage,
            montant=part,
        )
        signer(jalon, par)
        jalon.save()


# --- jalons --------------------------------------------------------------------------------------------------------


@transaction.atomic
def enregistrer_jalon(
    *,
    convention: Convention,
    par: Utilisateur,
    libelle: str,
    piece_attendue: str = "",
    echeance: date | None = None,
    montant: Decimal | None = None,
    preuve_usage: bool = False,
    jalon: Jalon | None = None,
    vu: int | None = None,
) -> Jalon:
    """Ajoute un jalon à la suite, ou corrige `jalon` tant qu'il n'est pas parti. Lève `Refus` (droit, champ, etat…)."""
    exiger(peut_conduire(par, convention))
    Convention.objects.select_for_update(of=("self",)).get(pk=convention.pk)
    if jalon:
        jalon = _a_la_main(jalon)
    champs = {
        "libelle": libelle,
        "piece_attendue": piece_attendue,
        "echeance": echeance,
        "montant": montant,
        "preuve_usage": preuve_usage,
    }
    if jalon:
        exiger_inchange(Jalon.history.filter(id=jalon.pk), vu, champs.keys())
    if echeance and echeance < convention.signee_le:
        raise _refuser("echeance", AVANT_SIGNATURE.format(date_courte(convention.signee_le)))
    dernier = convention.jalons.order_by("rang").values_list("rang", flat=True).last() or 0
    jalon = jalon or Jalon(convention=convention, rang=dernier + 1)
    for nom, valeur in champs.items():
        setattr(jalon, nom, valeur)
    valider(jalon)
    signer(jalon, par)
    jalon.save()
    return jalon


def _a_la_main(jalon: Jalon) -> Jalon:
    """Le jalon relu sous verrou ; refusé s'il est déjà chez le financeur."""
    relu = Jalon.objects.select_for_update(of=("self",)).select_related("convention__grappe").get(pk=jalon.pk)
    if not relu.est_a_la_main:
        raise Refus("etat", DEJA_PARTI)
    return relu


# --- pièces --------------------------------------------------------------------------------------------------------


@transaction.atomic
def joindre_piece(*, jalon: Jalon, fichier: File, par: Utilisateur) -> Piece:
    """Joint une pièce à un jalon qui n'est pas parti. Lève `Refus` (droit, champ `fichier`, etat)."""
    exiger(peut_conduire(par, jalon))
    return pieces.deposer(_a_la_main(jalon), fichier, par=par)


@transaction.atomic
def retirer_piece(*, jalon: Jalon, piece: Piece, par: Utilisateur) -> None:
    """Retire une pièce d'un jalon qui n'est pas parti. Lève `Refus` (droit, etat)."""
    exiger(peut_conduire(par, jalon))
    _a_la_main(jalon)
    pieces.retirer(piece)


# --- avenants ------------------------------------------------------------------------------------------------------


@transaction.atomic
def consigner_avenant(
    *,
    convention: Convention,
    par: Utilisateur,
    numero: int,
    nature: str,
    signe_le: date,
    reference: str = "",
    objet: str = "",
    nouvelle_fin: date | None = None,
    solution: Solution | None = None,
    parcours: Iterable[Parcours] = (),
) -> Avenant:
    """Consigne un avenant : un événement. Rien d'autre ne change, la page dit ce qui reste à faire."""
    exiger(peut_conduire(par, convention))
    Convention.objects.select_for_update(of=("self",)).get(pk=convention.pk)
    concernes = list(parcours)
    avenant = Avenant(
        convention=convention,
        numero=numero,
        nature=nature,
        signe_le=signe_le,
        reference=reference,
        objet=objet,
        nouvelle_fin=nouvelle_fin if nature == NatureAvenant.CALENDRIER else None,
        solution=solution if nature == NatureAvenant.EDITEUR else None,
        saisi_par=par,
    )
    _verifier_avenant(avenant, concernes)
    valider(avenant)
    avenant.save()
    avenant.parcours.set(concernes)
    return avenant


def _verifier_avenant(avenant: Avenant, parcours: list[Parcours]) -> None:
    convention, nature = avenant.convention, avenant.nature
    _exiger_passee("signe_le", avenant.signe_le, "de l'avenant")
    if avenant.signe_le < convention.signee_le:
        phrase = f"Un avenant ne peut pas précéder la convention, signée le {date_courte(convention.signee_le)}."
        raise _refuser("signe_le", phrase)
    if convention.avenants.filter(numero=avenant.numero).exists():
        raise _refuser("numero", f"L'avenant {avenant.numero} est déjà consigné : prenez un autre numéro.")
    if nature == NatureAvenant.CALENDRIER and not avenant.nouvelle_fin:
        raise _refuser("nouvelle_fin", "Donnez la nouvelle fin de la convention.")
    if avenant.nouvelle_fin and avenant.nouvelle_fin < convention.signee_le:
        raise _refuser("nouvelle_fin", "La nouvelle fin ne peut pas précéder la signature de la convention.")
    if nature == NatureAvenant.EDITEUR and not avenant.solution:
        raise _refuser("solution", "Choisissez la nouvelle solution.")
    if nature == NatureAvenant.SORTIE and not parcours:
        raise _refuser("parcours", "Cochez les ESMS qui sortent.")
    _exiger_de_la_grappe(convention, parcours)


def _exiger_de_la_grappe(convention: Convention, parcours: Iterable[Parcours]) -> None:
    if ailleurs := next((p for p in parcours if p.grappe_id != convention.grappe_id), None):
        raise _refuser("parcours", f"{ailleurs} n'est pas dans cette grappe.")


@transaction.atomic
def nommer_esms(*, avenant: Avenant, parcours: Iterable[Parcours], par: Utilisateur) -> int:
    """Dit quels ESMS un avenant concerne ; rend leur nombre. Lève `Refus` (droit, champ)."""
    exiger(peut_conduire(par, avenant))
    concernes: list[Any] = list(parcours)
    if avenant.nature == NatureAvenant.SORTIE and not concernes:
        raise _refuser("parcours", "Cochez les ESMS qui sortent.")
    _exiger_de_la_grappe(avenant.convention, concernes)
    avenant.parcours.set(concernes)
    return len(concernes)
