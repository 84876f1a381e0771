"""Écrire les chiffres d'un relevé : ce que l'ESMS tape ; et, par ensemble, ce qui se calcule ou s'importe.

Une seule façon de tenir les totaux (`feuilles.totaux_tenus`) : un relevé transmis retire sa réponse, s'écrit, puis la
rajoute, dans la même transaction. Ce qui est extrait vit dans `extraits.py`, et s'appelle d'ici.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from usages.calculs.controles import faute_d_etat, faute_de_periode, fautes, total_des_parts
from usages.models import Releve, Valeur
from usages.permissions import peut_saisir_chiffres
from usages.services.chiffres import feuilles
from usages.services.chiffres.extraits import Bilan, Ecart, Importe, poser_calcules, remplacer_importes
from usages.services.chiffres.feuilles import INATTENDU, Feuille, Place, jeton, paire
from usages.services.chiffres.retenir import Saisie, retenir

__all__ = [
    "Bilan",
    "Ecart",
    "Ecriture",
    "Importe",
    "Saisie",
    "ecrire",
    "jeton",
    "poser_calcules",
    "remplacer_importes",
]

A_REVOIR = "Ces chiffres ne peuvent pas s'enregistrer : {}."
CROISEE = "Entre-temps, {} a écrit ce chiffre : relisez-le, puis enregistrez à nouveau."
LE_CALCUL = "le calcul"


@dataclass(slots=True)
class Ecriture:
    """Ce qu'une saisie a fait : cases écrites ; par code d'indicateur, les refus, et ce qu'un autre a écrit avant."""

    ecrites: list[Valeur] = field(default_factory=list)
    refusees: dict[str, list[str]] = field(default_factory=dict)
    croisees: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def ecrire(
    *,
    releve: Releve,
    saisies: Sequence[Saisie],
    par: Utilisateur,
    en_reponse: bool = False,
    partiel: bool = False,
) -> Ecriture:
    """Écrit ces chiffres dans ce relevé : tous, ou aucun ; en `partiel`, ceux qui se peuvent, et dit les autres.

    `en_reponse` : à une précision, un relevé validé se corrige aussi. Lève `Refus` (droit, etat, champ, concurrence) ;
    `champs` est rangé par code d'indicateur.
    """
    droit = peut_saisir_chiffres(par, releve.parcours)
    if not droit:
        raise Refus("droit", droit.motif)
    verrouille: Any = Releve.objects.select_for_update(of=("self",)).select_related("parcours").get(pk=releve.pk)
    _exiger_ouvert(verrouille, en_reponse)
    feuille = feuilles.lire([verrouille])[verrouille.pk]
    ecriture = Ecriture()
    voulues = _sans_les_croisees(feuille, saisies, ecriture)
    essai = _essayer(feuille, voulues, ecriture)
    if not partiel:
        _refuser(ecriture)
    changees = essai.changees_depuis(feuille)
    touchees, maintenant = {(s.indicateur, s.cle) for s in voulues}, timezone.now()
    for place in changees:
        valeur = essai.cases[place]
        valeur.mot_attendu = bool(essai.surprises(place))
        if place in touchees:
            valeur.ecrite_le, valeur.ecrite_par = maintenant, par
    ecriture.ecrites = [essai.cases[place] for place in changees]
    with feuilles.totaux_tenus([verrouille]):
        feuilles.ecrire([essai], ecriture.ecrites)
    return ecriture


def _exiger_ouvert(releve: Releve, en_reponse: bool) -> None:
    if faute := faute_d_etat(releve.etat, en_reponse=en_reponse):
        raise Refus("etat", faute)
    if faute := faute_de_periode(releve.periode, timezone.localdate()):
        raise Refus("champ", faute, champs={"periode": [faute]})


