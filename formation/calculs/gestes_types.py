"""Les quatre leviers en une ligne, et des gestes de départ pour chacun. Des idées, jamais une obligation."""

from dataclasses import dataclass

from formation.enums import Levier, PublicVise

L, P = Levier, PublicVise

SENS: dict[str, str] = {
    L.INFORMATION: "Dire ce qui vient, quand et pourquoi : la même chose à tous.",
    L.COMMUNICATION: "Le dire à chacun avec ses mots, écouter ce qui inquiète, y répondre.",
    L.FORMATION: "Savoir faire avant d'ouvrir, et avoir quelqu'un à qui demander ensuite.",
    L.INCLUSION: "Pouvoir changer le projet par ses idées : y prendre part, et voir ce qu'on en a fait.",
}


@dataclass(frozen=True, slots=True)
class Geste:
    """Un geste de départ : ce qu'on fait, et pour qui."""

    levier: str
    libelle: str
    public: str = P.EQUIPES


GESTES: tuple[Geste, ...] = (
    Geste(L.INFORMATION, "Afficher le calendrier du projet en salle de pause"),
    Geste(L.INFORMATION, "Faire un point de cinq minutes à chaque réunion d'équipe"),
    Geste(L.INFORMATION, "Expliquer le projet au conseil de la vie sociale", P.PERSONNES),
    Geste(L.COMMUNICATION, "Tenir un temps de questions ouvertes, équipe par équipe"),
    Geste(L.COMMUNICATION, "Écrire une page simple pour les personnes accompagnées et leurs proches", P.PERSONNES),
    Geste(L.COMMUNICATION, "Prévenir les médecins et les libéraux qui interviennent", P.PARTENAIRES),
    Geste(L.FORMATION, "Nommer un collègue à qui demander, de jour et de nuit"),
    Geste(L.FORMATION, "Montrer aux cadres ce que leurs équipes vont apprendre", P.ENCADREMENT),
    Geste(L.INCLUSION, "Faire essayer l'écran de relève à deux équipes, et garder leurs remarques"),
    Geste(L.INCLUSION, "Dire en réunion ce qui a changé grâce aux idées reçues"),
    Geste(L.INCLUSION, "Associer les représentants du personnel au choix des dates", P.REPRESENTANTS),
)


def gestes_de(levier: str) -> list[tuple[int, Geste]]:
    """Les gestes d'un levier, avec leur rang parmi tous : c'est lui que porte le lien qui en part."""
    return [(rang, geste) for rang, geste in enumerate(GESTES) if geste.levier == levier]


def geste_au_rang(rang: str) -> Geste | None:
    """Le geste que nomme un lien ; None s'il n'en nomme aucun."""
    return GESTES[int(rang)] if rang.isdecimal() and len(rang) < 4 and int(rang) < len(GESTES) else None
