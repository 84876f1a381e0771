"""Comment se lit le fichier d'un éditeur : relié une fois pour l'organisme ; l'éditeur sert d'indice aux autres.

Ne se gardent que des intitulés de colonnes et des mots d'ESMS ou de lieu : jamais une case.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from formation.services.import_professionnels import Portee
from programme.models import Editeur
from programme.socle.finess.numero import expliquer
from programme.socle.liaisons import ESMS, Reglages
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser
from usages.calculs.mots_connexions import COLONNES, LIEU
from usages.enums import SourceUsage

GENRE = "connexions"


def source_de(correspondance: Correspondance) -> str:
    """Journal, ou liste d'utilisateurs."""
    return str(correspondance.options.get("source", SourceUsage.JOURNAL.value))


def colonnes_de_l_editeur(editeur: Editeur | None) -> dict[str, str]:
    """Intitulé normalisé → code, tel que d'autres l'ont relié pour cet éditeur ; le dernier qui a parlé l'emporte."""
    if editeur is None:
        return {}
    memes = Correspondance.objects.filter(genre=GENRE, options__editeur=editeur.pk)
    rendu: dict[str, str] = {}
    for colonnes in (
        memes.exclude(options__has_key="brouillon").order_by("modifiee_le").values_list("colonnes", flat=True)
    ):
        rendu |= {intitule: code for intitule, code in colonnes.items() if code in COLONNES}
    return rendu


def sans_comptes(reglages: Reglages) -> Reglages:
    """Un mot qui n'est relié à rien ne se garde pas : mal reliée, sa colonne porterait des comptes."""
    return replace(
        reglages,
        colonnes={i: code for i, code in reglages.colonnes.items() if code in COLONNES},
        valeurs={
            code: {mot: valeur for mot, valeur in mots.items() if valeur and "@" not in mot}
            for code, mots in reglages.valeurs.items()
            if code in (ESMS, LIEU)
        },
        mots={},
    )


# --- des mots aux ESMS ---------------------------------------------------------------------------------------------


def noms_des_esms(portee: Portee) -> dict[str, str]:
    """Mot normalisé → FINESS : le nom d'un ESMS, ou celui d'une unité, quand il n'en désigne qu'un."""
    vus: dict[str, set[str]] = {}
    for finess, parcours in portee.parcours.items():
        noms = {parcours.esms.nom, parcours.esms.nom_long, *portee.unites.get(parcours.pk, {})}
        for nom in filter(None, map(normaliser, filter(None, noms))):
            vus.setdefault(nom, set()).add(finess)
    return {nom: next(iter(finess)) for nom, finess in vus.items() if len(finess) == 1}


def traducteur(correspondance: Correspondance, portee: Portee) -> Callable[[str], int | None]:
    """Un mot du fichier → la clé de l'ESMS : son numéro FINESS, ce qui a été relié, sinon le seul qu'il désigne."""
    noms, reliees = noms_des_esms(portee), correspondance.valeurs.get(ESMS, {})
    cles = {finess: parcours.pk for finess, parcours in portee.parcours.items()}

    def traduire(mot: str) -> int | None:
        numero = expliquer(mot).numero if any(c.isdigit() for c in mot) else None
        cle = normaliser(mot)
        return cles.get(numero or reliees.get(cle) or noms.get(cle) or "")

    return traduire


def lieux_relies(correspondance: Correspondance) -> dict[str, Any]:
    """Mot normalisé → lieu."""
    return dict(correspondance.valeurs.get(LIEU, {}))
