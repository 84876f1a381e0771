"""Gestes groupés sur des retours : les confier, les prendre en charge, les dire résolus. Le mécanisme : `gestes_lot`.

Qualifier, publier, ne pas retenir demandent des mots propres à chacun : ils ne se font pas en lot.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils import timezone

from programme.models import Utilisateur
from programme.services.gestes_lot import RESERVE, Geste, Ligne
from programme.socle.droits import Droit
from programme.socle.models import Passage
from programme.socle.porte import lire_ensemble, refus_prevu
from programme.socle.porte_lot import Demande, changer_etat_en_lot
from usages.enums import EtatRetour
from usages.models import Relais, Retour
from usages.permissions import peut_traiter
from usages.permissions.retours import TRAITENT
from usages.services.retours.traitement import PAS_LU, confier, faute_de_confiance, lus_par

PERSONNE = "personne"
_DEVIENT = {"prendre_en_charge": EtatRetour.EN_COURS, "resoudre": EtatRetour.RESOLU}


class GesteDeRetour(Geste):
    """Un geste qui revient aussi aux relais, que nul rôle ne désigne."""

    def peut(self, utilisateur: Utilisateur) -> Droit:
        """Vrai si le geste peut lui revenir quelque part. Une requête au plus."""
        return super().peut(utilisateur) or Droit(Relais.objects.filter(compte=utilisateur).exists(), RESERVE)


def lire_retours(cles: Iterable[int], par: Utilisateur, *, verrou: bool = False) -> list[Retour]:
    """Ces retours, s'ils sont visibles, le plus ancien d'abord."""
    voulus = list(cles)
    if verrou:
        # Le verrou d'abord, sur la table seule : PostgreSQL refuse de verrouiller ce qu'une jointure rend facultatif.
        list(Retour.objects.select_for_update().filter(pk__in=voulus).order_by("pk").values_list("pk"))
    lus = Retour.objects.visibles_par(par).filter(pk__in=voulus).pour_lecture()
    return list(lus.order_by("recu_le", "pk"))


def _ligne(retour: Retour, quoi: str, avant: str, apres: str) -> Ligne:
    faits = {"État": retour.get_etat_display(), quoi: avant}
    return Ligne(retour, faits, avant, apres, lieu=str(retour.parcours))


# --- confier ---------------------------------------------------------------------------------------------------------


def _examiner_confier(retours: list[Retour], par: Utilisateur, *, confie_a: Utilisateur | None) -> list[Ligne]:
    lus, lignes = lus_par(confie_a, retours), []
    for retour in retours:
        ligne = _ligne(retour, "Confié à", str(retour.confie_a or PERSONNE), str(confie_a or PERSONNE))
        if not (droit := peut_traiter(par, retour)):
            ligne.refus = droit.motif
        elif retour.confie_a == confie_a:
            ligne.refus = f"Rien à changer : déjà confié à {ligne.avant}."
        else:
            ligne.refus = faute_de_confiance(retour, confie_a, lus)
        lignes.append(ligne)
    return lignes


def _ecrire_confier(retours: list[Retour], par: Utilisateur, *, confie_a: Utilisateur | None) -> None:
    confier(retours=retours, a=confie_a, par=par)


# --- par la porte ----------------------------------------------------------------------------------------------------


def _examiner(transition: str, retours: list[Retour], par: Utilisateur, **_: Any) -> list[Ligne]:
    lectures, au = lire_ensemble(retours, transition, par=par), timezone.localdate()
    passages = Passage.objects.de_plusieurs(Retour, [r.pk for r in retours]).order_by("rang")
    precedentes = {p.objet_id: p.date_effet for p in passages}
    lignes = []
    for retour in retours:
        ligne = _ligne(retour, "Résumé", retour.titre, str(_DEVIENT[transition].label))
        ligne.avant = retour.get_etat_display()
        refus = refus_prevu(retour, lectures[retour.pk], date_effet=au, precedente=precedentes.get(retour.pk))
        if refus:
            ligne.refus = " ".join(p for phrases in refus.champs.values() for p in phrases) or refus.motif
        elif transition == "prendre_en_charge" and not retour.titre:
            ligne.refus = PAS_LU
        lignes.append(ligne)
    return lignes


def _ecrire(transition: str, retours: list[Retour], par: Utilisateur, **details: Any) -> None:
    au = timezone.localdate()
    changer_etat_en_lot(transition, [Demande(retour, par, au, details=details) for retour in retours])


def _par_la_porte(code: str, libelle: str, fait: str) -> GesteDeRetour:
    return GesteDeRetour(code, libelle, fait, TRAITENT, partial(_examiner, code), partial(_ecrire, code), lire_retours)


GESTES: dict[str, Geste] = {
    geste.code: geste
    for geste in (
        GesteDeRetour(
            "confier",
            "Confier",
            "retour a changé de mains,retours ont changé de mains",
            TRAITENT,
            _examiner_confier,
            _ecrire_confier,
            lire_retours,
        ),
        _par_la_porte("prendre_en_charge", "Prendre en charge", "retour pris en charge,retours pris en charge"),
        _par_la_porte("resoudre", "Dire résolus", "retour dit résolu,retours dits résolus"),
    )
}
