"""Un instrument livré, mis en base depuis son JSON : de quoi répondre au vrai questionnaire."""

import json
from typing import Any

from django.conf import settings

from programme.enums import Role
from programme.models import Grappe
from programme.socle.porte import changer_etat
from risques.models import Question, Questionnaire, Section, VersionQuestionnaire
from tests.fabriques import affecter

DOSSIER = settings.RACINE / "fixtures/reference/questionnaires"


def instrument(code: str, grappe: Grappe) -> VersionQuestionnaire:
    """La version livrée, publiée par la porte, pour cette grappe."""
    lu = json.loads((DOSSIER / f"{code}.json").read_text(encoding="utf-8"))
    questionnaire, _ = Questionnaire.objects.get_or_create(code=code, defaults={"nom": lu["nom"], "objet": lu["objet"]})
    entete = {nom: lu[nom] for nom in ("sens", "total", "provenance", "note", "duree_minutes") if nom in lu}
    version = VersionQuestionnaire.objects.create(
        questionnaire=questionnaire, grappe=grappe, numero=lu["version"], **entete
    )
    for rang, decrite in enumerate(lu["sections"], 1):
        champs = {nom: decrite[nom] for nom in ("code", "nom", "aide", "points") if nom in decrite}
        section = Section.objects.create(version=version, rang=rang, **champs)
        Question.objects.bulk_create(
            _question(section, place, q, lu) for place, q in enumerate(decrite["questions"], 1)
        )
    changer_etat(version, "publier", par=affecter(Role.CHEF_PROJET, grappe))
    return version


def _question(section: Section, rang: int, decrite: dict[str, Any], lu: dict[str, Any]) -> Question:
    si = decrite.get("si")
    conditions = {"si_question": si["question"], "si_au_moins": si["au_moins"]} if si else {}
    champs = {"sens": lu["sens"]} | {nom: valeur for nom, valeur in decrite.items() if nom != "si"}
    return Question(section=section, rang=rang, **champs, **conditions)
