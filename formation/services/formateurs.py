"""Les formateurs d'une grappe, et leur temps : prévu, accordé, déjà donné, promis aux sessions à venir."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from formation.models import Formateur, ModuleFormation, SessionFormation
from formation.models.sessions import A_VENIR, TENUES
from formation.permissions import peut_tenir_le_plan
from formation.services.plan import refuser
from programme.models import Grappe, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange

CHAMPS = ("fonction", "parcours", "og", "organisme", "heures_prevues", "heures_accordees")
INTERNE_OU_NON = "Un formateur est de la grappe ou d'une entreprise : videz l'un des deux."
AUTRE_OG = "Cet ESMS relève d'un autre organisme : choisissez le sien, ou laissez vide."


@dataclass(frozen=True, slots=True)
class TempsFormateur:
    """Un formateur et ses heures. Une heure de session est une heure d'animation : la préparation n'y est pas."""

    formateur: Formateur
    animees: float
    promises: float

    @property
    def restent(self) -> float | None:
        """Ce qui reste du temps accordé une fois tenues les sessions à venir ; None si rien n'est accordé."""
        accordees = self.formateur.heures_accordees
        return None if accordees is None else accordees - self.animees - self.promises

    @property
    def depassement(self) -> float:
        """Les heures demandées au-delà du temps accordé."""
        return max(0.0, -(self.restent or 0))

    @property
    def deborde(self) -> bool:
        """Vrai si les sessions demandent plus que le temps accordé."""
        return self.depassement > 0


def lire(grappe: Grappe, utilisateur: Utilisateur) -> list[TempsFormateur]:
    """Les formateurs de la grappe que lit ce compte, et leurs heures. Trois requêtes."""
    formateurs = list(
        Formateur.objects.visibles_par(utilisateur)
        .filter(grappe=grappe)
        .select_related("og", "parcours__esms")
        .prefetch_related("modules")
    )
    heures: dict[tuple[int, bool], float] = defaultdict(float)
    # Ce qu'un formateur anime se compte même quand la session est d'un ESMS que le lecteur ne lit pas.
    sessions = SessionFormation.objects.filter(formateur__in=formateurs, etat__in=(*A_VENIR, *TENUES))
    for cle, etat, debut, fin in sessions.order_by().values_list("formateur", "etat", "debut", "fin"):
        heures[cle, etat in TENUES] += (fin - debut).total_seconds() / 3600
    return [TempsFormateur(f, heures[f.pk, True], heures[f.pk, False]) for f in formateurs]


def heures_disponibles(temps: Collection[TempsFormateur]) -> float:
    """Ce qui reste à prendre sur le temps accordé, tous formateurs réunis ; qui déborde ne prend pas aux autres."""
    return sum(max(0.0, t.restent) for t in temps if t.restent is not None)


def _enregistrer(
    formateur: Formateur, valeurs: dict[str, Any], modules: Collection[ModuleFormation], par: Utilisateur
) -> Formateur:
    for nom, valeur in valeurs.items():
        setattr(formateur, nom, valeur)
    formateur.fonction = " ".join(formateur.fonction.split())
    _exiger_d_un_seul_bord(formateur)
    try:
        valider(formateur)
    except Refus as refus:
        # « Déjà cette fonction » parle de la fiche entière : cela se corrige au champ.
        refus.champs.setdefault("fonction", []).extend(refus.champs.pop("__all__", []))
        raise
    signer(formateur, par)
    formateur.save()
    formateur.modules.set(modules)
    return formateur


def _exiger_d_un_seul_bord(formateur: Formateur) -> None:
    if formateur.organisme and (formateur.og_id or formateur.parcours_id):
        raise refuser("organisme", INTERNE_OU_NON)
    if formateur.parcours:
        sien = formateur.parcours.esms.og_id
        if formateur.og_id and formateur.og_id != sien:
            raise refuser("og", AUTRE_OG)
        formateur.og_id = sien


@transaction.atomic
def creer(*, grappe: Grappe, par: Utilisateur, modules: Collection[ModuleFormation] = (), **valeurs: Any) -> Formateur:
    """Ajoute un formateur (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, champ)."""
    exiger(peut_tenir_le_plan(par, grappe))
    return _enregistrer(Formateur(grappe=grappe), valeurs, modules, par)


@transaction.atomic
def modifier(
    *,
    formateur: Formateur,
    par: Utilisateur,
    vu: int | None = None,
    modules: Collection[ModuleFormation] = (),
    **valeurs: Any,
) -> Formateur:
    """Corrige un formateur (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, champ, concurrence)."""
    exiger(peut_tenir_le_plan(par, formateur))
    relu = Formateur.objects.select_for_update(of=("self",)).get(pk=formateur.pk)
    exiger_inchange(Formateur.history.filter(id=formateur.pk), vu, valeurs.keys())
    return _enregistrer(relu, valeurs, modules, par)


def sessions_de(formateur: Formateur) -> tuple[int, int]:
    """Combien de sessions tenues, combien à venir. Une requête."""
    etats = list(SessionFormation.objects.filter(formateur=formateur).order_by().values_list("etat", flat=True))
    return sum(e in TENUES for e in etats), sum(e in A_VENIR for e in etats)


@transaction.atomic
def retirer(*, formateur: Formateur, par: Utilisateur) -> None:
    """Retire un formateur ; ses sessions restent, sans formateur. Lève `Refus` (droit)."""
    exiger(peut_tenir_le_plan(par, formateur))
    signer(formateur, par)
    formateur.delete()
