"""Borner les envois sans compte, sans garder d'adresse : on compte des empreintes que la clé du jour brouille.

La clé est tirée au sort chaque jour et s'efface le lendemain : d'un compteur, on ne retrouve ni adresse, ni lien. Une
tranche finie s'efface dès l'envoi suivant : la base ne raconte pas les heures d'une journée.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from usages.models import CleDuJour, CompteurDeDepots

TRANCHE = timedelta(minutes=10)
PAR_ADRESSE = 30
"""Envois d'une adresse par tranche : un établissement n'a souvent qu'une adresse pour tous."""
PAR_LIEN = 200
CODES_PAR_ADRESSE = 20
"""Codes de suivi essayés d'une adresse par tranche : deviner en prendrait des millions d'années."""
TROP_D_ENVOIS = "Trop de retours arrivent en même temps : rien n'est perdu, réessayez dans {} minutes."
TROP_D_ESSAIS = "Trop de codes ont été essayés d'ici : réessayez dans {} minutes."


@dataclass
class TropDEnvois(Exception):
    """Le plafond est atteint ; `motif` est la phrase à montrer, `secondes` ce qu'il faut attendre."""

    motif: str
    secondes: int


def adresse_de(entetes: Mapping[str, Any]) -> str:
    """D'où vient la demande : le bout IPv6 d'un même accès compte pour un. Les relais qu'on n'a pas dits sont ignorés.

    Derrière N relais (`TREILLE_RELAIS`), chacun ajoute à droite l'adresse qu'il a vue : la bonne est la N-ième.
    """
    brute = str(entetes.get("REMOTE_ADDR") or "")
    vues = [v.strip() for v in str(entetes.get("HTTP_X_FORWARDED_FOR") or "").split(",") if v.strip()]
    relais = settings.TREILLE_RELAIS
    if relais and len(vues) >= relais:
        brute = vues[-relais]
    try:
        lue = ip_address(brute)
    except ValueError:
        return brute
    # Vue par une prise IPv6, une adresse IPv4 reste elle-même : le bout serait celui de tous.
    if isinstance(lue, IPv6Address) and lue.ipv4_mapped:
        return str(lue.ipv4_mapped)
    return str(ip_network(f"{lue}/64", strict=False)) if lue.version == 6 else str(lue)


def compter_un_depot(*, jeton: str, adresse: str) -> None:
    """Compte un envoi pour ce lien et pour cette adresse. Lève `TropDEnvois`."""
    _exiger([("adresse", adresse, PAR_ADRESSE), ("lien", jeton, PAR_LIEN)], TROP_D_ENVOIS)


def compter_un_code(*, adresse: str) -> None:
    """Compte un code de suivi essayé de cette adresse. Lève `TropDEnvois`."""
    _exiger([("code", adresse, CODES_PAR_ADRESSE)], TROP_D_ESSAIS)


def oublier(au: date) -> int:
    """Efface les clés et les compteurs d'avant ce jour ; rend combien de clés."""
    debut = timezone.make_aware(datetime.combine(au, datetime.min.time()))
    CompteurDeDepots.objects.filter(tranche__lt=debut).delete()
    effacees, _ = CleDuJour.objects.filter(jour__lt=au).delete()
    return effacees


def _exiger(compteurs: list[tuple[str, str, int]], motif: str) -> None:
    maintenant = timezone.now()
    tranche = datetime.fromtimestamp(maintenant.timestamp() // TRANCHE.seconds * TRANCHE.seconds, tz=maintenant.tzinfo)
    cle, reste = _cle_du_jour(timezone.localdate(maintenant)), tranche + TRANCHE - maintenant
    pleins = [_ajouter(_brouiller(cle, nature, quoi), tranche) > plafond for nature, quoi, plafond in compteurs]
    if any(pleins):
        secondes = int(reste.total_seconds()) + 1
        raise TropDEnvois(motif.format(-(-secondes // 60)), secondes)


def _cle_du_jour(jour: date) -> str:
    trouvee, neuve = CleDuJour.objects.get_or_create(jour=jour, defaults={"cle": secrets.token_hex(32)})
    if neuve:
        oublier(jour)
    return trouvee.cle


def _brouiller(cle: str, nature: str, quoi: str) -> str:
    return hmac.new(cle.encode(), f"{nature} {quoi}".encode(), hashlib.sha256).hexdigest()


def _ajouter(empreinte: str, tranche: datetime) -> int:
    compteur, neuf = CompteurDeDepots.objects.get_or_create(empreinte=empreinte, tranche=tranche)
    if neuf:
        # Finie, elle ne borne plus rien : gardée avec la clé du jour, elle dirait l'heure et l'adresse d'un envoi.
        CompteurDeDepots.objects.filter(tranche__lt=tranche).delete()
    # Une addition faite par la base : deux envois au même instant comptent pour deux.
    CompteurDeDepots.objects.filter(pk=compteur.pk).update(nombre=F("nombre") + 1)
    compteur.refresh_from_db(fields=["nombre"])
    return compteur.nombre
