"""Le questionnaire vierge, à imprimer : ses codes courts servent à ressaisir les réponses à l'écran."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from programme.documents.rendu import rendre_pdf
from programme.socle.dates import date_longue
from programme.socle.nombres import accorde, nombre
from risques.models import VersionQuestionnaire
from risques.services.lecture_questionnaires import QuestionLue, SectionLue, texte_de

GABARIT = "vierge.typ"
CASES_MAXIMALES = 11
"""Au-delà, on écrit la note plutôt que de cocher."""


@dataclass(frozen=True, slots=True)
class Vierge:
    """Le document prêt à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def vierge_de(version: VersionQuestionnaire, *, le: datetime) -> Vierge:
    """Le vierge d'une version déjà lue avec ses sections et ses questions."""
    texte, questionnaire = texte_de(version), version.questionnaire
    donnees = {
        "nom": questionnaire.nom,
        "code": questionnaire.code,
        "version": f"version {version.numero}" + (f" de {version.grappe}" if version.grappe else ""),
        "brouillon": version.est_brouillon,
        "le": date_longue(le.date()),
        "compte": f"{accorde(texte.nb_questions, 'question')} · environ {texte.duree}",
        "sens": texte.sens,
        "echelons": texte.echelons,
        "etoilees": bool(texte.nb_etoilees),
        "provenance": version.provenance,
        "note": version.note,
        "sections": [_dire_section(s, tait=bool(texte.echelons)) for s in texte.sections],
    }
    return Vierge(f"{questionnaire.code}-version-{version.numero}-vierge.pdf", le, donnees)


def _dire_section(section: SectionLue, *, tait: bool) -> dict[str, Any]:
    s = section.section
    return {
        "titre": f"{s.code} · {s.nom}",
        "aide": s.aide,
        "points": "" if s.points is None else accorde(s.points, "point"),
        "questions": [_dire_question(q, tait=tait) for q in section.questions],
    }


def _dire_question(lue: QuestionLue, *, tait: bool) -> dict[str, Any]:
    """`tait` : les échelons sont dits une fois pour toutes, les cases suffisent."""
    q = lue.question
    valeurs = list(range(q.minimum, q.maximum + 1))
    libelles = {e["valeur"]: e["libelle"] for e in q.echelle}
    if q.choix:
        valeurs = sorted(libelles)
    nommees = q.choix and not tait
    serrees = len(valeurs) > CASES_MAXIMALES and not nommees
    precisions = [q.aide, lue.condition, lue.sens, "" if q.choix else lue.echelle]
    return {
        "code": f"{q.code} *" if q.etoilee else q.code,
        "enonce": q.enonce,
        "precisions": [p for p in precisions if p],
        "valeurs": [] if serrees or nommees else [str(v) for v in valeurs],
        "choix": [[str(v), libelles[v]] for v in valeurs] if nommees else [],
        "a_ecrire": f"de {nombre(q.minimum)} à {nombre(q.maximum)}" if serrees else "",
        "sans_objet": q.sans_objet,
    }