def _sans_les_croisees(feuille: Feuille, saisies: Sequence[Saisie], ecriture: Ecriture) -> list[Saisie]:
    """Les saisies qui partent de ce qu'on lit encore ; celle qui redit ce que l'autre a écrit passe."""
    rendu = []
    for saisie in saisies:
        valeur = feuille.cases.get((saisie.indicateur, saisie.cle))
        if valeur is None or saisie.vu is None or saisie.vu == jeton(valeur) or saisie.redit(valeur):
            rendu.append(saisie)
            continue
        qui = valeur.ecrite_par or LE_CALCUL
        ecriture.croisees[valeur.indicateur.code] = CROISEE.format(qui)
    return rendu


def _essayer(feuille: Feuille, saisies: list[Saisie], ecriture: Ecriture) -> Feuille:
    """La feuille telle qu'elle serait ; ôte une à une les saisies qu'on refuse, et recommence sans elles.

    Un dénominateur partagé refuse ce qui le dépasserait : c'est lui qu'on tape qui est en faute, ou le chiffre tapé
    avec lui.
    """
    while True:
        essai = feuille.copie()
        mauvaises: dict[Place, list[str]] = {}
        # Ce à quoi l'on rapporte d'abord : les autres le lisent.
        ordre = essai.a_rapporter_d_abord({s.indicateur for s in saisies})
        for saisie in sorted(saisies, key=lambda s: ordre.index(s.indicateur)):
            if dites := _poser_saisie(essai, saisie):
                mauvaises[(saisie.indicateur, saisie.cle)] = dites
        touchees = {(s.indicateur, s.cle) for s in saisies}
        for cle, _ in list(touchees):
            for valeur in essai.partager(cle, meme_vide=True):
                place = (valeur.indicateur_id, "")
                if dites := _juger(essai, place):
                    mauvaises[place if place in touchees else (cle, "")] = _nommees(valeur, dites, place in touchees)
        if not mauvaises:
            return essai
        for place, dites in mauvaises.items():
            code = feuille.indicateurs[place[0]].code if place[0] in feuille.indicateurs else str(place[0])
            ecriture.refusees.setdefault(code, []).extend(dites)
        saisies[:] = [s for s in saisies if (s.indicateur, s.cle) not in mauvaises]


def _nommees(valeur: Valeur, dites: list[str], lui_meme: bool) -> list[str]:
    return dites if lui_meme else [f"{valeur.indicateur.libelle} : {dite}" for dite in dites]


def _juger(essai: Feuille, place: Place) -> list[str]:
    indicateur = essai.indicateurs[place[0]]
    return fautes(indicateur, paire(essai.cases[place]), brouillon=not essai.releve.est_compte)


def _poser_saisie(essai: Feuille, saisie: Saisie) -> list[str]:
    """Pose une saisie dans la feuille d'essai ; rend ce qui s'y oppose."""
    if (saisie.indicateur, "") not in essai.cases:
        return [INATTENDU]
    valeur = essai.case((saisie.indicateur, saisie.cle))
    if dites := retenir(essai, valeur, saisie):
        return dites
    if saisie.cle:
        total = essai.cases[(saisie.indicateur, "")]
        parts = [v for place, v in essai.cases.items() if place[0] == saisie.indicateur and place[1]]
        total.numerateur = total_des_parts([p.numerateur for p in parts])
        total.origine, total.motif = saisie.origine, ""
    try:
        for nom in ("commentaire", "raison", "texte"):
            champ: Any = Valeur._meta.get_field(nom)
            setattr(valeur, nom, champ.clean(getattr(valeur, nom), valeur))
    except ValidationError as faute:
        return list(faute.messages)
    return _juger(essai, (saisie.indicateur, saisie.cle))


def _refuser(ecriture: Ecriture) -> None:
    if ecriture.croisees:
        raise Refus("concurrence", " ".join(dict.fromkeys(ecriture.croisees.values())))
    if ecriture.refusees:
        premieres = "; ".join(dites[0].rstrip(".") for dites in ecriture.refusees.values())
        raise Refus("champ", A_REVOIR.format(premieres), champs=ecriture.refusees)
