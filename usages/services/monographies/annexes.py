"""Ce qui entoure la prose : les faits écrits par l'équipe, les documents consultés, le sens des sigles."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from programme.models import Categorie, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.texte import nettoyer, normaliser
from usages.calculs.prose import Bloc, lire
from usages.calculs.rendus_prose import Sigle as SigleLu
from usages.calculs.rendus_prose import sigles
from usages.calculs.sigles_connus import SIGLES
from usages.enums import CodeFait
from usages.models import DocumentConsulte, FaitMonographie, Monographie, Sigle
from usages.permissions import peut_ecrire_une_section

SANS_VALEUR = "Écrivez la valeur, ou revenez à ce que l'outil sait."


@transaction.atomic
def ecrire_fait(
    *, monographie: Monographie, code: str, valeur: str, par: Utilisateur, source: str = ""
) -> FaitMonographie:
    """Écrit un fait par-dessus ce que l'outil sait. Lève `Refus` (droit, champ)."""
    exiger(peut_ecrire_une_section(par, monographie))
    if not nettoyer(valeur):
        raise Refus("champ", SANS_VALEUR, champs={"valeur": [SANS_VALEUR]})
    Monographie.objects.select_for_update(of=("self",)).get(pk=monographie.pk)
    deja = FaitMonographie.objects.filter(monographie=monographie, code=code).first()
    fait = deja or FaitMonographie(monographie=monographie, code=CodeFait(code))
    fait.valeur, fait.source = valeur, source
    valider(fait)
    fait.save()
    return fait


@transaction.atomic
def oublier_fait(*, monographie: Monographie, code: str, par: Utilisateur) -> None:
    """Revient à ce que l'outil sait. Lève `Refus` (droit)."""
    exiger(peut_ecrire_une_section(par, monographie))
    FaitMonographie.objects.filter(monographie=monographie, code=code).delete()


@transaction.atomic
def ajouter_documents(*, monographie: Monographie, titres: str, par: Utilisateur) -> list[DocumentConsulte]:
    """Ajoute un document par ligne ; celui qui y est déjà ne se double pas. Lève `Refus` (droit, champ)."""
    exiger(peut_ecrire_une_section(par, monographie))
    Monographie.objects.select_for_update(of=("self",)).get(pk=monographie.pk)
    deja = {normaliser(titre) for titre in monographie.documents.values_list("titre", flat=True)}
    ajoutes = []
    for titre in filter(None, (ligne.strip() for ligne in nettoyer(titres).split("\n"))):
        if normaliser(titre) not in deja:
            deja.add(normaliser(titre))
            document = DocumentConsulte(monographie=monographie, titre=titre)
            _valider_au_champ(document, "titre", "titres")
            document.save()
            ajoutes.append(document)
    return ajoutes


@transaction.atomic
def retirer_document(*, monographie: Monographie, document: int, par: Utilisateur) -> None:
    """Retire un document de la liste. Lève `Refus` (droit)."""
    exiger(peut_ecrire_une_section(par, monographie))
    monographie.documents.filter(pk=document).delete()


@dataclass(frozen=True, slots=True)
class SiglesLus:
    """Les sigles du texte : ceux que personne n'explique d'abord ; ceux que l'équipe a dits ; ceux du glossaire."""

    inconnus: list[SigleLu]
    dits: list[Sigle]
    connus: list[SigleLu]


def sigles_connus(monographie: Monographie) -> dict[str, str]:
    """Le glossaire du produit, les catégories d'ESMS, et ce que l'équipe a dit, qui l'emporte. Deux requêtes."""
    categories = Categorie.objects.exclude(sigle="").order_by("code").values_list("sigle", "libelle")
    return SIGLES | dict(categories) | dict(monographie.sigles.values_list("sigle", "sens"))


def sigles_de(monographie: Monographie) -> SiglesLus:
    """Ceux de toutes les sections. Quatre requêtes."""
    blocs: list[Bloc] = [b for t in monographie.sections.values_list("texte", flat=True) for b in lire(t)]
    employes = sigles(blocs, sigles_connus(monographie))
    dits = list(monographie.sigles.all())
    nommes = {s.sigle for s in dits}
    return SiglesLus(
        [s for s in employes if not s.sens], dits, [s for s in employes if s.sens and s.sigle not in nommes]
    )


@transaction.atomic
def dire_sigles(*, monographie: Monographie, sens: Mapping[str, str], par: Utilisateur) -> int:
    """Dit le sens de plusieurs sigles ; un sens vide ne change rien. Rend combien. Lève `Refus` (droit, champ)."""
    exiger(peut_ecrire_une_section(par, monographie))
    Monographie.objects.select_for_update(of=("self",)).get(pk=monographie.pk)
    deja = {s.sigle: s for s in monographie.sigles.all()}
    dits = {nettoyer(sigle): nettoyer(mots) for sigle, mots in sens.items() if nettoyer(mots)}
    for nom, mots in dits.items():
        sigle = deja.get(nom) or Sigle(monographie=monographie, sigle=nom)
        sigle.sens = mots
        valider(sigle)
        sigle.save()
    return len(dits)


@transaction.atomic
def retirer_sigle(*, monographie: Monographie, sigle: int, par: Utilisateur) -> None:
    """Retire le sens d'un sigle. Lève `Refus` (droit)."""
    exiger(peut_ecrire_une_section(par, monographie))
    monographie.sigles.filter(pk=sigle).delete()


def _valider_au_champ(objet: DocumentConsulte, nom: str, champ: str) -> None:
    try:
        valider(objet)
    except Refus as refus:
        raise Refus("champ", refus.motif, champs={champ: refus.champs.get(nom, [refus.motif])}) from refus
