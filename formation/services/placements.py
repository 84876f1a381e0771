"""Chaque personne en poste et le profil qu'elle reçoit : celui de son métier, ou un autre, choisi."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from formation.models import Poste, Profil
from formation.permissions import peut_gerer_professionnels
from formation.services.comptes import pourvues
from programme.calculs.masquage import masquer, masquer_couples, masquer_total
from programme.models import Grappe, Metier, Parcours, Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus

ENTRE_TEMPS = (
    "Entre-temps, quelqu'un a placé {} autrement. Rien n'est écrit : relisez la liste, puis enregistrez à nouveau."
)
PROFIL_D_AILLEURS = "Ce profil n'est pas un profil en vigueur de la grappe."


@dataclass(frozen=True, slots=True)
class Placement:
    """Un poste, le profil reçu (None : le métier n'en a pas), et celui de son métier."""

    poste: Poste
    profil: Profil | None
    de_son_metier: Profil | None


@dataclass(frozen=True, slots=True)
class Compte:
    """Un profil (None : sans profil), combien de personnes, combien sans compte ; None : masqué."""

    profil: Profil | None
    en_poste: int | None
    a_creer: int | None


@dataclass(frozen=True, slots=True)
class Lecture:
    """La page : les placements (vide pour qui ne lit pas les noms), les nombres par profil, les métiers oubliés."""

    placements: list[Placement]
    par_profil: list[Compte]
    en_poste: int | None
    a_creer: int | None
    sans_profil: list[tuple[Metier, int | None]]


def profils_par_metier(grappe: Grappe | int) -> dict[int, Profil]:
    """Métier → son profil en vigueur ; un métier n'en a qu'un. Deux requêtes."""
    siens = Profil.objects.en_vigueur().filter(grappe=grappe).prefetch_related("metiers")
    return {metier.pk: profil for profil in siens for metier in profil.metiers.all()}


def placements(parcours: Parcours, au: date) -> list[Placement]:
    """Ceux des personnes prévues ce jour-là, dans l'ordre des noms."""
    d_office = profils_par_metier(parcours.grappe_id)
    postes = Poste.objects.prevus(au).filter(parcours=parcours).pour_lecture()
    return [Placement(p, p.profil or d_office.get(p.metier_id), d_office.get(p.metier_id)) for p in postes]


def lire(parcours: Parcours, au: date, *, nommer: bool) -> Lecture:
    """La page d'un ESMS ; sans les noms, les petits groupes se taisent. Un nombre constant de requêtes."""
    tous, ont_un_compte = placements(parcours, au), pourvues(parcours)
    # Qui tient deux postes compte une fois, sous le premier : les profils font un tout.
    premiers = {p.poste.professionnel_id: p for p in reversed(tous)}
    par_profil: dict[Profil | None, tuple[int, int]] = {}
    for personne, p in premiers.items():
        en_poste, a_creer = par_profil.get(p.profil, (0, 0))
        par_profil[p.profil] = (en_poste + 1, a_creer + (personne not in ont_un_compte))
    oublies = Counter(p.poste.metier for p in premiers.values() if p.profil is None)
    montres: Mapping[Profil | None, Any] = par_profil if nommer else masquer_couples(par_profil)
    tus: Mapping[Metier, int | None] = oublies if nommer else masquer(oublies)
    effectifs = {cle: n for cle, (n, _) in par_profil.items()}
    total = sum(effectifs.values()) if nommer else masquer_total(effectifs)
    return Lecture(
        placements=tous if nommer else [],
        par_profil=[Compte(cle, *montres[cle]) for cle in sorted(par_profil, key=_rang)],
        en_poste=total,
        a_creer=None if total is None else sum(n for _, n in par_profil.values()),
        sans_profil=sorted(tus.items(), key=lambda paire: (paire[0].ordre, paire[0].nom)),
    )


def _rang(profil: Profil | None) -> tuple[bool, int, str]:
    """Les profils dans leur ordre, « sans profil » à la fin."""
    return (profil is None, profil.ordre if profil else 0, profil.nom if profil else "")


@transaction.atomic
def placer(*, parcours: Parcours, choix: Mapping[int, tuple[int | None, int | None]], par: Utilisateur) -> int:
    """Place ces postes : clé du poste → (profil lu sur la page, profil choisi) ; None, celui du métier.

    Rend combien ont changé. Lève `Refus` : droit ; champ (profil d'ailleurs) ; concurrence (placé autrement depuis).
    """
    exiger(peut_gerer_professionnels(par, parcours))
    changes = {poste: (vu, voulu) for poste, (vu, voulu) in choix.items() if vu != voulu}
    offerts = set(Profil.objects.en_vigueur().filter(grappe=parcours.grappe_id).values_list("pk", flat=True))
    if any(voulu is not None and voulu not in offerts for _, voulu in changes.values()):
        raise Refus("champ", PROFIL_D_AILLEURS)
    postes = Poste.objects.select_for_update(of=("self",)).filter(parcours=parcours, pk__in=changes)
    lus = list(postes.select_related("professionnel"))
    autrement = [p for p in lus if p.profil_id not in changes[p.pk]]
    if autrement:
        raise Refus("concurrence", ENTRE_TEMPS.format(", ".join(str(p.professionnel) for p in autrement[:3])))
    for poste in lus:
        poste.profil_id = changes[poste.pk][1]
    Poste.objects.bulk_update(lus, ["profil"])
    return len(lus)


COLONNES = ["Matricule", "Nom", "Courriel professionnel", "Métier", "Unité", "Code du profil", "Profil", "Compte"]
LARGEURS = [14, 30, 32, 30, 22, 20, 28, 24]


def liste_nominative(parcours: Parcours, *, par: Utilisateur, au: date | None = None) -> list[list[Any]]:
    """Qui doit avoir un compte, avec quel profil, et lequel est déjà signalé actif. Lève `Refus` (droit)."""
    exiger(peut_gerer_professionnels(par, parcours))
    connus = pourvues(parcours)
    return [
        [
            p.poste.professionnel.matricule,
            str(p.poste.professionnel),
            p.poste.professionnel.courriel,
            p.poste.metier.nom,
            p.poste.unite.nom if p.poste.unite else "",
            p.profil.code if p.profil else "",
            p.profil.nom if p.profil else "sans profil",
            connus.get(p.poste.professionnel_id) or "à créer",
        ]
        for p in placements(parcours, au or timezone.localdate())
    ]
