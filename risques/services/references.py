"""Les instruments livrés avec Treille : lus de leurs fichiers, publiés par la porte, rejoués sans effet."""

import hashlib
from pathlib import Path

from programme.models import Utilisateur
from programme.socle.lots import Effets
from programme.socle.porte import changer_etat
from risques.definition.json_ import lire_json
from risques.definition.modele import Definition
from risques.models import Questionnaire, VersionQuestionnaire
from risques.services import questionnaires as services

SOUS_DOSSIER = "questionnaires"


class ReferenceFautive(Exception):
    """Un fichier livré ne se lit pas : rien n'est chargé."""


def charger_questionnaires(dossier: Path) -> Effets:
    """Aligne les versions de Treille sur `dossier/questionnaires/*.json`. À appeler dans une transaction.

    Un fichier inchangé depuis la dernière version qui en vient ne fait rien, même si elle est retirée ; un fichier
    changé publie la suivante, et les anciennes restent. Compte les questions. Lève `ReferenceFautive`.
    """
    effets = Effets()
    fichiers = sorted((dossier / SOUS_DOSSIER).glob("*.json"))
    if not fichiers:
        return effets
    connues = _dernieres()
    for chemin in fichiers:
        octets = chemin.read_bytes()
        empreinte = hashlib.sha256(octets).hexdigest()
        deja, nb_questions = connues.get(chemin.stem, ("", 0))
        if deja == empreinte:
            effets.inchanges += nb_questions
            continue
        _compter(effets, _publier(_lire(chemin, octets), empreinte))
    return effets


def _dernieres() -> dict[str, tuple[str, int]]:
    """Par code, l'empreinte et le nombre de questions de la dernière version venue d'un fichier ; une requête."""
    versions = VersionQuestionnaire.objects.filter(grappe__isnull=True).exclude(empreinte="").order_by("numero")
    lues = versions.avec_nombre().values_list("questionnaire__code", "empreinte", "nb_questions")
    return {code: (empreinte, nb_questions) for code, empreinte, nb_questions in lues}


def _lire(chemin: Path, octets: bytes) -> Definition:
    lu = lire_json(octets)
    if lu.definition is None:
        raise ReferenceFautive(f"{chemin.name} : {' '.join(map(str, lu.fautes))}")
    if lu.definition.code != chemin.stem:
        raise ReferenceFautive(f"{chemin.name} : le code du questionnaire est « {lu.definition.code} ».")
    return lu.definition


def _publier(definition: Definition, empreinte: str) -> VersionQuestionnaire:
    """La version suivante de Treille. Un brouillon en préparation n'y perd rien : il prend le numéro d'après."""
    treille = Utilisateur.objects.de_treille()
    questionnaire, _ = Questionnaire.objects.get_or_create(
        code=definition.code, defaults={"nom": definition.nom, "objet": definition.objet}
    )
    services.renommer(questionnaire, definition)
    versions = VersionQuestionnaire.objects.de_portee(questionnaire, None)
    numero = services.dernier_numero(versions.parues()) + 1
    versions.brouillons().filter(numero=numero).update(numero=numero + 1)
    version = VersionQuestionnaire(questionnaire=questionnaire, numero=numero, empreinte=empreinte)
    services.ecrire_texte(version, definition)
    services.proposer_comparabilite(version)
    changer_etat(version, "publier", par=treille)
    return version


def _compter(effets: Effets, version: VersionQuestionnaire) -> None:
    """Ajoute ce qu'une version change à celle d'avant, en questions."""
    precedente = services.precedente_de(version)
    ecarts = services.differences_avec(version, precedente)
    total = sum(1 for _ in services.definition_de(version).questions)
    if ecarts is None:
        effets.crees += total
        return
    effets.crees += len(ecarts.ajoutees)
    effets.modifies += len(ecarts.changees)
    effets.inchanges += total - len(ecarts.ajoutees) - len(ecarts.changees)
