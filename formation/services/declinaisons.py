"""Ce qu'un ESMS fait du plan de la grappe, module par module : saisi d'un coup, à plusieurs sans s'écraser."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from formation.enums import Modalite
from formation.models import Declinaison, ModuleFormation
from formation.permissions import peut_saisir_formation
from formation.services.couverture import rafraichir
from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import liste
from programme.socle.versions import VERSION_INCONNUE, jeton

CHAMPS = ("sans_objet", "motif", "modalite", "date_visee")
POURQUOI = "Dites pourquoi ce module est sans objet ici."


@dataclass(frozen=True, slots=True)
class Choix:
    """Ce qu'un ESMS dit d'un module ; tout vide : il suit le plan de la grappe."""

    sans_objet: bool = False
    motif: str = ""
    modalite: str = ""
    date_visee: date | None = None

    def get_modalite_display(self) -> str:
        """La modalité en mots, comme un modèle la dirait."""
        return str(Modalite(self.modalite).label) if self.modalite else ""


def _choix(ligne: Any) -> Choix:
    return Choix(*(getattr(ligne, nom) for nom in CHAMPS))


def histoire_de(parcours: Parcours) -> Any:
    """L'historique des déclinaisons de l'ESMS, tous modules réunis : son jeton dit ce qu'a vu la page."""
    return Declinaison.history.filter(parcours_id=parcours.pk)


def lire(parcours: Parcours) -> dict[int, Choix]:
    """Les choix enregistrés, par clé de module. Une requête."""
    return {d.module_id: _choix(d) for d in Declinaison.objects.filter(parcours=parcours)}


def modules_a_decliner(parcours: Parcours) -> list[ModuleFormation]:
    """Les modules au plan de la grappe, dans l'ordre."""
    au_plan = ModuleFormation.objects.filter(grappe=parcours.grappe_id).en_vigueur()
    return list(au_plan.prefetch_related("publics"))


def _vus(parcours: Parcours, vu: int) -> dict[int, Choix]:
    """Les choix tels qu'ils étaient à cette version : ce qui n'en diffère pas n'a pas été touché par la personne."""
    lignes = histoire_de(parcours).filter(history_id__lte=vu).order_by("history_id")
    return {ligne.module_id: _choix(ligne) for ligne in lignes}


def _exiger_inchanges(parcours: Parcours, vu: int, touches: Mapping[int, Choix]) -> None:
    """Lève `Refus("concurrence")` si l'un des modules touchés a été enregistré depuis cette version."""
    depuis = histoire_de(parcours).filter(history_id__gt=vu, module__in=list(touches))
    lignes = list(depuis.select_related("history_user", "module").order_by("history_id"))
    if lignes:
        auteurs = dict.fromkeys(str(ligne.history_user or "une autre personne") for ligne in lignes)
        modules = dict.fromkeys(f"« {ligne.module} »" for ligne in lignes)
        phrase = f"Entre-temps, {liste(auteurs)} a changé : {liste(modules)}."
        raise Refus("concurrence", f"{phrase} Votre saisie est gardée : relisez, puis enregistrez à nouveau.")


def champ_de(module: int, nom: str) -> str:
    """Le nom d'un champ de la page : « m12-motif »."""
    return f"m{module}-{nom}"


def _valider_tout(touches: Mapping[int, Choix]) -> None:
    fautes = {
        champ_de(cle, "motif"): [POURQUOI]
        for cle, choix in touches.items()
        if choix.sans_objet and not choix.motif.strip()
    }
    if fautes:
        raise Refus("champ", POURQUOI, champs=fautes)


@transaction.atomic
def enregistrer(*, parcours: Parcours, choix: Mapping[int, Choix], par: Utilisateur, vu: int | None = None) -> int:
    """Enregistre d'un coup ce que la personne a changé, et rend le nombre de modules touchés.

    `choix` : par clé de module. `vu` : jeton de la version lue ; un module qu'elle n'a pas touché garde ce qu'un autre
    en a dit. Lève `Refus` (droit, champ, concurrence).
    """
    exiger(peut_saisir_formation(par, parcours))
    Parcours._base_manager.select_for_update(of=("self",)).get(pk=parcours.pk)
    dernier = jeton(histoire_de(parcours))
    vu = dernier if vu is None else vu
    if vu > dernier:
        raise Refus("concurrence", VERSION_INCONNUE)
    au_plan = {m.pk for m in modules_a_decliner(parcours)}
    vus = _vus(parcours, vu)
    touches = {cle: c for cle, c in choix.items() if cle in au_plan and c != vus.get(cle, Choix())}
    _valider_tout(touches)
    _exiger_inchanges(parcours, vu, touches)
    connues = {d.module_id: d for d in Declinaison.objects.filter(parcours=parcours, module__in=list(touches))}
    ecartes = [cle for cle, dit in touches.items() if dit.sans_objet != vus.get(cle, Choix()).sans_objet]
    for cle, dit in touches.items():
        _ecrire(connues.get(cle) or Declinaison(parcours=parcours, module_id=cle), dit, par)
    if ecartes:
        # Sans objet, un module sort de ce qu'on demande aux personnes de l'ESMS : la couverture bouge.
        rafraichir([parcours.pk])
    return len(touches)


def _ecrire(declinaison: Declinaison, choix: Choix, par: Utilisateur) -> None:
    # Une ligne redevenue vide se garde : l'effacer tairait à l'autre qu'elle a changé.
    for nom in CHAMPS:
        setattr(declinaison, nom, getattr(choix, nom))
    valider(declinaison)
    signer(declinaison, par)
    declinaison.save()
