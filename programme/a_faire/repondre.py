"""Répondre : les faits et les champs de fiche qui manquent, une fois pour plusieurs ESMS."""

from collections.abc import Iterator

from django.urls import reverse

from programme.a_faire.lecture import Vu, lieu_de, parcours_vus
from programme.calculs.titres import TITRES_FAITS, TITRES_FICHE, TITRES_PAGES, libelle_de_date
from programme.enums import FAITS_A_DATER, NatureFait, Role
from programme.models import Parcours
from programme.socle.a_faire import Bouton, Demande, Ligne, Urgence, inscrire
from programme.socle.conditions import Constat
from programme.socle.dates import date_courte

AU_SIEGE = {"cse", "aipd", "hebergement", "prerequis", "materiel", "reprise", "arrivants"}
PLANCHER = {"cse", "aipd", "hebergement"}
TITRES = TITRES_FICHE | TITRES_PAGES


def _repond(vu: Vu, nature: str) -> bool:
    if vu.roles & {Role.DIRECTEUR, Role.REFERENT}:
        return True
    return Role.SIEGE in vu.roles and nature in AU_SIEGE


def faits_manquants(demande: Demande) -> dict[str, list[Vu]]:
    """ESMS à qui manque un fait pour la suite, les ouvertures ou une réserve, par nature, si l'on répond pour eux."""
    rendu: dict[str, list[Vu]] = {}
    for vu in parcours_vus(demande):
        for code in vu.manques:
            if code in FAITS_A_DATER and _repond(vu, code):
                rendu.setdefault(code, []).append(vu)
    return rendu


def _urgence(vus: list[Vu], code: str) -> Urgence:
    """Ce qui barre presse ; ce qui sert à plusieurs aussi ; une promesse déjà passée au journal peut attendre."""
    if any(vu.manques[code].barre for vu in vus):
        return Urgence.REPONDRE
    partage = sum(vu.reserve_de(code) is None for vu in vus) > 1
    return Urgence.SUIVRE if partage else Urgence.PEUT_ATTENDRE


def _pour_qui(vus: list[Vu], code: str) -> str:
    if len(vus) > 1:
        return f"Demandé par {len(vus)} ESMS · répondez une fois"
    reserve = vus[0].reserve_de(code)
    return lieu_de(vus[0].parcours) + (f" · passé sous réserve le {date_courte(reserve.depuis)}" if reserve else "")


@inscrire("faits")
def faits(demande: Demande) -> Iterator[Ligne]:
    """Un fait daté manque à un ou plusieurs ESMS : on y répond une fois."""
    for nature, vus in faits_manquants(demande).items():
        condition = vus[0].manques[nature].condition
        ensemble = len(vus) > 1
        commun = reverse("programme:faits-communs", args=[nature])
        seul = reverse("programme:parcours-fait", args=[vus[0].parcours.pk, nature])
        formulaire = {
            "nature": nature,
            "parcours": [vu.parcours for vu in vus],
            "url": commun,
            "date": libelle_de_date(nature),
            "reference": nature in PLANCHER,
        }
        yield Ligne(
            titre=TITRES_FAITS[NatureFait(nature)],
            detail=_pour_qui(vus, nature) + ("" if condition.est_legale else " · aucune pièce à joindre"),
            url=commun if ensemble else seul,
            urgence=_urgence(vus, nature),
            texte=condition.pourquoi,
            gestes=() if ensemble else (Bouton("Donner la date", seul),),
            formulaire=formulaire if ensemble else None,
            noms=tuple(lieu_de(vu.parcours) for vu in vus) if ensemble else (),
        )


@inscrire("fiche")
def fiche(demande: Demande) -> Iterator[Ligne]:
    """Ce que la fiche d'un ESMS ne dit pas encore et que la suite demande."""
    manquent: dict[str, list[tuple[Parcours, Constat]]] = {}
    for vu in parcours_vus(demande):
        for code, constat in vu.manques.items():
            permis = {Role.DIRECTEUR} if code == "vague" else {Role.DIRECTEUR, Role.REFERENT}
            if code == "etat_des_lieux":
                permis = permis | {Role.SIEGE}
            if code in TITRES and vu.roles & permis:
                manquent.setdefault(code, []).append((vu.parcours, constat))
    for code, demandes in manquent.items():
        liens = tuple(Bouton(lieu_de(p), constat.condition.lien(p)) for p, constat in demandes)
        barre = any(c.barre for _, c in demandes)
        yield Ligne(
            titre=TITRES[code],
            detail=lieu_de(demandes[0][0]) if len(demandes) == 1 else f"Demandé par {len(demandes)} ESMS",
            url=liens[0].url,
            urgence=Urgence.REPONDRE if barre else Urgence.PEUT_ATTENDRE,
            texte=demandes[0][1].condition.pourquoi,
            gestes=(Bouton("Compléter la fiche" if code in TITRES_FICHE else "Compléter", liens[0].url),)
            if len(liens) == 1
            else (),
            liens=liens if len(liens) > 1 else (),
        )
