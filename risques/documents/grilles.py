"""La grille remplie : énoncés, réponses, total par section, qui, quand, version. Document du projet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from programme.documents.rendu import rendre_pdf
from programme.documents.textes import instant
from programme.socle.dates import date_longue
from programme.socle.nombres import nombre
from risques.calculs.echelle import arrondi
from risques.calculs.notation import Mesure
from risques.enums import NatureGrille
from risques.models import Grille
from risques.models.grilles import TRANSMISES
from risques.services.grilles import GrilleDetaillee, QuestionLue

GABARIT = "grille.typ"
MENTION = "Document du projet, non transmis au financeur."
PAS_TRANSMISE = "Brouillon : cette grille n'est pas transmise, ses réponses peuvent changer."


@dataclass(frozen=True, slots=True)
class Document:
    """La grille prête à imprimer : son nom de fichier, son instant, ses données (du JSON simple)."""

    nom: str
    le: datetime
    donnees: dict[str, Any]

    def en_pdf(self) -> bytes:
        """Le PDF balisé."""
        return rendre_pdf(GABARIT, self.donnees, le=self.le)


def document_de(detail: GrilleDetaillee) -> Document:
    """Ce qu'une grille dit, au moment où on l'emporte."""
    grille, le = detail.grille, timezone.localtime()
    campagne = grille.evaluation.campagne
    donnees = {
        "titre": str(campagne),
        "objet": str(grille.evaluation.objet),
        "identite": _identite(detail),
        "mention": MENTION,
        "brouillon": "" if grille.etat in TRANSMISES else PAS_TRANSMISE,
        "resume": detail.resume,
        "possible": detail.possible,
        "lecture": detail.lecture,
        "sens": detail.sens[:1].upper() + detail.sens[1:],
        "total": "" if grille.est_partielle else valeur_sur(detail.resultat),
        "provisoire": "" if detail.avancement.complet else ", provisoire",
        "sections": [
            {
                "nom": s.section.nom,
                "valeur": valeur_sur(mesure),
                "compte": f"{s.avancement.nb_repondues} / {s.avancement.nb_posees}",
                "questions": [_dire(q) for q in s.posees],
            }
            for s, mesure in zip(detail.sections, detail.resultat.sections, strict=True)
        ],
        "le": instant(le),
        "provenance": campagne.version_posee.provenance,
    }
    return Document(f"grille-{slugify(str(campagne))[:60]}-{grille.pk}.pdf", le, donnees)


def valeur_sur(mesure: Mesure) -> str:
    """« 64 sur 100 » ; « — » si rien n'est noté ou si le sens est inconnu."""
    return "—" if mesure.affiche is None else f"{nombre(mesure.affiche)} sur {nombre(arrondi(mesure.sur))}"


def _identite(detail: GrilleDetaillee) -> list[list[str]]:
    grille = detail.grille
    version = grille.evaluation.campagne.version_posee
    collective = grille.nature != NatureGrille.INDIVIDUELLE
    lignes = [
        ("Questionnaire", f"{version.questionnaire}, version {version.numero}"),
        ("Évalué", str(grille.evaluation.objet)),
        ("Nature", grille.get_nature_display()),
        ("Tenue par" if collective else "Répondu par", str(grille.evaluateur)),
        ("Regard", grille.get_regard_display()),
        ("Participants", grille.participants),
        ("Tenue le", date_longue(grille.tenue_le) if grille.tenue_le else ""),
        ("État", grille.get_etat_display() + _transmise(grille)),
    ]
    return [[nom, valeur] for nom, valeur in lignes if valeur]


def _transmise(grille: Grille) -> str:
    derniere = grille.instantanes.order_by("rang").last()
    return f", transmise le {date_longue(derniere.le)}" if derniere else ""


def _dire(lue: QuestionLue) -> list[str]:
    etoile = "\u00a0★" if lue.question.etoilee else ""
    return [lue.question.code, lue.question.enonce + etoile, lue.dit or "—", lue.reponse.mot if lue.reponse else ""]
