"""Comment se lit le fichier d'un éditeur : relié une fois pour l'organisme ; l'éditeur sert d'indice aux autres.

Ne se gardent que des intitulés de colonnes et des mots d'ESMS ou de lieu : jamais une case.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from formation.services.import_professionnels import Portee
from formation.services.import_professionnels.portee import parcours_de
from programme.models import Editeur, OrganismeGestionnaire, Utilisateur
from programme.services.controles import valider
from programme.services.reprise.correspondances import Reglages
from programme.socle.erreurs import Refus
from programme.socle.finess.numero import expliquer
from programme.socle.models import Correspondance
from programme.socle.texte import normaliser
from usages.enums import SourceUsage
from usages.mots_connexions import COLONNES, ESMS, LIEU

GENRE = "connexions"
CODE_PRIS = "Votre organisme a déjà une correspondance de ce code : prenez-en un autre, ou modifiez la première."
CODE_INCONNU = "Aucune correspondance « {} »{} : reliez d'abord un fichier depuis la page « Connexions » d'un ESMS."
PAS_A_VOUS = "Cette correspondance est celle d'un organisme dont vous ne gérez aucun ESMS."


def de_l_og(og: OrganismeGestionnaire) -> QuerySet[Correspondance]:
    """Celles de l'organisme, brouillons exceptés, la dernière d'abord."""
    siennes = Correspondance.objects.filter(genre=GENRE, og=og).exclude(options__has_key="brouillon")
    return siennes.order_by("-modifiee_le", "-pk")


def lisibles(par: Utilisateur) -> QuerySet[Correspondance]:
    """Toutes, les brouillons d'autrui exceptés ; le droit sur l'organisme se vérifie à part."""
    enregistree_ou_sienne = ~Q(options__has_key="brouillon") | Q(par=par)
    return Correspondance.objects.filter(genre=GENRE, og__isnull=False).filter(enregistree_ou_sienne)


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


@transaction.atomic
def ouvrir_brouillon(
    *,
    og: OrganismeGestionnaire,
    par: Utilisateur,
    nom: str,
    source: str,
    reglages: Reglages,
    editeur: Editeur | None = None,
) -> Correspondance:
    """Garde ce qui a été deviné d'un fichier, en attendant qu'on le relise ; un brouillon en remplace un."""
    siennes = Correspondance.objects.filter(genre=GENRE, og=og)
    correspondance = siennes.filter(par=par, options__has_key="brouillon").first()
    correspondance = correspondance or Correspondance(genre=GENRE, og=og, par=par)
    pris = set(siennes.exclude(pk=correspondance.pk).values_list("code", flat=True))
    code, rang = slugify(nom)[:50] or "connexions", 1
    while (propose := code if rang == 1 else f"{code}-{rang}") in pris:
        rang += 1
    correspondance.nom, correspondance.code = nom[:120] or "Connexions", propose
    correspondance.options = {"source": source} | ({"editeur": editeur.pk} if editeur else {})
    return _ecrire(correspondance, reglages, brouillon=True)


@transaction.atomic
def enregistrer(
    *, correspondance: Correspondance, nom: str, code: str, reglages: Reglages, par: Utilisateur
) -> Correspondance:
    """Retient une correspondance relue. Lève `Refus` : l'organisme n'est pas le sien, le code est pris."""
    if correspondance.og is None or not parcours_de(correspondance.og, par):
        raise Refus("droit", PAS_A_VOUS)
    autres = Correspondance.objects.filter(genre=GENRE, og=correspondance.og, code=code)
    if autres.exclude(pk=correspondance.pk).exists():
        raise Refus("champ", CODE_PRIS, champs={"code": [CODE_PRIS]})
    correspondance.nom, correspondance.code = nom.strip(), code
    return _ecrire(correspondance, reglages, brouillon=False)


def _ecrire(correspondance: Correspondance, reglages: Reglages, *, brouillon: bool) -> Correspondance:
    """Un mot qui n'est relié à rien ne se garde pas : mal reliée, sa colonne porterait des comptes.

    D'un brouillon, pas d'intitulés non plus : personne n'a encore dit que cette ligne en était une.
    """
    correspondance.colonnes = {i: code for i, code in reglages.colonnes.items() if code in COLONNES}
    correspondance.valeurs = {
        code: {mot: valeur for mot, valeur in mots.items() if valeur and "@" not in mot}
        for code, mots in reglages.valeurs.items()
        if code in (ESMS, LIEU)
    }
    gardees = {cle: v for cle, v in correspondance.options.items() if cle in ("source", "editeur")}
    correspondance.options = gardees | {"lecture": reglages.lecture, "entetes": [] if brouillon else reglages.entetes}
    if brouillon:
        correspondance.options["brouillon"] = True
    valider(correspondance, exclure=["colonnes", "valeurs", "options"])
    correspondance.save()
    return correspondance


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
