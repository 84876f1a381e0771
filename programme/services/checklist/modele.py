"""Le modèle de la checklist : celui de Treille, lu d'un fichier ; celui d'une grappe, adapté puis publié."""

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.calculs.budget_de_saisie import campagne_de, refus_de
from programme.calculs.checklist import Differences, comparer
from programme.models import Grappe, LigneChecklist, Utilisateur, VersionChecklist
from programme.permissions import peut_tenir_le_modele
from programme.services.checklist.lecture import lignes_en_vigueur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.lots import Effets

CHAMPS = (
    "role", "phase", "niveau", "libelle", "aide", "source", "mesure", "sans_objet_si", "piece_attendue",
    "echeance_etat", "echeance_jours",
)  # fmt: skip
DEJA_UN_BROUILLON = "Une version est déjà en préparation : finissez-la, ou abandonnez-la."
DEJA_PUBLIEE = "Cette version est publiée : elle ne change plus. Préparez-en une autre."
RIEN_DE_CHANGE = "Cette version ne change rien à celle en vigueur : il n'y a rien à publier."
VIDE = "Une checklist garde au moins une action : ajoutez-en une avant de publier."
CODE_PRIS = "Ce code est déjà celui d'une autre action de cette version : choisissez-en un autre."


def charger_modele(chemin: Path) -> Effets:
    """Le modèle de Treille, depuis son fichier ; une version de plus seulement si le fichier a changé.

    À appeler dans une transaction. Rend le nombre d'actions, créées ou inchangées.
    """
    contenu = chemin.read_bytes()
    empreinte = hashlib.sha256(contenu).hexdigest()
    derniere = VersionChecklist.objects.filter(grappe__isnull=True).order_by("numero").last()
    if derniere and derniere.empreinte == empreinte:
        return Effets(inchanges=derniere.lignes.count())
    version = VersionChecklist.objects.create(numero=derniere.numero + 1 if derniere else 1, empreinte=empreinte)
    lignes = csv.DictReader(io.StringIO(contenu.decode("utf-8"), newline=""), delimiter=";")
    for ordre, brute in enumerate(lignes, 1):
        piece, jours = brute.pop("piece") == "oui", brute.pop("echeance_jours")
        ligne = LigneChecklist(
            version=version, ordre=ordre, piece_attendue=piece, echeance_jours=int(jours) if jours else None, **brute
        )
        ligne.full_clean()
        ligne.save()
    version.publiee_le = timezone.now()
    version.save(update_fields=["publiee_le"])
    return Effets(crees=version.lignes.count())


def brouillon_de(grappe: Grappe) -> VersionChecklist | None:
    """La version en préparation, s'il y en a une."""
    return VersionChecklist.objects.filter(grappe=grappe, publiee_le__isnull=True).first()


@transaction.atomic
def preparer_version(*, grappe: Grappe, par: Utilisateur) -> VersionChecklist:
    """Ouvre un brouillon, copie de ce qui est en vigueur. Lève `Refus` (droit, etat)."""
    exiger(peut_tenir_le_modele(par, grappe))
    Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    if brouillon_de(grappe):
        raise Refus("etat", DEJA_UN_BROUILLON)
    _, lignes = lignes_en_vigueur(grappe.pk)
    dernier = VersionChecklist.objects.filter(grappe=grappe).order_by("numero").last()
    version = VersionChecklist.objects.create(grappe=grappe, numero=dernier.numero + 1 if dernier else 1)
    for ligne in lignes:
        copie = {nom: getattr(ligne, nom) for nom in (*CHAMPS, "code", "ordre")}
        LigneChecklist.objects.create(version=version, **copie)
    return version


def _exiger_brouillon(version: VersionChecklist, par: Utilisateur) -> None:
    exiger(peut_tenir_le_modele(par, _grappe(version)))
    if not VersionChecklist.objects.select_for_update(of=("self",)).get(pk=version.pk).est_brouillon:
        raise Refus("etat", DEJA_PUBLIEE)


def _grappe(version: VersionChecklist) -> Any:
    return version.grappe


@transaction.atomic
def enregistrer_ligne(
    *, version: VersionChecklist, par: Utilisateur, code: str, ligne: LigneChecklist | None = None, **champs: Any
) -> LigneChecklist:
    """Ajoute une action au brouillon, ou en corrige une ; son code ne change plus. Lève `Refus`."""
    _exiger_brouillon(version, par)
    if ligne is None:
        if version.lignes.filter(code=code).exists():
            raise Refus("champ", CODE_PRIS, champs={"code": [CODE_PRIS]})
        dernier = version.lignes.order_by("ordre").last()
        ligne = LigneChecklist(version=version, code=code, ordre=dernier.ordre + 1 if dernier else 1)
    for nom, valeur in champs.items():
        setattr(ligne, nom, valeur)
    valider(ligne)
    ligne.save()
    return ligne


@transaction.atomic
def retirer_ligne(*, ligne: LigneChecklist, par: Utilisateur) -> None:
    """Retire une action du brouillon ; les réponses données restent. Lève `Refus`."""
    _exiger_brouillon(ligne.version, par)
    ligne.delete()


@transaction.atomic
def abandonner_version(*, version: VersionChecklist, par: Utilisateur) -> None:
    """Efface un brouillon. Lève `Refus`."""
    _exiger_brouillon(version, par)
    version.delete()


def differences_de(version: VersionChecklist) -> Differences:
    """Ce que ce brouillon change à ce qui est en vigueur."""
    _, avant = lignes_en_vigueur(_grappe(version).pk)
    return comparer({x.code: x for x in avant}, {x.code: x for x in version.lignes.all()})


@transaction.atomic
def publier_version(*, version: VersionChecklist, par: Utilisateur, note: str = "") -> Differences:
    """Met une version en vigueur ; aucune réponse n'est touchée. Rend ce qui change.

    Lève `Refus` (droit, etat) : rien de changé, plus rien à faire, ou plus de saisie que n'en permet le budget.
    """
    _exiger_brouillon(version, par)
    if not version.lignes.exists():
        raise Refus("etat", VIDE)
    _, avant = lignes_en_vigueur(_grappe(version).pk)
    apres = list(version.lignes.all())
    ecarts = comparer({x.code: x for x in avant}, {x.code: x for x in apres})
    if not ecarts and [_valeurs(x) for x in avant] == [_valeurs(x) for x in apres]:
        raise Refus("etat", RIEN_DE_CHANGE)
    if trop := refus_de(campagne_de(apres)):
        raise Refus("etat", trop)
    version.publiee_le, version.publiee_par, version.note = timezone.now(), par, note
    valider(version)
    version.save()
    return ecarts


def _valeurs(ligne: LigneChecklist) -> list[Any]:
    return [getattr(ligne, nom) for nom in (*CHAMPS, "code", "ordre")]
