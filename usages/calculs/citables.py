"""Un verbatim peut-il sortir dans un document ? La règle, et sa raison. Module pur.

Il faut l'accord de qui parle ; s'il est mineur ou protégé, celui de son représentant et son assentiment à lui (le même
champ : ce que la personne elle-même a répondu). Il faut un rôle, jamais un nom, et des mots relus pour qu'on n'y
reconnaisse personne. Une personne accompagnée, un proche, un mineur, une personne protégée ne sont jamais
reconnaissables, même s'ils l'acceptent ; un professionnel ou une direction peut l'accepter. Un accord retiré l'emporte.
"""

from dataclasses import dataclass

from usages.enums import Anonymat, Consentement, SituationDite, VoixDite

RETIRE = "L'accord a été retiré : ces mots ne sortent plus d'aucun document."
REPRESENTANT_RETIRE = "Le représentant a retiré son accord : ces mots ne sortent plus d'aucun document."
REFUSE = "La personne a refusé d'être citée."
REPRESENTANT_REFUSE = "Le représentant a refusé."
SANS_VOIX = "On ne sait pas qui parle : dites son rôle."
SANS_SITUATION = "Dites si cette personne est majeure, mineure ou protégée : l'accord à demander en dépend."
A_DEMANDER = "L'accord de la personne reste à demander."
ASSENTIMENT_A_DEMANDER = "L'assentiment de la personne reste à demander, en plus de l'accord de son représentant."
REPRESENTANT_A_DEMANDER = "L'accord du représentant reste à demander, en plus de l'assentiment de la personne."
A_RELIRE = "Ces mots restent à relire, pour qu'on n'y reconnaisse personne."
TROP_RECONNAISSABLE = (
    "On reconnaît qui parle, et ce n'est pas possible ici : changez le rôle, ou coupez ce qui désigne."
)
CITABLE = "Accord donné, personne ne s'y reconnaît."
CITABLE_ASSENTIMENT = "Accord du représentant et assentiment donnés, personne ne s'y reconnaît."
CITABLE_RECONNAISSABLE = "Accord donné, en sachant qu'on reconnaîtra qui parle."


@dataclass(frozen=True, slots=True)
class Dit:
    """Ce qu'on sait d'un verbatim. `accord` : ce qu'a répondu la personne ; `representant` : son représentant."""

    voix: str
    situation: str
    accord: str
    representant: str
    anonymat: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Citable ou non. `motifs` : tout ce qui l'empêche, le plus grave d'abord ; `raison` : ce qu'on en dit d'abord."""

    est_citable: bool
    raison: str
    motifs: tuple[str, ...] = ()


def est_protege(dit: Dit) -> bool:
    """Vrai s'il faut l'accord d'un représentant et l'assentiment de la personne."""
    return dit.situation in (SituationDite.MINEUR, SituationDite.PROTEGE)


def juger(dit: Dit) -> Verdict:
    """Citable ou non, et pourquoi. Lève `ValueError` pour un mot inconnu : on ne cite pas sur un mot mal lu."""
    voix, situation, anonymat = VoixDite(dit.voix), SituationDite(dit.situation), Anonymat(dit.anonymat)
    accord, representant = Consentement(dit.accord), Consentement(dit.representant)
    protege = est_protege(dit)
    empechements = (
        (accord == Consentement.RETIRE, RETIRE),
        (protege and representant == Consentement.RETIRE, REPRESENTANT_RETIRE),
        (accord == Consentement.REFUSE, REFUSE),
        (protege and representant == Consentement.REFUSE, REPRESENTANT_REFUSE),
        (voix == VoixDite.NON_DITE, SANS_VOIX),
        # Un professionnel est majeur tant qu'on n'a pas dit le contraire ; de qui est accompagné, on ne suppose rien.
        (voix == VoixDite.PERSONNE and situation == SituationDite.INCONNUE, SANS_SITUATION),
        (protege and representant == Consentement.A_DEMANDER, REPRESENTANT_A_DEMANDER),
        (accord == Consentement.A_DEMANDER, ASSENTIMENT_A_DEMANDER if protege else A_DEMANDER),
        (anonymat == Anonymat.A_FAIRE, A_RELIRE),
        (anonymat == Anonymat.RECONNAISSABLE and not _peut_se_reconnaitre(voix, protege), TROP_RECONNAISSABLE),
    )
    if motifs := tuple(motif for empeche, motif in empechements if empeche):
        return Verdict(False, motifs[0], motifs)
    if anonymat == Anonymat.RECONNAISSABLE:
        return Verdict(True, CITABLE_RECONNAISSABLE)
    return Verdict(True, CITABLE_ASSENTIMENT if protege else CITABLE)


def _peut_se_reconnaitre(voix: VoixDite, protege: bool) -> bool:
    return not protege and voix in (VoixDite.PROFESSIONNEL, VoixDite.DIRECTION)
